from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pycocotools import mask as run_lengths

from extremecut.datasets.coco_masks import segmentation_mask
from extremecut.errors import DataError

SIZE_HW = (4, 6)


def test_a_rectangle_of_corners_covers_its_pixels() -> None:
    mask = segmentation_mask([[1, 1, 4, 1, 4, 3, 1, 3]], SIZE_HW, "here").unpack()

    expected = np.zeros(SIZE_HW, bool)
    expected[1:3, 1:4] = True
    assert np.array_equal(mask, expected)


def test_polygons_of_one_object_are_united() -> None:
    two = [[0, 0, 2, 0, 2, 2, 0, 2], [4, 2, 6, 2, 6, 4, 4, 4]]

    assert segmentation_mask(two, SIZE_HW, "here").area_px == 8


def test_plain_run_lengths_go_down_the_columns() -> None:
    mask = segmentation_mask({"size": [4, 6], "counts": [5, 2, 17]}, SIZE_HW, "here").unpack()

    assert np.argwhere(mask).tolist() == [[1, 1], [2, 1]]


@given(arrays(np.uint8, (7, 9), elements=st.integers(0, 1)))
def test_compressed_run_lengths_give_the_encoded_mask(mask: np.ndarray) -> None:
    encoded = run_lengths.encode(np.asfortranarray(mask))
    text = {"size": [7, 9], "counts": encoded["counts"].decode()}

    assert np.array_equal(segmentation_mask(text, (7, 9), "here").unpack(), mask.astype(bool))


def test_long_runs_survive_compression() -> None:
    mask = np.zeros((300, 400), np.uint8)
    mask[17:280, 33:390] = 1
    encoded = run_lengths.encode(np.asfortranarray(mask))
    text = {"size": [300, 400], "counts": encoded["counts"].decode()}

    assert segmentation_mask(text, (300, 400), "here").area_px == mask.sum()


@pytest.mark.parametrize("nothing", [None, []])
def test_no_segmentation_is_an_empty_mask(nothing: Any) -> None:
    assert segmentation_mask(nothing, SIZE_HW, "here").area_px == 0


@pytest.mark.parametrize(
    ("segmentation", "message"),
    [
        ("text", "a list of polygons"),
        ([[1, 1, 4, 1]], "three or more points"),
        ([[1, 1, 4, 1, 4, 3, 1]], "three or more points"),
        ([[1, 1, 4, 1, 4, "x"]], "three or more points"),
        ([[[1, 1], [4, 1], [4, 3]]], "three or more points"),
        ([1, 1, 4, 1, 4, 3], "three or more points"),
        ([[1, 1, 4, 1, 4, 1e9]], "far outside the image"),
        ([[1, 1, 4, 1, 4, float("nan")]], "far outside the image"),
        ({"size": [6, 4], "counts": [24]}, r"size \[6, 4\] on an image of \[4, 6\]"),
        ({"size": [4, 6], "counts": [5, 2]}, "cover 7 pixels, the image has 24"),
        ({"size": [4, 6], "counts": [20, -6, 10]}, "cover 24 pixels"),
        ({"size": [4, 6], "counts": 24}, "must be a list of whole numbers"),
        ({"size": [4, 6], "counts": [1.5]}, "must be a list of whole numbers"),
        ({"size": [4, 6], "counts": [10**30]}, "must be a list of whole numbers"),
        ({"size": [4, 6], "counts": "PPPPPP"}, "the image has 24"),
        ({"size": [4, 6], "counts": "\x00"}, "the image has 24"),
    ],
)
def test_what_does_not_fit_is_refused(segmentation: Any, message: str) -> None:
    with pytest.raises(DataError, match=f"here: .*{message}"):
        segmentation_mask(segmentation, SIZE_HW, "here")
