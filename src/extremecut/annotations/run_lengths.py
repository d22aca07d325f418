"""COCO's run lengths: column by column, the first run counts zeros."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from extremecut.annotations.coco_segmentation import compressed_counts
from extremecut.geometry.boxes import Box


def run_lengths(inside: NDArray[np.bool_], box: Box | None, size_hw: tuple[int, int]) -> list[int]:
    """The run lengths of a mask of which only the part in its box is looked at.

    Args:
        inside: (h, w) bool, the mask within `box`.
        box: within the image; None for an empty mask.
        size_hw: height and width of the image.

    Returns:
        Lengths that add up to H * W.
    """
    height, width = size_hw
    if box is None:
        return [height * width]
    # Runs within the columns of the box, then as positions in the whole image.
    edges = np.diff(np.pad(inside.T.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    columns, tops = np.nonzero(edges == 1)
    _, bottoms = np.nonzero(edges == -1)
    starts = (columns + box.x0) * height + tops + box.y0
    ends = (columns + box.x0) * height + bottoms + box.y0
    # A run that reaches the bottom goes on at the top of the next column.
    joined = starts[1:] == ends[:-1]
    starts = starts[np.concatenate([[True], ~joined])]
    ends = ends[np.concatenate([~joined, [True]])]
    borders = np.concatenate([[0], np.stack([starts, ends], axis=1).ravel(), [height * width]])
    lengths: list[int] = np.diff(borders).tolist()
    return lengths if lengths[-1] else lengths[:-1]


def compressed(lengths: list[int], size_hw: tuple[int, int]) -> dict[str, Any]:
    """`{"size": [H, W], "counts": text}`, as COCO files hold them and pycocotools reads them."""
    counts = compressed_counts(np.array(lengths, np.int64))
    return {"size": list(size_hw), "counts": counts.decode("ascii")}
