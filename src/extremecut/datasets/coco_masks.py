"""A COCO "segmentation" -> a mask: polygons, plain and compressed run lengths, all checked.

pycocotools trusts what it is given and may read beyond its buffers otherwise.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from pycocotools import mask as run_lengths

from extremecut.datasets.compact import CompactMask
from extremecut.errors import DataError


def segmentation_mask(segmentation: Any, size_hw: tuple[int, int], where: str) -> CompactMask:
    """The mask of one annotation; empty for a missing or empty segmentation.

    Args:
        segmentation: a list of polygons [x, y, x, y, ...], or {"size": [H, W], "counts": ...}
            with plain (list) or compressed (text) run lengths.
        size_hw: height and width of the image.
        where: file and row, for messages.

    Raises:
        DataError: anything else, numbers that do not fit the image.
    """
    if segmentation is None or segmentation == []:
        return CompactMask.of(np.zeros(size_hw, np.bool_))
    if isinstance(segmentation, dict):
        encoded = _checked_run_lengths(segmentation, size_hw, where)
    else:
        polygons = _checked_polygons(segmentation, size_hw, where)
        encoded = run_lengths.merge(run_lengths.frPyObjects(polygons, *size_hw))
    return CompactMask.of_run_lengths(encoded)


def _checked_polygons(segmentation: Any, size_hw: tuple[int, int], where: str) -> list[list[float]]:
    if not isinstance(segmentation, list):
        raise DataError(f"{where}: a segmentation is a list of polygons or run lengths")
    polygons = []
    for polygon in segmentation:
        try:
            numbers = np.array(polygon, dtype=np.float64)
        except (TypeError, ValueError):
            numbers = np.zeros(0)
        if numbers.ndim != 1 or numbers.size < 6 or numbers.size % 2:
            raise DataError(
                f"{where}: a polygon needs three or more points [x, y, x, y, ...] of numbers"
            )
        corners = numbers.reshape(-1, 2)
        limit = np.array([size_hw[1], size_hw[0]], np.float64)
        if not ((corners >= -limit) & (corners <= 2 * limit)).all():  # also refuses NaN
            raise DataError(
                f"{where}: a polygon lies far outside the image of {size_hw[1]} x {size_hw[0]} "
                "pixels, or is not a number"
            )
        polygons.append(numbers.tolist())
    return polygons


def _checked_run_lengths(
    segmentation: dict[str, Any], size_hw: tuple[int, int], where: str
) -> dict[str, Any]:
    height, width = size_hw
    if segmentation.get("size") != [height, width]:
        raise DataError(
            f"{where}: run lengths of size {segmentation.get('size')} on an image of "
            f"[{height}, {width}] (height, width)"
        )
    counts = segmentation.get("counts")
    if isinstance(counts, str):
        lengths = _decompressed(counts)
        encoded = {"size": [height, width], "counts": counts.encode("ascii", "replace")}
    elif isinstance(counts, list) and all(type(count) is int for count in counts):
        lengths = counts
        encoded = None
    else:
        raise DataError(f'{where}: "counts" must be a list of whole numbers or text')
    if sum(lengths) != height * width or any(length < 0 for length in lengths):
        raise DataError(
            f"{where}: the run lengths cover {sum(lengths)} pixels, the image has {height * width}"
        )
    if encoded is None:
        encoded = run_lengths.frPyObjects({"size": [height, width], "counts": counts}, *size_hw)
    return encoded


def _decompressed(text: str) -> list[int]:
    """The run lengths of COCO's compressed text: little-endian groups of five bits, from the
    fourth number on as differences to the one before the last."""
    lengths: list[int] = []
    value, shift = 0, 0
    for character in text:
        group = ord(character) - 48
        if not 0 <= group < 64:
            return []
        value |= (group & 0x1F) << shift
        shift += 5
        if group & 0x20:
            continue
        if group & 0x10:
            value -= 1 << shift
        if len(lengths) > 2:
            value += lengths[-2]
        lengths.append(value)
        value, shift = 0, 0
    return lengths if shift == 0 else []
