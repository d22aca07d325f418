"""A COCO "segmentation" -> a mask."""

from __future__ import annotations

from typing import Any

from extremecut.annotations.coco_segmentation import segmentation_run_lengths
from extremecut.datasets.compact import CompactMask


def segmentation_mask(segmentation: Any, size_hw: tuple[int, int], where: str) -> CompactMask:
    """The mask of one annotation; empty for a missing or empty segmentation.

    Args:
        segmentation: see `segmentation_run_lengths`.
        size_hw: height and width of the image.
        where: file and row, for messages.

    Raises:
        DataError: what is no segmentation, numbers that do not fit the image.
    """
    return CompactMask.of_run_lengths(
        segmentation_run_lengths(segmentation, size_hw, where), size_hw
    )
