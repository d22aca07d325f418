"""What the sheets take: one object that was found in an image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from extremecut.geometry.boxes import Box


@dataclass(frozen=True, slots=True)
class FoundObject:
    """One object with its mask and the points it was found from."""

    mask: NDArray[np.bool_]
    """(H, W), true on the object; may be empty."""
    box: Box | None
    """The mask's box; None when it is empty. Nothing outside it is looked at."""
    points_xy: NDArray[np.float64]
    """(N, 2), image pixels."""
    confidence: float | None = None
    """Estimated IoU of the mask, in [0, 1]; None for a model without an estimate."""
    label: str | None = None
    """What kind of object it is, if somebody said so."""

    @property
    def inside(self) -> NDArray[np.bool_]:
        """(h, w), the mask within its box; (0, 0) for an empty one. A view."""
        return self.mask[:0, :0] if self.box is None else self.mask[self.box.slices]

    @property
    def area_px(self) -> int:
        """How many pixels the mask has."""
        return int(np.count_nonzero(self.inside))


class Sheet(Protocol):
    """Gathers the objects of one image for one file."""

    def add(self, found: FoundObject) -> None:
        """Add the next object."""
        ...

    def to_bytes(self) -> bytes:
        """The whole file."""
        ...


def left_top_right_bottom(points_xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """The four extremes among N >= 4 boundary points, the first of equals.

    Returns:
        (4, 2), in the order left, top, right, bottom.
    """
    x, y = points_xy[:, 0], points_xy[:, 1]
    return points_xy[[int(x.argmin()), int(y.argmin()), int(x.argmax()), int(y.argmax())]]
