"""The polygons with the fewest vertices that reach an IoU: the other side's best case.

Vertices stand either where an optimiser that knows the truth puts them, beside the outline too, or
on the outline, where a person clicks; and they miss by nothing, or as far as the tool's clicks do.
Parts that are not needed for the wanted IoU are left out; larger holes are cut out by a polygon.
"""

from __future__ import annotations

import cv2
import numpy as np

from extremecut.annotations.polygons import trace
from extremecut.evaluation.metrics import iou
from extremecut.geometry.boxes import Box
from extremecut.geometry.extreme_points import add_uniform_noise
from scripted_annotator.best_polygon import PartPolygons, best_polygons, refined
from scripted_annotator.drawing import Drawing, Mask, Ring, painted, parts_of, window
from scripted_annotator.edge_scores import EdgeScores

MOST_VERTICES = 40
"""Of one part by the optimiser, and of a whole drawing that misses."""
MOST_REFINED = 24
"""Vertices; more are close enough to the outline as they are."""
SLACK = 0.03
"""How far below the wanted score, as a share, refining may still lift a polygon over it."""
STEP_SHARE = 0.06
"""How far a vertex is moved at first, as a share of the square root of the object's area."""
TOLERANCES = 48
"""How many simplifications of the outline are tried."""


class FewestVertices:
    """Searches the polygons of one object for one wanted IoU; in a window of the image."""

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
        self._truth = window(truth, box)
        self._target_iou = target_iou
        # Beyond the image nothing counts: a polygon may reach over its frame.
        outside = ~window(np.ones_like(truth), box)
        self._void = outside if void is None else outside | window(void, box)
        scores = EdgeScores.of(self._truth, self._void, target_iou)
        self._wanted = scores.wanted
        self._parts = parts_of(self._truth)
        # Cutting out a hole gains what painting it would lose.
        self._scores = [scores.negative() if part.hole else scores for part in self._parts]
        self._polygons = [
            best_polygons(part.mask, of_part, most=MOST_VERTICES)
            for part, of_part in zip(self._parts, self._scores, strict=True)
        ]
        self._size_px = float(np.sqrt(np.count_nonzero(self._truth)))

    def perfectly_placed(self) -> Drawing:
        """The fewest vertices found; those of the exact outline at worst."""
        simple = self.on_the_outline()
        for vertices in range(3, simple.vertices):
            drawing = self._best(vertices)
            if drawing is not None and drawing.iou >= self._target_iou:
                return drawing
        return simple

    def perfectly_placed_missing_by(
        self, noise_px: float, rng: np.random.Generator
    ) -> Drawing | None:
        """The same by a hand that misses by up to `noise_px` along x and y.

        One attempt for each number of vertices, from the fewest on; None when none up to
        `MOST_VERTICES` is good enough.
        """
        for vertices in range(3, MOST_VERTICES + 1):
            drawing = self._best(vertices)
            if drawing is not None:
                missed = self._missed(drawing, noise_px, rng)
                if missed.iou >= self._target_iou:
                    return missed
        return None

    def on_the_outline(self) -> Drawing:
        """The outline simplified as far as the IoU allows, by Douglas and Peucker's rule."""
        good = [drawing for drawing in self._outlines() if drawing.iou >= self._target_iou]
        exact = self._drawing(self._exact_rings())
        return min(good, key=lambda drawing: drawing.vertices, default=exact)

    def on_the_outline_missing_by(
        self, noise_px: float, rng: np.random.Generator
    ) -> Drawing | None:
        """The same by a hand that misses: one attempt for each number of vertices."""
        tried = 0
        for drawing in self._outlines():
            if tried < drawing.vertices <= MOST_VERTICES:
                tried = drawing.vertices
                missed = self._missed(drawing, noise_px, rng)
                if missed.iou >= self._target_iou:
                    return missed
        return None

    def _best(self, vertices: int) -> Drawing | None:
        """The best polygons of so many vertices in all; None when they surely cannot do."""
        chosen = _allotted(self._polygons, vertices)
        total = sum(self._polygons[part].scores[count] for part, count in chosen)
        if total < (1 - SLACK) * self._wanted:
            return None
        plain = [
            Ring(self._polygons[part].rings[count], self._parts[part].hole)
            for part, count in chosen
        ]
        drawing = self._drawing(plain)
        if vertices > MOST_REFINED:
            return drawing
        step_px = STEP_SHARE * self._size_px
        moved = [
            Ring(refined(ring.points, self._scores[part], first_step_px=step_px), ring.hole)
            for ring, (part, _) in zip(plain, chosen, strict=True)
        ]
        # Refining knows no loops: a ring that runs over itself scores twice and paints once.
        return max(drawing, self._drawing(moved), key=lambda drawing: drawing.iou)

    def _missed(self, drawing: Drawing, noise_px: float, rng: np.random.Generator) -> Drawing:
        return self._drawing(
            [
                Ring(add_uniform_noise(ring.points, noise_px=noise_px, rng=rng), ring.hole)
                for ring in drawing.rings
            ]
        )

    def _drawing(self, rings: list[Ring]) -> Drawing:
        height, width = self._truth.shape
        return Drawing(tuple(rings), iou(painted(rings, (height, width)), self._truth, self._void))

    def _exact_rings(self) -> list[Ring]:
        return [
            Ring(polygon.outer, part.hole) for part in self._parts for polygon in trace(part.mask)
        ]

    def _outlines(self) -> list[Drawing]:
        """The outline simplified less and less; parts that vanish are left out."""
        drawings = []
        exact = self._exact_rings()
        for tolerance in np.geomspace(0.3 * self._size_px, 0.25, TOLERANCES):
            rings = []
            for ring in exact:
                kept = cv2.approxPolyDP(ring.points.astype(np.float32), float(tolerance), True)
                if len(kept) >= 3:
                    rings.append(Ring(kept[:, 0].astype(np.float64), ring.hole))
            if rings:
                drawings.append(self._drawing(rings))
        return drawings


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
