from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from extremecut.evaluation.metrics import (
    boundary_f,
    fill_class,
    grabcut_error,
    iou,
    iou_at_thresholds,
    size_class,
)

Mask = NDArray[np.bool_]
masks = arrays(np.bool_, (11, 13), elements=st.booleans())


def rectangle(size_hw: tuple[int, int], x0: int, y0: int, x1: int, y1: int) -> Mask:
    mask = np.zeros(size_hw, bool)
    mask[y0:y1, x0:x1] = True
    return mask


def test_two_rectangles_that_share_a_third() -> None:
    assert iou(rectangle((5, 9), 0, 0, 4, 2), rectangle((5, 9), 2, 0, 6, 2)) == pytest.approx(1 / 3)


def test_void_counts_neither_for_nor_against() -> None:
    predicted, truth = rectangle((4, 8), 0, 0, 6, 4), rectangle((4, 8), 0, 0, 4, 4)

    assert iou(predicted, truth, rectangle((4, 8), 4, 0, 8, 4)) == 1.0
    assert iou(predicted, truth, rectangle((4, 8), 0, 0, 2, 4)) == pytest.approx(0.5)


def test_iou_is_one_where_both_are_empty_outside_void() -> None:
    mask = rectangle((3, 3), 0, 0, 2, 2)

    assert iou(mask, np.zeros((3, 3), bool), void=mask) == 1.0
    assert iou(mask, np.zeros((3, 3), bool)) == 0.0


@given(masks, masks, masks)
def test_iou_is_symmetric_and_in_range(first: Mask, second: Mask, void: Mask) -> None:
    value = iou(first, second, void)

    assert 0 <= value <= 1
    assert value == iou(second, first, void)
    assert iou(first, first, void) == 1.0


THRESHOLDS = np.array([0.2, 0.5, 0.8])


@given(
    arrays(np.float32, (6, 7), elements=st.sampled_from([0.0, 0.2, 0.3, 0.5, 0.7, 0.8, 1.0])),
    arrays(np.bool_, (6, 7)),
    arrays(np.bool_, (6, 7)),
)
def test_a_sweep_gives_the_iou_of_each_threshold(
    probability: NDArray[np.float32], truth: Mask, void: Mask
) -> None:
    swept = iou_at_thresholds(probability, truth, void, THRESHOLDS)

    expected = [iou(probability > float(value), truth, void) for value in THRESHOLDS]
    assert swept.tolist() == pytest.approx(expected)


def test_a_sweep_without_void() -> None:
    probability = np.array([[0.1, 0.4, 0.9]], np.float32)
    truth = np.array([[False, True, True]])

    assert iou_at_thresholds(probability, truth, None, THRESHOLDS).tolist() == [1.0, 0.5, 0.5]


def test_the_error_is_the_share_of_wrong_pixels_in_the_box() -> None:
    truth = rectangle((10, 10), 2, 2, 6, 7)
    predicted = rectangle((10, 10), 2, 2, 5, 9)  # 5 missed in the box, 6 too many below it

    assert grabcut_error(predicted, truth) == pytest.approx(5 / 20)
    assert grabcut_error(predicted, truth, rectangle((10, 10), 5, 2, 6, 7)) == 0.0
    assert grabcut_error(predicted, truth, rectangle((10, 10), 0, 0, 10, 4)) == pytest.approx(
        3 / 12
    )


def test_the_error_of_an_empty_truth_is_nothing() -> None:
    assert grabcut_error(np.ones((2, 2), bool), np.zeros((2, 2), bool)) == 0.0


def slow_boundary(mask: Mask) -> Mask:
    """DAVIS's rule in full: right, lower and lower right neighbour, two of them cut at the rim."""
    found = np.zeros_like(mask)
    height, width = mask.shape
    for y in range(height):
        for x in range(width):
            others = [
                mask[y + dy, x + dx]
                for dy, dx in ((0, 1), (1, 0), (1, 1))
                if y + dy < height and x + dx < width
            ]
            found[y, x] = any(other != mask[y, x] for other in others)
    return found


def slow_boundary_f(predicted: Mask, truth: Mask, reach: int) -> float:
    ours, theirs = np.argwhere(slow_boundary(predicted)), np.argwhere(slow_boundary(truth))
    if len(ours) == 0 or len(theirs) == 0:
        return float(len(ours) == len(theirs))
    near = ((ours[:, None] - theirs[None]) ** 2).sum(axis=2) <= reach**2
    precision, recall = near.any(axis=1).mean(), near.any(axis=0).mean()
    return 0.0 if precision + recall == 0 else 2 * precision * recall / (precision + recall)


@settings(max_examples=60)
@given(masks, masks, st.sampled_from([0.05, 0.1, 0.2]))
def test_boundary_f_agrees_with_the_slow_definition(
    first: Mask, second: Mask, tolerance: float
) -> None:
    reach = math.ceil(tolerance * math.hypot(11, 13))

    assert boundary_f(first, second, tolerance=tolerance) == pytest.approx(
        slow_boundary_f(first, second, reach)
    )


def test_a_shift_within_the_tolerance_costs_nothing() -> None:
    size = (480, 854)  # 0.008 of the diagonal is 7.8 pixels: 8
    truth = rectangle(size, 100, 100, 300, 300)

    assert boundary_f(rectangle(size, 108, 100, 308, 300), truth) == 1.0
    assert boundary_f(rectangle(size, 109, 100, 309, 300), truth) < 1.0


def test_only_one_boundary_is_no_match() -> None:
    mask = rectangle((20, 20), 5, 5, 9, 9)

    assert boundary_f(np.zeros_like(mask), mask) == 0.0
    assert boundary_f(mask, np.zeros_like(mask)) == 0.0
    assert boundary_f(np.zeros_like(mask), np.zeros_like(mask)) == 1.0


def test_the_frame_of_the_image_is_no_boundary() -> None:
    everything = np.ones((20, 20), bool)

    assert boundary_f(everything, everything) == 1.0
    assert boundary_f(everything, rectangle((20, 20), 5, 5, 9, 9)) == 0.0


def test_void_is_taken_out_of_both_boundaries() -> None:
    size = (30, 30)
    truth, void = rectangle(size, 5, 5, 15, 15), rectangle(size, 15, 0, 30, 30)

    assert boundary_f(rectangle(size, 5, 5, 25, 15), truth, void) == 1.0
    assert boundary_f(rectangle(size, 5, 5, 25, 15), truth) < 1.0


@pytest.mark.parametrize(
    ("area", "expected"), [(1023, "small"), (1024, "medium"), (9215, "medium"), (9216, "large")]
)
def test_size_classes_are_cocos(area: int, expected: str) -> None:
    assert size_class(area) == expected


@pytest.mark.parametrize(
    ("filled", "expected"), [(39, "sparse"), (40, "half"), (59, "half"), (60, "full")]
)
def test_fill_classes_look_at_the_tight_box(filled: int, expected: str) -> None:
    mask = np.zeros((20, 30), bool)
    part = np.zeros((10, 10), bool)
    part.flat[: filled - 1] = True
    part[9, 9] = True  # the box stays 10 x 10
    mask[5:15, 10:20] = part
    assert fill_class(mask) == expected


def test_an_empty_mask_has_no_fill_class() -> None:
    with pytest.raises(ValueError, match="empty"):
        fill_class(np.zeros((4, 4), bool))
