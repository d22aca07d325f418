"""Reading the values of mask and label images, and what they mean."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extremecut.errors import DataError, ImageError
from extremecut.images.image_files import (
    decoding,
    grey_step,
    has_deep_colour,
    image_size_hw,
    opened,
)

LOSSY_FORMATS = ("JPEG", "MPO")
VALUE_MODES = ("1", "L", "P", "I;16", "I;16B", "I;16L", "I")


def read_values(path: Path, *, white: int = 1, exact: bool = False) -> NDArray[np.integer]:
    """The values of a mask or label image as they are stored: palette indices, greys to 16 bits.

    Grey pictures stored as RGB or with an opacity channel are taken as grey.

    Args:
        white: what an image of one bit, black and white, holds beside 0.
        exact: refuse JPEG, where single values mean something: it blurs them into others.

    Returns:
        (H, W) array of integers.

    Raises:
        DataError: missing, damaged, truncated, too large, in colour, grey of 16 bits stored as
            colour, or a picture whose opacity tells what its greys do not; names the file.
    """
    try:
        with opened(path) as picture, decoding(str(path)):
            mode, step, deep = picture.mode, grey_step(picture), has_deep_colour(picture)
            blurred = exact and picture.format in LOSSY_FORMATS
            values = np.array(picture)
    except ImageError as error:
        raise DataError(f"the mask {path} cannot be read: {error}") from None
    if blurred:
        raise DataError(
            f"the mask {path} is a JPEG, whose values are not exact: each that it blurs along an "
            "edge would count as a label of its own. Save it as PNG, from before it became a JPEG"
        )
    if deep:
        raise DataError(
            f"the mask {path} is stored as colour of 16 bits; masks and labels of more than 8 bits "
            "are read from grey alone: save it as grey PNG of 16 bits"
        )
    if mode == "1":
        return values * np.uint8(white)
    if mode in VALUE_MODES:
        return values if step == 1 else values // step
    if mode in ("LA", "RGB", "RGBA"):
        grey = values[:, :, 0]
        if mode == "LA" or (values[:, :, 1:3] == grey[:, :, None]).all():
            if mode != "RGB":
                _refuse_hidden(grey, values[:, :, -1], path)
            return grey
    kind = "an image of fractions" if mode == "F" else "a colour image"
    raise DataError(
        f"the mask {path} is {kind} (mode {mode}); masks and labels are read from grey or "
        "palette PNGs whose values are the labels"
    )


def _refuse_hidden(grey: NDArray[np.integer], opacity: NDArray[np.integer], path: Path) -> None:
    """Refuse a mask cut out of a picture, where the greys alone would be another mask, or none."""
    clear = opacity == 0
    if not clear.any() or clear.all():
        return
    if grey[clear].any() or not grey.any():
        raise DataError(
            f"the mask {path} has transparent pixels that hold values, or nothing but black beside "
            "them: whether its opacity or its greys are the mask cannot be told. Save the mask as "
            "grey PNG without an opacity channel"
        )


def check_size(image: Path, mask: Path, mask_hw: tuple[int, ...]) -> None:
    """That a mask is as large as its upright photo, by the photo's header.

    The photo's pixels are read hours later, in the midst of a run.

    Args:
        mask: the file that holds it, for messages.

    Raises:
        DataError: it is not, or there is no such photo; names both files.
    """
    try:
        height, width = image_size_hw(image)
    except ImageError as error:
        raise DataError(f"the photo that {mask} was made for cannot be read: {error}") from None
    if mask_hw != (height, width):
        raise DataError(
            f"{image} has {width} x {height} pixels, but {mask} was made for {mask_hw[1]} x "
            f"{mask_hw[0]}: take the photo that it was made for"
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
