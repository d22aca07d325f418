"""Small pictures of photos, quickly: JPEG files are decoded at a fraction of their size."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from extremecut.annotator.tiles import to_jpeg
from extremecut.images import load_image
from extremecut.images.image_files import decoding, opened, orientation_of
from extremecut.images.pixels import upright

QUALITY = 80


def thumbnail(path: Path, side_px: int, *, pixels: NDArray[np.uint8] | None = None) -> bytes:
    """A JPEG file whose longer side has at most `side_px` pixels.

    Args:
        path: the photo.
        pixels: (H, W, 3) uint8 RGB, the photo or a smaller level of it, when it is decoded.

    Raises:
        ImageError: the photo cannot be read.
    """
    if pixels is None:
        pixels = _drafted(path, side_px)
    if pixels is None:
        pixels = load_image(path)
    height, width = pixels.shape[:2]
    scale = min(1.0, side_px / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if size != (width, height):
        pixels = cv2.resize(np.ascontiguousarray(pixels), size, interpolation=cv2.INTER_AREA)
    return to_jpeg(np.ascontiguousarray(pixels), quality=QUALITY)


def _drafted(path: Path, side_px: int) -> NDArray[np.uint8] | None:
    """A plain colour JPEG at 1/2, 1/4 or 1/8 of its size; None for any other file."""
    with opened(path) as image:
        if image.format != "JPEG" or image.mode != "RGB":
            return None
        with decoding(str(path)):
            image.draft("RGB", (side_px, side_px))
            return upright(np.asarray(image), orientation_of(image))
