"""Masks as a box and run lengths."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from extremecut.annotations.mask_runs import EMPTY, MaskRuns
from extremecut.errors import DataError


def test_runs_go_row_by_row_inside_the_tight_box() -> None:
    mask = np.zeros((4, 6), bool)
    mask[1, 2:5] = mask[2, 3] = True
    runs = MaskRuns.from_mask(mask)
    assert runs == MaskRuns((2, 1, 5, 3), (0, 3, 1, 1, 1))
    assert runs.area_px == 4
    assert runs.inside().tolist() == [[True, True, True], [False, True, False]]


def test_a_part_of_the_image_says_where_it_was_cut() -> None:
    assert MaskRuns.from_mask(np.ones((1, 2), bool), offset_xy=(5, 7)).box_xyxy == (5, 7, 7, 8)


def test_an_empty_mask_has_no_box() -> None:
    runs = MaskRuns.from_mask(np.zeros((3, 3), bool))
    assert runs == EMPTY and runs.box is None and runs.area_px == 0
    assert not runs.mask((3, 3)).any()


@given(arrays(bool, st.tuples(st.integers(1, 7), st.integers(1, 7))))
def test_there_and_back_is_the_same_mask(mask: np.ndarray) -> None:
    runs = MaskRuns.from_mask(mask)
    assert (runs.mask(mask.shape) == mask).all()
    assert MaskRuns.checked(runs.box_xyxy, runs.runs, size_hw=mask.shape) == runs


def test_a_loose_box_is_made_tight() -> None:
    assert MaskRuns.checked((0, 0, 3, 1), (1, 1, 1), size_hw=(2, 4)).box_xyxy == (1, 0, 2, 1)


@pytest.mark.parametrize(
    ("box", "runs"),
    [
        ((0, 0, 2, 1), (1, 2)),
        ((0, 0, 2, 1), (3, -1)),
        ((0, 0, 2, 1), ()),
        ((0, 0, 2, 1), (2**62, 2**62, 2**62, 2**62, 2)),  # 2 when the sum overflows
    ],
)
def test_runs_that_do_not_fill_the_box_are_refused(box: tuple[int, ...], runs: list[int]) -> None:
    with pytest.raises(DataError, match="add up to the 2 pixels"):
        MaskRuns.checked(box, runs, size_hw=(4, 4))


@pytest.mark.parametrize("box", [(-1, 0, 2, 1), (0, 0, 5, 1), (2, 0, 2, 1)])
def test_a_box_outside_the_image_is_refused(box: tuple[int, ...]) -> None:
    with pytest.raises(DataError, match="must lie in the image of 4 x 4"):
        MaskRuns.checked(box, (1,), size_hw=(4, 4))


@given(st.lists(st.integers(0, 9), min_size=1, max_size=9), st.integers(1, 9))
def test_accepted_runs_are_those_of_the_mask_however_they_were_written(
    runs: list[int], width: int
) -> None:
    runs.append(width - sum(runs) % width)
    height = sum(runs) // width
    mask = np.repeat(np.arange(len(runs)) % 2 == 1, runs).reshape(height, width)
    checked = MaskRuns.checked((2, 1, width + 2, height + 1), runs, size_hw=(40 + height, 40))
    assert checked == MaskRuns.from_mask(mask, offset_xy=(2, 1))
