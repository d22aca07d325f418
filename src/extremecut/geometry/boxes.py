"""Boxes: half-open rectangles of pixels, `x0 <= x < x1` and `y0 <= y < y1`.

The pixel convention of the whole package: (0, 0) is the centre of the top-left pixel, x runs to
the right, y down. Pixel (x, y) covers the square from x - 0.5 to x + 0.5. A box therefore covers
the continuous range from x0 - 0.5 to x1 - 0.5.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_STRIP_PX = 1 << 20
"""Pixels of a label image that are looked at together."""


@dataclass(frozen=True, slots=True)
class Box:
    """A half-open rectangle of whole pixels; may reach beyond an image."""

    x0: int
    y0: int
    x1: int
    y1: int

    def __post_init__(self) -> None:
        if self.x1 < self.x0 or self.y1 < self.y0:
            raise ValueError(f"a box needs x0 <= x1 and y0 <= y1, got {self.xyxy}")

    @property
    def xyxy(self) -> tuple[int, int, int, int]:
        return (self.x0, self.y0, self.x1, self.y1)

    @property
    def width(self) -> int:
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        return self.y1 - self.y0

    @property
    def area(self) -> int:
        return self.width * self.height

    @property
    def slices(self) -> tuple[slice, slice]:
        """(rows, columns) to index an array with; only for boxes inside the array."""
        return (slice(self.y0, self.y1), slice(self.x0, self.x1))

    @classmethod
    def around_points(cls, points_xy: NDArray[np.floating]) -> Box:
        """The smallest box of whole pixels that holds every point's pixel.

        Args:
            points_xy: (N, 2), N >= 1, image pixels.
        """
        low = np.floor(np.min(points_xy, axis=0) + 0.5)
        high = np.floor(np.max(points_xy, axis=0) + 0.5)
        return cls(int(low[0]), int(low[1]), int(high[0]) + 1, int(high[1]) + 1)

    @classmethod
    def around_mask(cls, mask: NDArray[np.bool_]) -> Box | None:
        """The smallest box around the true pixels of an (H, W) mask; None for an empty one."""
        rows = np.flatnonzero(mask.any(axis=1))
        if rows.size == 0:
            return None
        y0, y1 = int(rows[0]), int(rows[-1]) + 1
        columns = np.flatnonzero(mask[y0:y1].any(axis=0))
        return cls(int(columns[0]), y0, int(columns[-1]) + 1, y1)

    @classmethod
    def around_boxes(cls, boxes: Iterable[Box | None]) -> Box | None:
        """The smallest box that holds all of them; None counts as no box, and of none is None."""
        corners = [box.xyxy for box in boxes if box is not None]
        if not corners:
            return None
        x0s, y0s, x1s, y1s = zip(*corners, strict=True)
        return cls(min(x0s), min(y0s), max(x1s), max(y1s))

    @classmethod
    def of_image(cls, size_hw: tuple[int, int]) -> Box:
        """All pixels of an image of this height and width."""
        return cls(0, 0, size_hw[1], size_hw[0])

    def padded(self, margin_x: int, margin_y: int) -> Box:
        """The box grown by so many pixels on the left and right, above and below."""
        return Box(self.x0 - margin_x, self.y0 - margin_y, self.x1 + margin_x, self.y1 + margin_y)

    def intersection(self, other: Box) -> Box | None:
        """The common pixels, or None where there are none."""
        x0, y0 = max(self.x0, other.x0), max(self.y0, other.y0)
        x1, y1 = min(self.x1, other.x1), min(self.y1, other.y1)
        return Box(x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None

    def shifted(self, dx: int, dy: int) -> Box:
        """The box moved by so many pixels to the right and down."""
        return Box(self.x0 + dx, self.y0 + dy, self.x1 + dx, self.y1 + dy)


MOST_MARGIN = {"image_px": 10_000, "box": 10}
"""By unit; a crop with more around it would show next to nothing of the object."""


@dataclass(frozen=True, slots=True)
class Margin:
    """How far a crop reaches beyond the box of the points, on each side.

    `unit` is "image_px" for a fixed number of image pixels (the paper: 50) or "box" for a
    fraction of the box's width (left, right) and height (above, below). `minimum_px` is a floor
    for the second rule: a tiny object still gets some surroundings.
    """

    amount: float
    unit: str = "image_px"
    minimum_px: int = 0

    def __post_init__(self) -> None:
        if self.unit not in MOST_MARGIN:
            raise ValueError(f'margin unit must be "image_px" or "box", got {self.unit!r}')
        most = MOST_MARGIN[self.unit]
        if not (0 <= self.amount <= most and 0 <= self.minimum_px <= MOST_MARGIN["image_px"]):
            raise ValueError(f"a margin must be in 0..{most} {self.unit}, got {self}")
        if not isinstance(self.minimum_px, int):
            raise ValueError(f"a margin's minimum_px must be a whole number, got {self}")

    def around(self, box: Box) -> Box:
        """The relaxed box; always at least as large as `box`."""
        if self.unit == "image_px":
            margin_x = margin_y = round(self.amount)
        else:
            margin_x = max(math.ceil(self.amount * box.width), self.minimum_px)
            margin_y = max(math.ceil(self.amount * box.height), self.minimum_px)
        return box.padded(margin_x, margin_y)


def share_of_box(mask: NDArray[np.bool_]) -> float:
    """How much of its tight box an (H, W) mask fills, in (0, 1]; 0 for an empty one.

    Example:
        >>> share_of_box(np.eye(4, dtype=bool))
        0.25
    """
    box = Box.around_mask(mask)
    return 0.0 if box is None else int(np.count_nonzero(mask[box.slices])) / box.area


def boxes_of_labels(labels: NDArray[np.integer]) -> dict[int, Box]:
    """The box around each value but 0, in ascending order; the time goes with the pixels alone.

    Args:
        labels: (H, W) whole numbers, 0 the background.
    """
    found: dict[int, Box | None] = {}
    height, width = labels.shape
    rows = max(1, _STRIP_PX // max(width, 1))  # at a time: positions take many times a label's room
    for top in range(0, height, rows):
        ys, xs = np.nonzero(labels[top : top + rows])
        if not ys.size:
            continue
        values = labels[top + ys, xs]
        order = np.argsort(values, kind="stable")
        values, ys, xs = values[order], ys[order] + top, xs[order]
        starts = np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1])))
        sides = np.stack(
            [
                np.minimum.reduceat(xs, starts),
                np.minimum.reduceat(ys, starts),
                np.maximum.reduceat(xs, starts) + 1,
                np.maximum.reduceat(ys, starts) + 1,
            ],
            axis=1,
        )
        for label, xyxy in zip(values[starts].tolist(), sides.tolist(), strict=True):
            found[label] = Box.around_boxes((found.get(label), Box(*xyxy)))
    return {label: box for label, box in sorted(found.items()) if box is not None}
