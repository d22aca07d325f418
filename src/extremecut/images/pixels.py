"""Arrays of any number type and channel count -> (H, W, 3) uint8 RGB."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from extremecut.errors import ImageError

LOW_PERCENTILE, HIGH_PERCENTILE = 0.5, 99.5
"""Of a deep image's values, what becomes 0 and what becomes 255."""

_GRID_PIXELS = 1 << 22
_ROWS = 256  # at a time, where a deeper copy of a large image would cost too much memory


def as_image_array(source: Any) -> NDArray[Any]:
    """What a caller gave as an (H, W, C) array of numbers, C one of 1, 3, 4; not copied.

    Raises:
        ImageError: not an array of numbers, or of a shape or size that is no image.
    """
    try:
        array = np.asarray(source)
    except (TypeError, ValueError, RuntimeError) as error:  # the last is PyTorch's
        raise ImageError(f"an image must be a path, PIL image or array: {error}") from None
    if array.dtype.kind not in "buif":
        raise ImageError(
            "an image must be a path, a PIL image or an array of numbers; "
            f"got {type(source).__name__} (dtype {array.dtype})"
        )
    if array.ndim == 2:
        array = array[:, :, None]
    if array.ndim != 3 or array.shape[2] not in (1, 3, 4):
        hint = ""
        if array.ndim == 3 and array.shape[0] in (1, 3, 4):
            hint = "; channels come last: try image.transpose(1, 2, 0)"
        elif array.ndim == 4:
            hint = "; hand over one image at a time"
        raise ImageError(
            "an image array needs the shape (H, W), (H, W, 1), (H, W, 3) or (H, W, 4); "
            f"got {np.shape(source)}{hint}"
        )
    if array.size == 0:
        raise ImageError(f"the image has no pixels: shape {np.shape(source)}")
    return array


def to_rgb(array: NDArray[Any], *, bgr: bool) -> NDArray[np.uint8]:
    """(H, W) or (H, W, 1 | 3 | 4) of any number type -> (H, W, 3) uint8 RGB.

    A view of `array` where its values can stay as they are.
    """
    if array.ndim == 2:
        array = array[:, :, None]
    pixels = _as_uint8(array)
    channels = pixels.shape[2]
    if channels == 1:
        return np.broadcast_to(pixels, (*pixels.shape[:2], 3))
    colour = pixels[:, :, 2::-1] if bgr else pixels[:, :, :3]
    return _over_white(colour, pixels[:, :, 3]) if channels == 4 else colour


def _as_uint8(array: NDArray[Any]) -> NDArray[np.uint8]:
    if array.dtype == np.uint8:
        return array
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * np.uint8(255)
    if array.shape[2] == 4:
        # Opacity has a range of its own; percentiles mean nothing for it.
        full = np.iinfo(array.dtype).max if array.dtype.kind in "ui" else 1.0
        opacity = np.clip(np.nan_to_num(array[:, :, 3:].astype(np.float32)) / full, 0.0, 1.0)
        scaled = _scaled(array[:, :, :3])
        return np.concatenate([scaled, np.rint(opacity * 255).astype(np.uint8)], axis=2)
    return _scaled(array)


def _scaled(array: NDArray[Any]) -> NDArray[np.uint8]:
    """Stretched between two percentiles; constant images become 0."""
    step = max(1, int(np.ceil(np.sqrt(array.shape[0] * array.shape[1] / _GRID_PIXELS))))
    values = array[::step, ::step]
    finite = values[np.isfinite(values)] if array.dtype.kind == "f" else values
    if finite.size == 0:
        return np.zeros(array.shape, np.uint8)
    low, high = (float(v) for v in np.percentile(finite, (LOW_PERCENTILE, HIGH_PERCENTILE)))
    if not high > low:
        # All but a few pixels are equal: those few are the picture.
        low, high = float(finite.min()), float(finite.max())
    if not high > low:
        return np.zeros(array.shape, np.uint8)
    result = np.empty(array.shape, np.uint8)
    scale = 255.0 / (high - low)
    for y in range(0, array.shape[0], _ROWS):  # bounds the float copy of a large image
        block = (array[y : y + _ROWS].astype(np.float64) - low) * scale
        block = np.nan_to_num(block, nan=0.0, posinf=255.0, neginf=0.0)
        result[y : y + _ROWS] = np.rint(np.clip(block, 0.0, 255.0))
    return result


def _over_white(colour: NDArray[np.uint8], opacity: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if opacity.min() == 255:
        return colour
    result = np.empty(colour.shape, np.uint8)
    for y in range(0, colour.shape[0], _ROWS):
        a = opacity[y : y + _ROWS, :, None].astype(np.uint16)
        block = colour[y : y + _ROWS] * a + np.uint16(255) * (255 - a)  # at most 255 * 255
        result[y : y + _ROWS] = (block + np.uint16(127)) // np.uint16(255)
    return result


def upright(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Turned and mirrored as an EXIF orientation of 1 to 8 asks for."""
    if orientation >= 5:
        pixels = pixels.transpose(1, 0, 2)
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return pixels if orientation == 1 else np.ascontiguousarray(pixels)
