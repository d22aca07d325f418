"""The strokes a person would consider: along the middle of what is wrong, a disc that fits.

A missing piece is painted with the largest disc that stays on the object while it passes, a
piece too much is erased with one that stays off it; either may run over pixels that are right
already. The path is the longest way through the places where the disc's centre may be, drawn
with a few bends: nobody paints pixel by pixel.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from extremecut.geometry.boxes import Box
from extremecut.geometry.corrections import largest_region
from scripted_annotator.page_actions import Mask, Stroke

RADIUS_SHARES = (1.0, 0.7, 0.5, 0.35)
"""Discs tried, as shares of the largest that fits."""
SMALLEST_RADIUS_PX = 1.5
SPILL_PX = 1.0
"""How far a disc may reach over the object's edge: a person does not see less."""
GRID_CELLS = 48
"""The middle line is looked for on a grid of so many cells along its longer side."""
MOST_BENDS = 6

_BESIDE = [(dx, dy) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if dx or dy]


def stroke_plans(mask: Mask, truth: Mask, known: Mask, radius_px: float) -> Iterator[Stroke]:
    """Strokes at the largest missing piece and the largest piece too much.

    Args:
        mask: (H, W) bool, what the page shows.
        truth, known: (H, W) bool; what is not known is right either way.
        radius_px: of the brush in hand, one of those tried.
    """
    for wrong, allowed, erase in (
        (truth & ~mask & known, truth | ~known, False),
        (mask & ~truth & known, ~truth | ~known, True),
    ):
        for path, radius in _sweeps(wrong, allowed, radius_px):
            yield Stroke(path, radius, erase)


def _sweeps(
    wrong: Mask, allowed: Mask, in_hand_px: float
) -> Iterator[tuple[NDArray[np.float64], float]]:
    region = largest_region(wrong)
    if region is None:
        return
    box = Box.around_mask(region)
    assert box is not None
    # The frame of the image stops nobody's brush, nor do places far from the region matter.
    reach = max(box.width, box.height)
    near = box.padded(reach, reach).intersection(Box.of_image((wrong.shape[0], wrong.shape[1])))
    assert near is not None
    room = cv2.distanceTransform(
        np.pad(allowed[near.slices], 1, mode="edge").astype(np.uint8), cv2.DIST_L2, 5
    )[1:-1, 1:-1]
    piece = region[near.slices]
    away = cv2.distanceTransform((~piece).astype(np.uint8), cv2.DIST_L2, 5)
    # The largest disc worth taking: half as wide as the region is, or as the object there.
    widest = min(float(room[piece].max()), reach / 2) + SPILL_PX
    fitting = {max(SMALLEST_RADIUS_PX, round(widest * share, 1)) for share in RADIUS_SHARES}
    if in_hand_px <= widest:
        fitting.add(in_hand_px)
    for radius in sorted(fitting):
        centres = (room >= radius - SPILL_PX) & (away < 0.8 * radius)
        path = _middle_line(centres, piece)
        if path is not None:
            yield path + np.array([near.x0, near.y0]), radius


def _middle_line(centres: Mask, piece: Mask) -> NDArray[np.float64] | None:
    """The longest way through the largest part of `centres`, with few bends; (N, 2) or None."""
    part = largest_region(centres)
    if part is None:
        return None
    box = Box.around_mask(part)
    assert box is not None
    cell = max(1.0, max(box.width, box.height) / GRID_CELLS)
    size = (max(1, round(box.width / cell)), max(1, round(box.height / cell)))
    grid = cv2.resize(part[box.slices].astype(np.uint8), size, interpolation=cv2.INTER_AREA).astype(
        np.bool_
    )
    if not grid.any():
        grid = cv2.resize(part[box.slices].astype(np.uint8), size, interpolation=0).astype(bool)
    if not grid.any():
        return None
    depth = cv2.distanceTransform(np.pad(grid, 1).astype(np.uint8), cv2.DIST_L2, 5)[1:-1, 1:-1]
    first = divmod(int(depth.argmax()), size[0])
    one = _furthest(grid, first)[-1]
    way = np.array(_furthest(grid, one), np.float64)[:, ::-1]
    scale = np.array([box.width / size[0], box.height / size[1]])
    path = (way + 0.5) * scale - 0.5 + (box.x0, box.y0)
    return with_few_bends(path, 0.75 * cell, growth=1.4)


def with_few_bends(
    path: NDArray[np.float64 | np.int32], tolerance_px: float, *, growth: float
) -> NDArray[np.float64]:
    """A path simplified from a tolerance on, which grows until there are few enough bends."""
    while True:
        bends = cv2.approxPolyDP(path.astype(np.float32), tolerance_px, False)[:, 0]
        if len(bends) <= MOST_BENDS:
            return np.asarray(bends, np.float64)
        tolerance_px *= growth


def _furthest(grid: Mask, start: tuple[int, int]) -> list[tuple[int, int]]:
    """The way (rows, columns) from a cell to the one that takes most steps to reach."""
    height, width = grid.shape
    came = {start: start}
    waiting = deque([start])
    cell = start
    while waiting:
        cell = waiting.popleft()
        for dx, dy in _BESIDE:
            other = (cell[0] + dy, cell[1] + dx)
            if other in came or not (0 <= other[0] < height and 0 <= other[1] < width):
                continue
            if grid[other]:
                came[other] = cell
                waiting.append(other)
    way = [cell]
    while way[-1] != start:
        way.append(came[way[-1]])
    return way[::-1]
