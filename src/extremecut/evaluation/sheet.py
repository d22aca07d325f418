"""Sheets of pictures side by side, and words on them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Colour = tuple[int, int, int]
"""RGB, 0..255."""


def sheet_of(
    pictures: Sequence[NDArray[np.uint8]], *, columns: int, back_rgb: Colour
) -> NDArray[np.uint8]:
    """Pictures of one size, row by row.

    Args:
        pictures: (h, w, 3) uint8 RGB each, one or more.
        columns: at most so many in a row.
        back_rgb: of what is left free in the last row.

    Returns:
        (rows * h, columns * w, 3) uint8 RGB.
    """
    height, width = pictures[0].shape[:2]
    columns = min(columns, len(pictures))
    rows = math.ceil(len(pictures) / columns)
    sheet = np.full((rows * height, columns * width, 3), back_rgb, np.uint8)
    for number, picture in enumerate(pictures):
        y, x = (number // columns) * height, (number % columns) * width
        sheet[y : y + height, x : x + width] = picture
    return sheet


def write(
    picture: NDArray[np.uint8], text: str, place_xy: tuple[int, int], *, ink_rgb: Colour
) -> None:
    """Write a line into a picture, its baseline starting at a pixel.

    Args:
        picture: (H, W, 3) uint8 RGB, written to.
        text: OpenCV's strokes know ASCII alone; "?" stands for all else.
    """
    plain = text.encode("ascii", "replace").decode()
    cv2.putText(picture, plain, place_xy, cv2.FONT_HERSHEY_SIMPLEX, 0.4, ink_rgb, 1, cv2.LINE_AA)
