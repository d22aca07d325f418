"""Reading the values of mask and label images, and what they mean."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extremecut.errors import DataError, ImageError
from extremecut.images.image_files import decoding, grey_step, has_deep_colour, opened

VALUE_MODES = ("1", "L", "P", "I;16", "I;16B", "I;16L", "I")


def read_values(path: Path, *, white: int = 1) -> NDArray[np.integer]:
    """The values of a mask or label image as they are stored: palette indices, greys to 16 bits.

    Grey pictures stored as RGB or with an opacity channel are taken as grey.

    Args:
        white: what an image of one bit, black and white, holds beside 0.

    Returns:
        (H, W) array of integers.

    Raises:
        DataError: missing, damaged, truncated, too large, in colour, or grey of 16 bits stored
            as colour; names the file.
    """
    try:
        with opened(path) as picture, decoding(str(path)):
            mode, step, deep = picture.mode, grey_step(picture), has_deep_colour(picture)
            values = np.array(picture)
    except ImageError as error:
        raise DataError(f"the mask {path} cannot be read: {error}") from None
    if deep:
        raise DataError(
            f"the mask {path} is stored as colour of 16 bits; masks and labels of more than 8 bits "
            "are read from grey alone: save it as grey PNG of 16 bits"
        )
    if mode == "1":
        return values * np.uint8(white)
    if mode in VALUE_MODES:
        return values if step == 1 else values // step
    if mode == "LA":
        return values[:, :, 0]
    if mode in ("RGB", "RGBA"):
        grey = values[:, :, 0]
        if (values[:, :, 1] == grey).all() and (values[:, :, 2] == grey).all():
            return grey
    kind = "an image of fractions" if mode == "F" else "a colour image"
    raise DataError(
        f"the mask {path} is {kind} (mode {mode}); masks and labels are read from grey or "
        "palette PNGs whose values are the labels"
    )


def split_object(
    values: NDArray[np.integer], path: Path, *, void: int | None, above: int, strict: bool = False
) -> tuple[NDArray[np.bool_], NDArray[np.bool_] | None]:
    """(object, void) of a mask image that shows one object.

    Args:
        values: (H, W), see `read_values`.
        path: for messages.
        void: pixels of exactly this value are void.
        above: pixels greater than this are the object.
        strict: refuse images that hold more than 0, one value for the object, and void.

    Raises:
        DataError: values that are neither background, void nor object in a way that suggests
            another kind of mask.
    """
    unknown = None if void is None else values == void
    inside = values > above
    if unknown is not None:
        inside &= ~unknown
    if strict or (not inside.any() and values.any()):
        found = [int(value) for value in np.unique(values) if value != 0 and value != void]
        if strict and len(found) > 1:
            raise DataError(
                f"the mask {path} holds the values {_few(found)} beside 0; one value was expected. "
                "Say what they are: 'labels:...' for one object a value, 'masks:...?void=N' for "
                "void pixels, 'grabcut:ROOT' for the GrabCut set"
            )
        if found and not inside.any():
            raise DataError(
                f"the mask {path} has no value above {above}, but the values {_few(found)}; give "
                "above=0 if every value from 1 is the object, or read it as 'labels:...'"
            )
    return inside, unknown


def _few(values: list[int]) -> str:
    shown = ", ".join(str(value) for value in values[:6])
    return shown + (", ..." if len(values) > 6 else "")
