"""A COCO "segmentation" -> run lengths: polygons, plain and compressed run lengths, all checked.

Everything is checked first, since pycocotools trusts the numbers it is given.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as run_lengths

from extremecut.errors import DataError

MAX_OUTLINE_PX = 2_000_000
"""Length of one object's outline; pycocotools takes memory for every pixel of it."""

MAX_POLYGONS = 20_000
"""Parts of one object."""

NOTHING: tuple[Any, ...] = (None, [], [[]])
"""What programs write where there are boxes alone."""

_UNITED_AT_ONCE = 8

_MOST_GROUPS = 12
"""Of five bits, of one number in the compressed form: no image is larger."""


def segmentation_run_lengths(
    segmentation: Any, size_hw: tuple[int, int], where: str
) -> NDArray[np.int64]:
    """The run lengths of one annotation's mask, down the columns of the whole image.

    Args:
        segmentation: a list of polygons [x, y, x, y, ...], or {"size": [H, W], "counts": ...}
            with plain (list) or compressed (text) run lengths; None, [] or [[]] for an empty mask.
        size_hw: height and width of the image.
        where: file and row, for messages.

    Returns:
        (N,) lengths that sum to H x W, false pixels first.

    Raises:
        DataError: anything else, numbers that do not fit the image.
    """
    if segmentation in NOTHING:
        return np.array([size_hw[0] * size_hw[1]], np.int64)
    if isinstance(segmentation, dict):
        return _checked_run_lengths(segmentation, size_hw, where)
    polygons = _checked_polygons(segmentation, size_hw, where)
    parts = run_lengths.frPyObjects(polygons, *size_hw)
    while len(parts) > 1:  # a few at a time: the time for all at once goes with their square
        starts = range(0, len(parts), _UNITED_AT_ONCE)
        parts = [run_lengths.merge(parts[i : i + _UNITED_AT_ONCE]) for i in starts]
    return decompressed(parts[0]["counts"])


def decompressed(counts: bytes) -> NDArray[np.int64]:
    """The run lengths of COCO's compressed form; none for what is not in this form.

    A number is a little-endian row of groups of five bits, one character each; the sixth bit
    says that more groups follow, the highest bit of the last group is the sign. From the fourth
    number on, the difference to the one before the last is stored.
    """
    groups = np.frombuffer(counts, np.uint8) - np.uint8(48)  # what is below comes round to above
    if not groups.size or groups[-1] & 0x20 or groups.max() > 63:
        return np.zeros(0, np.int64)
    ends = np.flatnonzero(groups < 0x20)
    starts = np.zeros_like(ends)
    starts[1:] = ends[:-1] + 1
    sizes = ends - starts + 1
    most = int(sizes.max())
    if most > _MOST_GROUPS:
        return np.zeros(0, np.int64)
    parts = (groups & 0x1F).astype(np.int64)
    values = parts[starts]
    for place in range(1, most):
        longer = np.flatnonzero(sizes > place)
        values[longer] |= parts[starts[longer] + place] << (5 * place)
    negative = np.flatnonzero(groups[ends] & 0x10)
    values[negative] -= np.int64(1) << (5 * sizes[negative])
    values[1::2] = np.cumsum(values[1::2])
    values[2::2] = np.cumsum(values[2::2])
    return values


def compressed_counts(run_lengths: NDArray[np.int64]) -> bytes:
    """Run lengths in COCO's compressed form: what `decompressed` reads.

    pycocotools' own way into this form writes past its memory where lengths exceed 29 bits.

    Args:
        run_lengths: (N,) from 0 to 2^58.
    """
    rest = run_lengths.astype(np.int64)
    rest[3:] -= run_lengths[1:-2]
    characters = np.zeros((rest.size, _MOST_GROUPS), np.uint8)  # 0: nothing is written
    unfinished = np.ones(rest.size, np.bool_)
    for place in range(_MOST_GROUPS):
        group = rest & 0x1F
        rest >>= 5
        more = np.where(group & 0x10, rest != -1, rest != 0)
        characters[:, place] = np.where(unfinished, group + 0x20 * more + 48, 0)
        unfinished &= more
        if not unfinished.any():
            break
    return characters[characters > 0].tobytes()


def _checked_polygons(segmentation: Any, size_hw: tuple[int, int], where: str) -> list[list[float]]:
    if not isinstance(segmentation, list):
        raise DataError(f"{where}: a segmentation is a list of polygons or run lengths")
    if len(segmentation) > MAX_POLYGONS:
        raise DataError(f"{where}: an object of {len(segmentation)} polygons is none")
    polygons = []
    outline_px = 0.0
    limit = np.array([size_hw[1], size_hw[0]], np.float64)
    for polygon in segmentation:
        try:
            numbers = np.array(polygon, dtype=np.float64)
        except (TypeError, ValueError, OverflowError):
            numbers = np.zeros(0)
        if numbers.ndim != 1 or numbers.size < 6 or numbers.size % 2:
            raise DataError(
                f"{where}: a polygon needs three or more points [x, y, x, y, ...] of numbers"
            )
        corners = numbers.reshape(-1, 2)
        low, high = corners.min(axis=0), corners.max(axis=0)
        if not ((low >= -limit).all() and (high <= 2 * limit).all()):  # also refuses NaN
            raise DataError(
                f"{where}: a polygon lies far outside the image of {size_hw[1]} x {size_hw[0]} "
                "pixels, or is not a number"
            )
        steps = np.abs(corners - np.concatenate([corners[1:], corners[:1]])).max(axis=1)
        outline_px += float(steps.sum())
        polygons.append(numbers.tolist())
    if outline_px > MAX_OUTLINE_PX:
        raise DataError(f"{where}: an outline of {outline_px:.0f} pixels is no object's")
    return polygons


def _checked_run_lengths(
    segmentation: dict[str, Any], size_hw: tuple[int, int], where: str
) -> NDArray[np.int64]:
    height, width = size_hw
    if segmentation.get("size") != [height, width]:
        raise DataError(
            f"{where}: run lengths of size {str(segmentation.get('size'))[:80]} on an image of "
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
    if total != height * width or (lengths < 0).any() or (lengths > total).any():
        raise DataError(
            f"{where}: the run lengths cover {total} pixels, the image has {height * width}"
        )
    return lengths
