"""Masks at rest: run lengths of the object's box, one or a few kilobytes an object."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extremecut.geometry.boxes import Box


@dataclass(frozen=True, slots=True, eq=False)
class CompactMask:
    """An (H, W) bool mask as run lengths of a window; false outside the window."""

    size_hw: tuple[int, int]
    """Height and width of the whole mask."""
    window: Box
    """What the run lengths cover, inside the image."""
    runs: NDArray[np.uint32]
    """Down the columns of the window: pixels of false, of true, of false, ..."""
    area_px: int
    """How many pixels are true."""

    @classmethod
    def of(cls, mask: NDArray[np.bool_]) -> CompactMask:
        """Pack an (H, W) bool mask, empty ones too."""
        return cls.of_part(mask, (0, 0), (mask.shape[0], mask.shape[1]))

    @classmethod
    def of_part(
        cls, part: NDArray[np.bool_], corner_xy: tuple[int, int], size_hw: tuple[int, int]
    ) -> CompactMask:
        """Pack a mask of `size_hw` of which only a part is given and the rest is false.

        Args:
            part: (h, w) bool.
            corner_xy: where the part's top-left pixel lies in the whole.
        """
        box = Box.around_mask(part) or Box(0, 0, 0, 0)
        window = box.shifted(*corner_xy)
        flat = part[box.slices].ravel(order="F")
        if flat.size == 0:
            return cls(size_hw, Box(0, 0, 0, 0), np.zeros(0, np.uint32), 0)
        changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
        # The first run is of false pixels, of none where the window starts with a true one.
        start = [0, 0] if flat[0] else [0]
        runs = np.diff(np.concatenate([start, changes, [flat.size]])).astype(np.uint32)
        return cls(size_hw, window, runs, int(runs[1::2].sum()))

    @classmethod
    def of_run_lengths(cls, lengths: NDArray[np.integer], size_hw: tuple[int, int]) -> CompactMask:
        """Take over run lengths of a whole image, down its columns, as COCO has them.

        Args:
            lengths: (N,), false pixels first; they sum to H x W.
        """
        height, width = size_hw
        runs = lengths.astype(np.int64)
        if runs[1::2].sum() == 0:
            return cls.of(np.zeros(size_hw, np.bool_))
        # Columns before the first and after the last true pixel need not be unpacked.
        if len(runs) % 2 == 0:
            runs = np.append(runs, 0)
        while runs[-2] == 0:
            runs = np.append(runs[:-3], runs[-3] + runs[-1])
        before, behind = runs[0] // height, runs[-1] // height
        runs[0] -= before * height
        runs[-1] -= behind * height
        window = Box(int(before), 0, width - int(behind), height)
        return cls(size_hw, window, runs.astype(np.uint32), int(runs[1::2].sum()))

    def unpack(self) -> NDArray[np.bool_]:
        """The (H, W) bool mask, a fresh array."""
        mask = np.zeros(self.size_hw, np.bool_)
        if self.runs.size:
            flat = np.repeat(np.arange(self.runs.size) % 2 == 1, self.runs)
            mask[self.window.slices] = flat.reshape(self.window.width, self.window.height).T
        return mask
