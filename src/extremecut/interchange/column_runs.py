"""Run lengths down the columns of a whole image, as COCO has them -> a mask."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from extremecut.annotations.mask_runs import EMPTY, MaskRuns
from extremecut.interchange.limits import Allowance
from extremecut.interchange.outlines import of_part


def of_column_runs(
    lengths: NDArray[np.int64], image_hw: tuple[int, int], allowance: Allowance
) -> MaskRuns:
    """A mask from run lengths down the columns of the whole image, false pixels first.

    Raises:
        DataError: more than one image may ask for.
    """
    height = image_hw[0]
    ends = np.cumsum(lengths)
    starts, ends = (ends - lengths)[1::2], ends[1::2]
    starts, ends = starts[ends > starts], ends[ends > starts]
    if not starts.size:
        allowance.object_of(0)
        return EMPTY
    first, last = int(starts[0]) // height, (int(ends[-1]) - 1) // height + 1
    top, bottom = starts % height, (ends - 1) % height + 1
    if ((ends - 1) // height > starts // height).any():  # from one column into the next
        low, high = 0, height
    else:
        low, high = int(top.min()), int(bottom.max())
        # As if the image were no higher than the mask.
        starts = starts // height * (high - low) + top - low
        ends = (ends - 1) // height * (high - low) + bottom - low
    rows_px = high - low
    allowance.object_of((last - first) * rows_px)
    # The mask's box column by column, as steps up and down.
    borders = np.empty(2 * starts.size + 2, np.int64)
    borders[1:-1:2], borders[2:-1:2] = starts, ends
    borders[0], borders[-1] = first * rows_px, last * rows_px
    gaps = borders[1:] - borders[:-1]
    flat = np.repeat(np.arange(gaps.size) % 2 == 1, gaps)
    columns = flat.reshape(last - first, rows_px).view(np.uint8)
    rows = cv2.transpose(columns)  # NumPy's own takes several times as long
    inside = rows.reshape(rows_px, last - first).view(np.bool_)
    return of_part(inside, (first, low), allowance)
