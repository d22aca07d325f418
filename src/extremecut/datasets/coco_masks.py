"""A COCO "segmentation" -> a mask: polygons, plain and compressed run lengths, all checked.

Everything is checked first, since pycocotools trusts the numbers it is given.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
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
        lengths = _checked_run_lengths(segmentation, size_hw, where)
    else:
        polygons = _checked_polygons(segmentation, size_hw, where)
        united = run_lengths.merge(run_lengths.frPyObjects(polygons, *size_hw))
        lengths = decompressed(united["counts"])
    return CompactMask.of_run_lengths(lengths, size_hw)


def decompressed(counts: bytes) -> NDArray[np.int64]:
    """The run lengths of COCO's compressed form; none for what is not in this form.

    A number is a little-endian row of groups of five bits, one character each; the sixth bit
    says that more groups follow, the highest bit of the last group is the sign. From the fourth
    number on, the difference to the one before the last is stored.
    """
    groups = np.frombuffer(counts, np.uint8).astype(np.int64) - 48
    ends = np.flatnonzero((groups & 0x20) == 0)
    complete = ends.size > 0 and ends[-1] == groups.size - 1
    if not complete or groups.min() < 0 or groups.max() > 63:
        return np.zeros(0, np.int64)
    starts = np.concatenate([[0], ends[:-1] + 1])
    places = np.arange(groups.size) - np.repeat(starts, ends - starts + 1)
    if places.max() > 11:  # more than 60 bits: no image is that large
        return np.zeros(0, np.int64)
    values = np.add.reduceat((groups & 0x1F) << (5 * places), starts)
    negative = (groups[ends] & 0x10) != 0
    values[negative] -= np.int64(1) << (5 * (places[ends[negative]] + 1))
    values[1::2] = np.cumsum(values[1::2])
    values[2::2] = np.cumsum(values[2::2])
    return values


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
) -> NDArray[np.int64]:
    height, width = size_hw
    if segmentation.get("size") != [height, width]:
        raise DataError(
            f"{where}: run lengths of size {segmentation.get('size')} on an image of "
            f"[{height}, {width}] (height, width)"
        )
    counts = segmentation.get("counts")
    if isinstance(counts, str):
        lengths = decompressed(counts.encode("utf-8", "replace"))
    elif isinstance(counts, list) and all(
        type(count) is int and abs(count) <= height * width for count in counts
    ):
        lengths = np.array(counts, np.int64)
    else:
        raise DataError(
            f'{where}: "counts" must be a list of whole numbers that fit the image, or text'
        )
    total = int(lengths.sum())
    if total != height * width or (lengths < 0).any():
        raise DataError(
            f"{where}: the run lengths cover {total} pixels, the image has {height * width}"
        )
    return lengths
