from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools import mask as coco_mask

from extremecut.annotations import coco_segmentation
from extremecut.annotations.coco_segmentation import (
    compressed_counts,
    decompressed,
    segmentation_run_lengths,
)
from extremecut.errors import DataError

SIZE_HW = (4, 6)


@pytest.mark.parametrize("nothing", [None, [], [[]]])
def test_no_segmentation_is_one_run_of_background(nothing: Any) -> None:
    assert segmentation_run_lengths(nothing, SIZE_HW, "here").tolist() == [24]


def test_polygons_go_down_the_columns() -> None:
    lengths = segmentation_run_lengths([[1, 1, 4, 1, 4, 3, 1, 3]], SIZE_HW, "here")
    assert lengths.tolist() == [5, 2, 2, 2, 2, 2, 9]


def test_many_polygons_are_united_a_few_at_a_time() -> None:
    pixels = [[x, y, x + 1, y, x + 1, y + 1, x, y + 1] for x in range(6) for y in range(4)]
    assert segmentation_run_lengths(pixels, SIZE_HW, "here").tolist() == [0, 24]


def test_outlines_beyond_measure_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coco_segmentation, "MAX_OUTLINE_PX", 9)
    with pytest.raises(DataError, match="here: an outline of 10 pixels is no object's"):
        segmentation_run_lengths([[1, 1, 4, 1, 4, 3, 1, 3]], SIZE_HW, "here")


def test_polygons_beyond_counting_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coco_segmentation, "MAX_POLYGONS", 1)
    with pytest.raises(DataError, match="here: an object of 2 polygons is none"):
        segmentation_run_lengths([[1, 1, 4, 1, 4, 3]] * 2, SIZE_HW, "here")


@pytest.mark.parametrize(
    "segmentation",
    [
        [[10**400] * 6],
        {"size": [4, 6], "counts": "_" * 11 + "O"},
        {"size": ["x" * 10**6], "counts": []},
        {"size": [4, 6], "counts": ""},
        {"size": [4, 6]},
        {},
    ],
)
def test_numbers_that_fit_nothing_are_refused_in_few_words(segmentation: Any) -> None:
    with pytest.raises(DataError, match="here: ") as caught:
        segmentation_run_lengths(segmentation, SIZE_HW, "here")
    assert len(str(caught.value)) < 250


@given(st.lists(st.integers(0, 2**20), max_size=40))
def test_compressed_is_what_cocos_own_tools_write(runs: list[int]) -> None:
    theirs = coco_mask.frPyObjects({"size": [0, 0], "counts": runs}, 0, 0)["counts"]
    assert compressed_counts(np.array(runs, np.int64)) == theirs


def test_lengths_of_any_image_are_compressed() -> None:
    runs = np.array([2**40, 0, 2**31, 2**40, 1, 0], np.int64)
    assert decompressed(compressed_counts(runs)).tolist() == runs.tolist()
