"""Objects drawn as polygons: their parts and holes, and what polygons paint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extremecut.annotations.polygons import Polygon, fill
from extremecut.geometry.boxes import Box
from scripted_annotator.edge_scores import Points

MOST_PARTS = 8
SMALLEST_PART = 0.02
"""Parts and holes of a smaller share of the object are left out."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Part:
    """One connected part of an object, or one of its holes."""

    mask: Mask
    """(H, W) bool."""
    hole: bool = False


@dataclass(frozen=True)
class Ring:
    """A polygon drawn around a part, or around a hole to cut it out."""

    points: Points
    """(N, 2), N >= 3, image pixels."""
    hole: bool = False


@dataclass(frozen=True)
class Drawing:
    """All polygons of one object."""

    rings: tuple[Ring, ...]
    iou: float

    @property
    def vertices(self) -> int:
        return sum(len(ring.points) for ring in self.rings)


def parts_of(truth: Mask) -> list[Part]:
    """The largest connected parts, then the largest holes."""
    found = [Part(mask) for mask in _pieces(truth, truth.sum(), connectivity=8)]
    around = np.pad(~truth, 1, constant_values=True).astype(np.uint8)
    _, labels = cv2.connectedComponents(around, connectivity=4)
    holes = ~truth & (labels != labels[0, 0])[1:-1, 1:-1]
    found += [Part(mask, hole=True) for mask in _pieces(holes, truth.sum(), connectivity=4)]
    return found


def _pieces(mask: Mask, area_px: int, *, connectivity: int) -> list[Mask]:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(
        mask.astype(np.uint8), connectivity=connectivity
    )
    areas = stats[1:, cv2.CC_STAT_AREA]
    chosen = np.argsort(-areas, kind="stable")[:MOST_PARTS]
    return [labels == 1 + i for i in chosen if areas[i] >= SMALLEST_PART * area_px]


def painted(rings: Sequence[Ring], size_hw: tuple[int, int]) -> Mask:
    """(H, W) bool: pixels whose centres lie in one of the polygons and in none of the holes."""
    mask = np.zeros(size_hw, np.bool_)
    for ring in sorted(rings, key=lambda ring: ring.hole):
        low, high = np.floor(ring.points.min(axis=0)), np.ceil(ring.points.max(axis=0)) + 1
        box = Box(int(low[0]), int(low[1]), int(high[0]), int(high[1])).intersection(
            Box.of_image(size_hw)
        )
        if box is not None:
            inside = fill([Polygon(ring.points)], box)
            mask[box.slices] = (
                mask[box.slices] & ~inside if ring.hole else mask[box.slices] | inside
            )
    return mask


def window(mask: Mask, box: Box) -> Mask:
    """The part of a mask in a box that may reach beyond the image; false there."""
    part = np.zeros((box.height, box.width), np.bool_)
    common = box.intersection(Box.of_image((mask.shape[0], mask.shape[1])))
    if common is not None:
        part[common.shifted(-box.x0, -box.y0).slices] = mask[common.slices]
    return part
