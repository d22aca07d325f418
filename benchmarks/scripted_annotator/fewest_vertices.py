"""The polygons with the fewest vertices that reach an IoU: the other side's best case.

Vertices are placed by an optimiser that knows the truth and misses by nothing. The first choice
of the fewest is exact for polygons through the candidates of `best_polygon`; parts that are not
needed for the wanted IoU are left out, and an outline simplified by Douglas and Peucker's rule is
taken instead where it needs fewer.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extremecut.annotations.polygons import Polygon, fill, trace
from extremecut.evaluation.metrics import iou
from extremecut.geometry.boxes import Box
from extremecut.geometry.extreme_points import add_uniform_noise
from scripted_annotator.best_polygon import PartPolygons, best_polygons, refined
from scripted_annotator.edge_scores import EdgeScores, Points

MOST_VERTICES = 40
"""Of one part; more are needed only by outlines taken from the mask itself."""
MOST_REFINED = 24
"""Vertices; more are close enough to the outline as they are."""
MOST_PARTS = 6
SMALLEST_PART = 0.02
"""Parts of a smaller share of the object are left out."""
SLACK = 0.03
"""How far below the wanted score, as a share, refining may still lift a polygon over it."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Drawing:
    """Polygons of one object, one for each part drawn."""

    rings: tuple[Points, ...]
    iou: float

    @property
    def vertices(self) -> int:
        return sum(len(ring) for ring in self.rings)


def painted(rings: tuple[Points, ...], size_hw: tuple[int, int]) -> Mask:
    """(H, W) bool: the pixels whose centres lie in one of the polygons or more."""
    mask = np.zeros(size_hw, np.bool_)
    for ring in rings:
        low, high = np.floor(ring.min(axis=0)), np.ceil(ring.max(axis=0)) + 1
        box = Box(int(low[0]), int(low[1]), int(high[0]), int(high[1])).intersection(
            Box.of_image(size_hw)
        )
        if box is not None:
            mask[box.slices] |= fill([Polygon(ring)], box)
    return mask


class FewestVertices:
    """Searches the polygons of one object for one wanted IoU."""

    def __init__(self, truth: Mask, void: Mask | None, target_iou: float) -> None:
        """
        Args:
            truth: (H, W) bool, not empty.
            void: (H, W) bool or None; counts nowhere.
            target_iou: in (0, 1].
        """
        around = Box.around_mask(truth)
        assert around is not None, "an empty mask has no polygon"
        margin = max(8, round(0.2 * max(around.width, around.height)))
        box = around.padded(margin, margin)
        self._truth = _window(truth, box)
        self._target_iou = target_iou
        # Beyond the image nothing counts: a polygon may reach over its frame.
        outside = ~_window(np.ones_like(truth), box)
        self._void = outside if void is None else outside | _window(void, box)
        self._scores = EdgeScores.of(self._truth, self._void, target_iou)
        self._parts = _parts(self._truth)
        self._polygons = [
            best_polygons(part, self._scores, most=MOST_VERTICES) for part in self._parts
        ]
        self._size_px = float(np.sqrt(np.count_nonzero(self._truth)))

    def perfectly_placed(self) -> Drawing:
        """The fewest vertices found; the exact outline at worst. In a window of the image."""
        simple = self._simplified()
        for vertices in range(3, simple.vertices):
            rings = self._rings(vertices)
            if rings is not None:
                drawing = self._drawing(rings)
                if drawing.iou >= self._target_iou:
                    return drawing
        return simple

    def missing_by(self, noise_px: float, rng: np.random.Generator) -> Drawing | None:
        """The same drawn by a hand that misses by up to `noise_px` along x and y.

        One attempt for each number of vertices, from the fewest that can do on; None when none
        up to `MOST_VERTICES` is good enough.
        """
        for vertices in range(3, MOST_VERTICES + 1):
            rings = self._rings(vertices)
            if rings is not None:
                missed = [add_uniform_noise(ring, noise_px=noise_px, rng=rng) for ring in rings]
                drawing = self._drawing(tuple(missed))
                if drawing.iou >= self._target_iou:
                    return drawing
        return None

    def _rings(self, vertices: int) -> tuple[Points, ...] | None:
        """The best polygons of so many vertices in all; None when they cannot do."""
        chosen = _allotted(self._polygons, vertices)
        total = sum(self._polygons[part].scores[count] for part, count in chosen)
        if total < (1 - SLACK) * self._scores.wanted:
            return None
        rings = [self._polygons[part].rings[count] for part, count in chosen]
        if vertices > MOST_REFINED:  # close to the outline as they are
            return tuple(rings)
        step_px = 0.06 * self._size_px
        return tuple(refined(ring, self._scores, first_step_px=step_px) for ring in rings)

    def _drawing(self, rings: tuple[Points, ...]) -> Drawing:
        height, width = self._truth.shape
        return Drawing(rings, iou(painted(rings, (height, width)), self._truth, self._void))

    def _simplified(self) -> Drawing:
        """Outer outlines simplified as far as the IoU allows."""
        outlines = [ring for part in self._parts for ring in _outer(part)]
        best = Drawing(tuple(outlines), 1.0)
        for tolerance in np.geomspace(0.25, 0.3 * self._size_px, 40):
            rings = [
                cv2.approxPolyDP(ring.astype(np.float32), float(tolerance), True)[:, 0]
                for ring in outlines
            ]
            drawing = self._drawing(tuple(r.astype(np.float64) for r in rings if len(r) >= 3))
            if drawing.iou >= self._target_iou and drawing.vertices < best.vertices:
                best = drawing
        return best


def _window(mask: Mask, box: Box) -> Mask:
    """The part of a mask in a box that may reach beyond the image; false there."""
    window = np.zeros((box.height, box.width), np.bool_)
    common = box.intersection(Box.of_image((mask.shape[0], mask.shape[1])))
    if common is not None:
        window[common.shifted(-box.x0, -box.y0).slices] = mask[common.slices]
    return window


def _parts(truth: Mask) -> list[Mask]:
    """The largest connected parts, the largest first."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(truth.astype(np.uint8), connectivity=8)
    areas = stats[1:, cv2.CC_STAT_AREA]
    chosen = np.argsort(-areas, kind="stable")[:MOST_PARTS]
    return [labels == 1 + i for i in chosen if areas[i] >= SMALLEST_PART * areas.sum()]


def _outer(part: Mask) -> list[Points]:
    return [polygon.outer for polygon in trace(part)]


def _allotted(parts: list[PartPolygons], vertices: int) -> list[tuple[int, int]]:
    """(part, its vertices) with the highest score for so many vertices in all."""
    best: dict[int, tuple[float, list[tuple[int, int]]]] = {0: (0.0, [])}
    for index, part in enumerate(parts):
        following = dict(best)
        for used, (score, chosen) in best.items():
            for count, gain in part.scores.items():
                total = used + count
                if total <= vertices and score + gain > following.get(total, (-np.inf, []))[0]:
                    following[total] = (score + gain, [*chosen, (index, count)])
        best = following
    return max(best.values())[1]
