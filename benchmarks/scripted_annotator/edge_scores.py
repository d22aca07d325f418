"""How much of an object a polygon holds, as a sum over its edges.

By Green's theorem the integral of a field over a polygon is a sum of one number an edge. An IoU
of at least t means I (1 + t) - t A >= t G, with I the object's area inside the polygon, A the
polygon's area and G the object's: also a sum over edges, so that polygons can be optimised edge
by edge, and exactly. Void pixels have no area.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SAMPLES = 24
"""Points along an edge where the field is read."""

Points = NDArray[np.float64]


@dataclass(frozen=True)
class EdgeScores:
    """The score of edges between points of one image, for one wanted IoU."""

    field: NDArray[np.float32]
    """(H, W + 1): each row's running sum of (1 + t) object - t known, from the left edge."""
    wanted: float
    """The least sum over all edges of all polygons at which the IoU is reached."""

    @classmethod
    def of(
        cls, truth: NDArray[np.bool_], void: NDArray[np.bool_] | None, target_iou: float
    ) -> EdgeScores:
        """
        Args:
            truth, void: (H, W) bool.
            target_iou: in (0, 1].
        """
        known = np.ones(truth.shape) if void is None else (~void).astype(np.float64)
        worth = (1 + target_iou) * (truth * known) - target_iou * known
        field = np.zeros((truth.shape[0], truth.shape[1] + 1), np.float32)
        field[:, 1:] = np.cumsum(worth, axis=1)
        return cls(field, target_iou * float((truth * known).sum()))

    def negative(self) -> EdgeScores:
        """What cutting out gains where painting loses."""
        return EdgeScores(-self.field, self.wanted)

    def between(self, start: Points, end: Points) -> NDArray[np.float64]:
        """The scores of edges; positive sense is clockwise as seen, y down.

        Args:
            start, end: (..., 2) image pixels, (0, 0) the centre of the top-left pixel.

        Returns:
            (...) float64, square pixels.
        """
        height, width = self.field.shape[0], self.field.shape[1] - 1
        share = ((np.arange(SAMPLES) + 0.5) / SAMPLES).astype(np.float32)
        first, last = start.astype(np.float32)[..., None, :], end.astype(np.float32)[..., None, :]
        x = first[..., 0] + (last - first)[..., 0] * share + np.float32(0.5)
        y = first[..., 1] + (last - first)[..., 1] * share + np.float32(0.5)
        row, column = np.floor(y).astype(np.intp), np.clip(x, 0, width)
        inside = (row >= 0) & (row < height)
        row = np.clip(row, 0, height - 1)
        left = np.minimum(column.astype(np.intp), width - 1)
        flat = row * (width + 1) + left
        values = self.field.ravel()
        low = values[flat]
        read = low + (values[flat + 1] - low) * (column - left)
        mean = np.where(inside, read, 0.0).mean(axis=-1)
        return np.asarray((end[..., 1] - start[..., 1]) * mean, np.float64)

    def of_ring(self, ring: Points) -> float:
        """The score of a closed polygon, (N, 2)."""
        return float(self.between(ring, np.roll(ring, -1, axis=0)).sum())
