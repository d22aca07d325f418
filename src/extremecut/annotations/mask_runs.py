"""One object's mask as the annotator keeps and sends it: a box and the run lengths inside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extremecut.errors import DataError
from extremecut.geometry.boxes import Box


@dataclass(frozen=True, slots=True)
class MaskRuns:
    """A mask inside its box, row by row; the first run counts zeros and may be 0.

    Runs go on from one row to the next and add up to the box's pixels. An object with holes or
    of several parts is nothing special.
    """

    box_xyxy: tuple[int, int, int, int]
    """Half-open box in whole image pixels, tight around the mask; (0, 0, 0, 0) when empty."""
    runs: tuple[int, ...]
    """Lengths in pixels, zeros and ones in turn; none when the mask is empty."""

    @classmethod
    def from_mask(cls, mask: NDArray[np.bool_], *, offset_xy: tuple[int, int] = (0, 0)) -> MaskRuns:
        """The runs of a mask that is there pixel by pixel.

        Args:
            mask: (h, w) bool, the image or a part of it that holds the whole object.
            offset_xy: where in the image the part's top-left pixel is.
        """
        box = Box.around_mask(mask)
        if box is None:
            return EMPTY
        flat = mask[box.slices].ravel()
        edges = np.flatnonzero(flat[1:] != flat[:-1])
        borders = np.empty(edges.size + 2, np.intp)
        borders[0], borders[1:-1], borders[-1] = -1, edges, flat.size - 1
        lengths = (borders[1:] - borders[:-1]).tolist()
        runs = (0, *lengths) if flat[0] else tuple(lengths)
        return cls(box.shifted(*offset_xy).xyxy, runs)

    @classmethod
    def checked(
        cls, box_xyxy: Sequence[int], runs: Sequence[int], *, size_hw: tuple[int, int]
    ) -> MaskRuns:
        """Runs that a stranger sent, made tight.

        Raises:
            DataError: lengths that are negative or do not fill the box; a box not in the image.
        """
        x0, y0, x1, y1 = (int(value) for value in box_xyxy)
        lengths = np.asarray(runs, np.int64)
        if not lengths.size and (x0, y0, x1, y1) == (0, 0, 0, 0):
            return EMPTY
        height, width = size_hw
        if not (0 <= x0 < x1 <= width and 0 <= y0 < y1 <= height):
            raise DataError(
                f"a mask's box must lie in the image of {width} x {height}, x0 < x1 and y0 < y1; "
                f"got {[x0, y0, x1, y1]}"
            )
        area = (x1 - x0) * (y1 - y0)
        # One by one too: sums of huge numbers come round to small ones.
        out_of_range = lengths.ndim != 1 or (lengths < 0).any() or (lengths > area).any()
        if out_of_range or int(lengths.sum()) != area:
            raise DataError(
                f"a mask's runs must be >= 0 and add up to the {area} pixels of its box; "
                f"got {len(runs)} that add up to {int(lengths.sum())}"
            )
        if _is_tight(lengths, x1 - x0, area):
            return cls((x0, y0, x1, y1), tuple(lengths.tolist()))
        return cls.from_mask(cls((x0, y0, x1, y1), tuple(runs)).inside(), offset_xy=(x0, y0))

    @property
    def box(self) -> Box | None:
        """None when the mask is empty."""
        return Box(*self.box_xyxy) if self.runs else None

    @property
    def area_px(self) -> int:
        """How many pixels the mask has."""
        return sum(self.runs[1::2])

    def inside(self) -> NDArray[np.bool_]:
        """(box height, box width) bool; (0, 0) when the mask is empty."""
        x0, y0, x1, y1 = self.box_xyxy
        values = np.arange(len(self.runs)) % 2 == 1
        return np.repeat(values, self.runs).reshape(y1 - y0, x1 - x0)

    def mask(self, size_hw: tuple[int, int]) -> NDArray[np.bool_]:
        """(H, W) bool, the whole image's."""
        canvas = np.zeros(size_hw, np.bool_)
        if self.box is not None:
            canvas[self.box.slices] = self.inside()
        return canvas


def _is_tight(lengths: NDArray[np.int64], width: int, area: int) -> bool:
    """Whether lengths that fill a box are those that `MaskRuns.from_mask` makes of its mask."""
    if lengths.size < 2 or not lengths[1:].all():
        return False
    ends = np.cumsum(lengths)
    first, last = ends[0:-1:2], ends[1::2]  # of each run of ones, half-open
    if first[0] >= width or last[-1] <= area - width:
        return False
    across = (first // width < (last - 1) // width).any()  # touches both sides
    return bool(across or ((first % width == 0).any() and (last % width == 0).any()))


EMPTY = MaskRuns((0, 0, 0, 0), ())
