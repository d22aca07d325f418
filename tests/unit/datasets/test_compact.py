from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from extremecut.datasets.compact import CompactMask
from extremecut.geometry.boxes import Box


@given(arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, max_side=12), elements=st.booleans()))
def test_unpacking_gives_the_packed_mask(mask: np.ndarray) -> None:
    packed = CompactMask.of(mask)

    assert np.array_equal(packed.unpack(), mask)
    assert packed.area_px == mask.sum()


def test_only_the_box_of_the_object_is_stored() -> None:
    mask = np.zeros((1000, 1000), bool)
    mask[500:510, 700:720] = True

    packed = CompactMask.of(mask)

    assert packed.window == Box(700, 500, 720, 510)
    assert packed.runs.tolist() == [0, 200]


def test_a_part_lies_where_its_corner_is() -> None:
    part = np.array([[False, False], [False, True]])

    packed = CompactMask.of_part(part, (3, 1), (5, 7))

    assert np.argwhere(packed.unpack()).tolist() == [[2, 4]]
    assert packed.window == Box(4, 2, 5, 3)


def test_an_unpacked_mask_is_fresh_each_time() -> None:
    packed = CompactMask.of(np.eye(4, dtype=bool))

    packed.unpack()[:] = True

    assert packed.unpack().sum() == 4


@given(arrays(np.bool_, (5, 8), elements=st.booleans()))
def test_run_lengths_of_a_whole_image_are_taken_over(mask: np.ndarray) -> None:
    flat = mask.ravel(order="F")
    lengths = [0]
    for before, now in zip([False, *flat], flat, strict=False):
        if before == now:
            lengths[-1] += 1
        else:
            lengths.append(1)

    packed = CompactMask.of_run_lengths(np.array(lengths), (5, 8))

    assert packed.area_px == mask.sum()
    assert np.array_equal(packed.unpack(), mask)


def test_columns_without_the_object_are_not_stored() -> None:
    packed = CompactMask.of_run_lengths(np.array([500 * 300 + 7, 20, 499 * 300 + 273]), (300, 1000))

    assert packed.window == Box(500, 0, 501, 300)
    assert packed.runs.tolist() == [7, 20, 273]


def test_empty_runs_at_the_end_do_no_harm() -> None:
    packed = CompactMask.of_run_lengths(np.array([3, 2, 5, 0, 2]), (3, 4))

    assert np.flatnonzero(packed.unpack().ravel(order="F")).tolist() == [3, 4]


def test_an_unpacked_mask_lies_row_by_row_in_memory() -> None:
    mask = CompactMask.of(np.ones((5, 7), bool)).unpack()

    assert mask.flags.c_contiguous
    assert mask.flags.writeable


def test_an_empty_mask_unpacks_to_its_size() -> None:
    assert CompactMask.of(np.zeros((2, 3), bool)).unpack().shape == (2, 3)


@pytest.mark.parametrize("shape", [(0, 4), (4, 0)])
def test_masks_without_pixels_survive(shape: tuple[int, int]) -> None:
    assert CompactMask.of(np.zeros(shape, bool)).unpack().shape == shape
