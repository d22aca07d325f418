"""Several objects in one array of numbers: drawn one over the other, and taken apart again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.interchange.limits import Allowance


def drawn(
    numbered: Iterable[tuple[int, MaskRuns]],
    size_hw: tuple[int, int],
    dtype: type[np.uint8] | type[np.uint16],
) -> tuple[NDArray[Any], set[int]]:
    """A map of 0 for the background and each object's number; later ones win.

    Returns:
        The (H, W) map, and the numbers of which later objects took pixels.
    """
    labels = np.zeros(size_hw, dtype)
    covered: set[int] = set()
    for number, mask in numbered:
        if mask.box is None:
            continue
        window = labels[mask.box.slices]
        inside = mask.inside()
        below = window[inside]
        if below.any():
            covered.update(np.unique(below).tolist())
        window[inside] = number
    return labels, covered - {0}


def objects_of(labels: NDArray[np.integer[Any]], allowance: Allowance) -> dict[int, MaskRuns]:
    """The mask of each value but 0, in ascending order.

    Time and memory go with the number of runs of equal pixels, however the values lie.

    Raises:
        DataError: more runs or objects than one image may have.
    """
    height, width = labels.shape
    # Runs of equal values along the rows: where each starts, how long it is, what it holds.
    starts_here = np.empty((height, width), np.bool_)
    starts_here[:, 0] = True
    np.not_equal(labels[:, 1:], labels[:, :-1], out=starts_here[:, 1:])
    allowance.runs(int(np.count_nonzero(starts_here)) - height)
    starts = np.flatnonzero(starts_here)
    lengths = np.diff(starts, append=height * width)
    values = labels.ravel()[starts]
    there = values != 0
    starts, lengths, values = starts[there], lengths[there], values[there]
    order = np.argsort(values, kind="stable")
    starts, lengths, values = starts[order], lengths[order], values[order]
    found: dict[int, MaskRuns] = {}
    if not values.size:
        return found
    first = np.flatnonzero(np.append(True, values[1:] != values[:-1]))
    for begin, end in zip(first, [*first[1:], len(values)], strict=True):
        allowance.object_of(0)
        found[int(values[begin])] = _of_row_runs(starts[begin:end], lengths[begin:end], width)
    return found


def _of_row_runs(starts: NDArray[np.intp], lengths: NDArray[np.intp], width: int) -> MaskRuns:
    """A mask from its runs along the rows of the image, none of which spans two rows."""
    y, x = starts // width, starts % width
    x0, y0, x1, y1 = int(x.min()), int(y[0]), int((x + lengths).max()), int(y[-1]) + 1
    begin = (y - y0) * (x1 - x0) + x - x0
    end = begin + lengths
    # A run that reaches the box's right side goes on at the left of the next row.
    apart = begin[1:] != end[:-1]
    begin, end = begin[np.append(True, apart)], end[np.append(apart, True)]
    borders = np.stack([begin, end], axis=1).ravel()
    runs = np.diff(borders, prepend=0, append=(y1 - y0) * (x1 - x0)).tolist()
    return MaskRuns((x0, y0, x1, y1), tuple(runs if runs[-1] else runs[:-1]))
