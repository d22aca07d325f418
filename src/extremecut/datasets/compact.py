"""Masks at rest: run lengths of the object's box, a few hundred bytes an object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as run_lengths

from extremecut.geometry.boxes import Box


@dataclass(frozen=True, slots=True)
class CompactMask:
    """An (H, W) bool mask as compressed run lengths of a window; false outside the window."""

    size_hw: tuple[int, int]
    """Height and width of the whole mask."""
    window: Box
    """What the run lengths cover, inside the image."""
    counts: bytes
    """COCO's compressed run lengths of the window, column by column."""
    area_px: int
    """How many pixels are true."""

    @classmethod
    def of(cls, mask: NDArray[np.bool_]) -> CompactMask:
        """Pack an (H, W) bool mask, empty ones too."""
        size_hw = (mask.shape[0], mask.shape[1])
        window = Box.around_mask(mask) or Box(0, 0, 0, 0)
        inside = mask[window.slices]
        if window.area == 0:
            return cls(size_hw, window, b"", 0)
        encoded = run_lengths.encode(np.asfortranarray(inside.view(np.uint8)))
        return cls(size_hw, window, encoded["counts"], int(np.count_nonzero(inside)))

    @classmethod
    def of_run_lengths(cls, encoded: Mapping[str, Any]) -> CompactMask:
        """Take over what pycocotools encoded: {"size": [H, W], "counts": bytes}."""
        height, width = encoded["size"]
        size_hw = (int(height), int(width))
        area_px = int(run_lengths.area(encoded))
        return cls(size_hw, Box.of_image(size_hw), encoded["counts"], area_px)

    def unpack(self) -> NDArray[np.bool_]:
        """The (H, W) bool mask, a fresh array."""
        mask = np.zeros(self.size_hw, np.bool_)
        if self.counts:
            encoded = {"size": [self.window.height, self.window.width], "counts": self.counts}
            mask[self.window.slices] = run_lengths.decode(encoded).view(np.bool_)
        return mask
