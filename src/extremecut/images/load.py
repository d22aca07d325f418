"""`load_image`: a path, PIL image or array in, upright RGB out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from extremecut.errors import ImageError
from extremecut.images.image_files import (
    decoding,
    has_deep_colour,
    opened,
    orientation_of,
    pillow_lock,
    pillow_settings,
)
from extremecut.images.pixels import as_image_array, to_rgb, upright

if TYPE_CHECKING:
    from PIL import Image

CHANNEL_ORDERS = ("RGB", "BGR")

_TIFF_PHOTOMETRIC, _WHITE_IS_ZERO = 262, 0

# Files with more pixels than this are decoded under Pillow's lock, its own limit set aside.
_LARGE_PIXELS = 1 << 26


def load_image(source: Any, *, channel_order: str = "RGB") -> NDArray[np.uint8]:
    """Bring a path, PIL image or array into the one form everything else takes.

    Args:
        source: a path; a PIL image of any mode; or an array of shape (H, W), (H, W, 1),
            (H, W, 3) or (H, W, 4), of any boolean, integer or float type. A fourth channel is
            opacity.
        channel_order: "RGB" or "BGR", the order of an array's colour channels. Files and PIL
            images know theirs, so nothing changes for them.

    Returns:
        (H, W, 3) uint8 RGB. May share memory with a uint8 array handed in (nothing is copied) or
        be read-only: not to be written to.

    Raises:
        ImageError: missing, unreadable, truncated, empty or too large; not a picture; a shape or
            type that is no image.

    Example:
        >>> load_image(np.full((2, 3), 7, np.uint8))[0, 0].tolist()
        [7, 7, 7]
    """
    if channel_order not in CHANNEL_ORDERS:
        raise ImageError(f"channel_order must be one of {CHANNEL_ORDERS}, got {channel_order!r}")
    if isinstance(source, (str, os.PathLike)):
        return _from_file(Path(os.fsdecode(source)))
    # A PIL image has this method and no array interface of its own worth asking first.
    if hasattr(source, "getexif"):
        with decoding("the PIL image"):
            return _from_pil(source)
    return to_rgb(as_image_array(source), bgr=channel_order == "BGR")


def _from_file(path: Path) -> NDArray[np.uint8]:
    from PIL import ImageFile

    with opened(path) as image:
        deep = has_deep_colour(image)
        with decoding(str(path)):
            if ImageFile.LOAD_TRUNCATED_IMAGES or image.width * image.height > _LARGE_PIXELS:
                with pillow_settings():
                    image.load()
            else:  # the usual case needs no lock: several threads decode at once
                image.load()
            orientation = orientation_of(image)
            if not deep:
                return _from_pil(image)
        return upright(_deep_colour(path), orientation)


def _from_pil(image: Image.Image) -> NDArray[np.uint8]:
    """Pixels of a PIL image, upright."""
    with pillow_lock:  # two threads must not decode the same lazy image or its EXIF data at once
        image.load()
        orientation = orientation_of(image)
    if image.width < 1 or image.height < 1:
        raise ImageError(f"the image has no pixels: {image.width} x {image.height}")
    if image.mode not in ("I", "F") and not image.mode.startswith("I;16"):
        if image.mode == "La":  # from which Pillow goes nowhere else
            image = image.convert("LA")
        wanted = "RGBA" if image.has_transparency_data else "RGB"
        if image.mode != wanted and (image.mode, wanted) != ("L", "RGB"):
            image = image.convert(wanted)
        return upright(to_rgb(_pixel_array(image), bgr=False), orientation)
    values = _pixel_array(image)
    pixels = to_rgb(values, bgr=False)
    if getattr(image, "tag_v2", {}).get(_TIFF_PHOTOMETRIC) == _WHITE_IS_ZERO:
        pixels = 255 - pixels  # Pillow turns greys of up to 8 bits alone
    clear = image.info.get("transparency")  # a grey, in PNG
    if isinstance(clear, int):
        pixels = np.where(values[:, :, None] == clear, np.uint8(255), pixels)
    return upright(pixels, orientation)


def _pixel_array(image: Image.Image) -> NDArray[Any]:
    """Like `np.asarray`, without a second copy of a large image on the way."""
    rows = max(1, (1 << 20) // image.width)
    if rows >= image.height:
        return np.asarray(image)
    first = np.asarray(image.crop((0, 0, image.width, rows)))
    result = np.empty((image.height, *first.shape[1:]), first.dtype)
    for y in range(0, image.height, rows):
        end = min(y + rows, image.height)
        result[y:end] = np.asarray(image.crop((0, y, image.width, end)))
    return result


def _deep_colour(path: Path) -> NDArray[np.uint8]:
    """A 16-bit colour file that Pillow has already found complete, read at full depth."""
    import cv2

    data = np.fromfile(path, np.uint8)
    pixels = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.ndim != 3:
        raise ImageError(f"cannot read the 16-bit colour image {path}: save it with 8 bits")
    return to_rgb(pixels, bgr=True)
