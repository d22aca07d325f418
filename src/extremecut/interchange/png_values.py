"""PNG files whose values are labels: reading them within limits, and writing palette ones."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extremecut.errors import DataError
from extremecut.images.image_files import grey_step, has_deep_colour, pillow_settings
from extremecut.interchange.checks import same_size
from extremecut.interchange.tally import printable

PALETTE_SIZE = 256


@dataclass(frozen=True, slots=True)
class PngValues:
    """What a PNG stores, pixel by pixel."""

    values: NDArray[np.integer[Any]]
    """(H, W); palette indices, greys, or 65536 R + 256 G + B for pictures in colour."""
    palette: tuple[tuple[int, int, int], ...] | None
    """RGB of each index; None for grey and colour."""
    in_colour: bool = False

    def colour_of(self, value: int) -> tuple[int, int, int] | None:
        """RGB of a value; None for greys."""
        if self.in_colour:
            return (value >> 16, value >> 8 & 255, value & 255)
        if self.palette is None or value >= len(self.palette):
            return None
        return self.palette[value]


def png_values(
    data: bytes, where: str, size_hw: tuple[int, int] | None, *, colour: bool = False
) -> PngValues:
    """Decode a PNG after its size was checked.

    Args:
        data: the file.
        where: for messages.
        size_hw: what it must have.
        colour: take pictures in colour, one value a colour; refused otherwise.

    Raises:
        DataError: not a PNG, damaged, truncated, of another size, in colour, or grey of 16 bits
            stored as colour.
    """
    from PIL import Image

    try:
        with pillow_settings():  # masks of large photos are as large as those
            picture = Image.open(io.BytesIO(data), formats=["PNG"])
        with picture:
            got_hw = (picture.height, picture.width)
            if size_hw is not None:
                same_size(got_hw, where, size_hw)
            mode, step, deep = picture.mode, grey_step(picture), has_deep_colour(picture)
            array = np.array(picture)
            palette = _palette(picture) if mode == "P" else None
    except DataError:
        raise
    except Exception as error:  # decoders raise nearly every type there is on damaged files
        reason = "not a PNG" if "cannot identify" in str(error) else error
        raise DataError(f"{where} cannot be read as PNG: {printable(reason)}") from None
    if array.shape[:2] != got_hw:
        raise DataError(f"{where} cannot be read as PNG: its pixels do not fit its size")
    if deep:
        raise DataError(
            f"{where} is stored as colour of 16 bits; labels of more than 8 bits are read from "
            "grey alone: save it as grey PNG of 16 bits"
        )
    if mode == "P":
        return PngValues(array, palette)
    if mode == "1":
        return PngValues(array.astype(np.uint8), None)
    if array.ndim == 2 and array.dtype.kind in "ui":
        return PngValues(array if step == 1 else array // step, None)
    if array.ndim == 2 and array.dtype.kind == "b":
        return PngValues(array.astype(np.uint8), None)
    grey = array[:, :, 0]
    if array.shape[2] == 2 or (array[:, :, 1:3] == grey[:, :, None]).all():
        return PngValues(grey, None)
    if colour:
        wide = array.astype(np.uint32)
        return PngValues(wide[:, :, 0] << 16 | wide[:, :, 1] << 8 | wide[:, :, 2], None, True)
    raise DataError(
        f"{where} is a picture in colour; labels are read from grey or palette PNGs whose values "
        "are the labels"
    )


def _palette(picture: Any) -> tuple[tuple[int, int, int], ...]:
    flat = picture.getpalette("RGB") or []
    return tuple((flat[i], flat[i + 1], flat[i + 2]) for i in range(0, len(flat) - 2, 3))


def palette_png(values: NDArray[np.uint8], palette: tuple[tuple[int, int, int], ...]) -> bytes:
    """An (H, W) array of indices as a palette PNG of 8 bits."""
    from PIL import Image

    picture = Image.fromarray(values)
    picture.putpalette([channel for colour in palette for channel in colour])  # grey to palette
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=1)  # flat areas: higher levels gain little
    return buffer.getvalue()


def voc_colours() -> tuple[tuple[int, int, int], ...]:
    """PASCAL VOC's and DAVIS's 256 colours: the bits of the index, three by three, from the top.

    >>> voc_colours()[:4]
    ((0, 0, 0), (128, 0, 0), (0, 128, 0), (128, 128, 0))
    """
    colours = []
    for index in range(PALETTE_SIZE):
        red = green = blue = 0
        for place in range(8):
            bits = index >> (3 * place)
            red |= (bits & 1) << (7 - place)
            green |= (bits >> 1 & 1) << (7 - place)
            blue |= (bits >> 2 & 1) << (7 - place)
        colours.append((red, green, blue))
    return tuple(colours)
