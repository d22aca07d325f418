"""The page's corrections of a mask, as it defines them (frontend/src/core).

Parts join by edges (4 neighbours), the background also by corners (8). Pixel (x, y) has its
centre at (x, y).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extremecut.geometry.boxes import Box

Mask = NDArray[np.bool_]

_CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.uint8)


@dataclass(frozen=True)
class Stroke:
    """A round brush or eraser drawn along a path."""

    path_xy: NDArray[np.float64]
    """(N, 2), N >= 1, image pixels."""
    radius_px: float
    erase: bool = False

    def touched(self, size_hw: tuple[int, int]) -> Mask:
        """(H, W) bool: pixels whose centres are within the radius of the path, and the pixel
        nearest to each of its points."""
        reach = max(self.radius_px, 0.5)
        low = np.floor(self.path_xy.min(axis=0) - reach).astype(int)
        high = np.ceil(self.path_xy.max(axis=0) + reach).astype(int) + 1
        box = Box(*low, *high).intersection(Box.of_image(size_hw))
        mask = np.zeros(size_hw, np.bool_)
        if box is None:
            return mask
        window = mask[box.slices]
        centres = np.stack(
            np.meshgrid(np.arange(box.x0, box.x1), np.arange(box.y0, box.y1)), axis=-1
        ).astype(np.float64)
        # A single point is a segment of no length.
        starts = self.path_xy[:-1] if len(self.path_xy) > 1 else self.path_xy
        for start, end in zip(starts, self.path_xy[-len(starts) :], strict=True):
            window |= _within(centres, start, end, self.radius_px)
        for x, y in np.floor(self.path_xy + 0.5).astype(int):
            if 0 <= x < size_hw[1] and 0 <= y < size_hw[0]:
                mask[y, x] = True
        return mask

    def applied(self, mask: Mask) -> Mask:
        touched = self.touched((mask.shape[0], mask.shape[1]))
        return mask & ~touched if self.erase else mask | touched


def _within(
    centres: NDArray[np.float64],
    start: NDArray[np.float64],
    end: NDArray[np.float64],
    radius_px: float,
) -> Mask:
    """Which points lie within the radius of a segment."""
    along = end - start
    length = float(along @ along)
    offset = centres - start
    share = np.clip(offset @ along / length, 0, 1) if length > 0 else np.zeros(centres.shape[:2])
    away = offset - share[..., None] * along
    return np.asarray((away**2).sum(axis=-1) <= radius_px**2)


def fill_holes(mask: Mask) -> Mask:
    """Background that cannot reach the outside, over edges and corners, becomes object."""
    outside = np.pad(~mask, 1, constant_values=True).astype(np.uint8)
    _, labels = cv2.connectedComponents(outside, connectivity=8)
    return np.asarray(labels != labels[0, 0])[1:-1, 1:-1]


def keep_largest(mask: Mask) -> Mask:
    """The largest part; of equal ones the first from the top."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        mask.astype(np.uint8), connectivity=4
    )
    if count <= 2:
        return mask
    return np.asarray(labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax()))


def grow(mask: Mask) -> Mask:
    """With the pixels that touch the mask by an edge."""
    return cv2.dilate(mask.astype(np.uint8), _CROSS).astype(np.bool_)


def shrink(mask: Mask) -> Mask:
    """Without the pixels that touch the outside by an edge; the image's frame is no outside."""
    return cv2.erode(mask.astype(np.uint8), _CROSS, borderValue=1).astype(np.bool_)


KEYS = {
    "fill-holes": fill_holes,
    "keep-largest": keep_largest,
    "grow": grow,
    "shrink": shrink,
}
"""Corrections of one key each."""
