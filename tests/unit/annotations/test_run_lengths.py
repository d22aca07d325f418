from __future__ import annotations

import numpy as np
import pytest
from pycocotools import mask as coco_mask

from extremecut.annotations.run_lengths import compressed, run_lengths
from extremecut.geometry.boxes import Box

# pycocotools decodes by a way that NumPy is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def lengths(rows: list[list[int]]) -> list[int]:
    mask = np.array(rows, bool)
    box = Box.around_mask(mask)
    return run_lengths(mask[:0, :0] if box is None else mask[box.slices], box, mask.shape)


def test_columns_come_first_and_zeros_are_counted_first() -> None:
    assert lengths([[0, 0, 1], [0, 1, 1]]) == [3, 3]
    assert lengths([[1, 0, 0], [0, 1, 0]]) == [0, 1, 2, 1, 2]


def test_full_columns_run_into_each_other() -> None:
    assert lengths([[0, 1, 1, 0], [0, 1, 1, 0]]) == [2, 4, 2]
    assert lengths([[1, 1], [1, 1]]) == [0, 4]


def test_an_empty_mask_is_one_run() -> None:
    assert lengths([[0, 0, 0]]) == [3]
    assert not coco_mask.decode({**compressed([3], (1, 3)), "counts": b"3"}).any()


def test_the_text_is_what_pycocotools_writes() -> None:
    mask = np.zeros((70, 90), bool)
    mask[10:40, 20:60] = True
    mask[15:20, 30:50] = False
    box = Box(20, 10, 60, 40)
    encoded = compressed(run_lengths(mask[box.slices], box, mask.shape), mask.shape)
    reference = coco_mask.encode(np.asfortranarray(mask.astype(np.uint8)))
    assert encoded == {"size": [70, 90], "counts": reference["counts"].decode()}
