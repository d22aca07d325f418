from __future__ import annotations

import numpy as np

from extremecut.geometry.corrections import (
    correction_point,
    furthest_boundary,
    largest_region,
)


def test_the_largest_piece_is_found_and_of_nothing_none() -> None:
    wrong = np.zeros((6, 10), np.bool_)
    assert largest_region(wrong) is None
    wrong[0, 0] = wrong[2:5, 4:8] = True
    region = largest_region(wrong)
    assert region is not None
    assert region.sum() == 12 and not region[0, 0]


def test_pieces_that_touch_by_a_corner_are_one() -> None:
    wrong = np.zeros((6, 10), np.bool_)
    wrong[[0, 1, 2], [0, 1, 2]] = True
    wrong[5, 7:9] = True
    region = largest_region(wrong)
    assert region is not None and region[:3, :3].sum() == region.sum() == 3


def test_the_boundary_point_lies_at_the_far_end_of_what_is_missing() -> None:
    truth = np.zeros((20, 40), np.bool_)
    truth[5:15, 5:35] = True
    shown = truth.copy()
    shown[:, 15:] = False
    place = furthest_boundary(truth, shown, truth & ~shown)
    assert place is not None
    assert place[0] == 34 and truth[int(place[1]), int(place[0])]


def test_there_is_no_such_point_when_nothing_is_shown() -> None:
    truth = np.zeros((9, 9), np.bool_)
    truth[2:7, 2:7] = True
    assert furthest_boundary(truth, np.zeros_like(truth), truth) is None


def test_the_next_click_is_at_the_largest_wrong_region_that_is_known() -> None:
    truth = np.zeros((20, 60), np.bool_)
    truth[5:15, 10:50] = True
    shown = np.zeros_like(truth)
    shown[5:15, 15:42] = True
    everywhere = np.ones_like(truth)
    place = correction_point(truth, shown, everywhere)
    assert place is not None and place[0] == 49
    known = everywhere.copy()
    known[:, 42:] = False
    place = correction_point(truth, shown, known)
    assert place is not None and place[0] == 10


def test_a_right_mask_needs_no_click() -> None:
    truth = np.zeros((9, 9), np.bool_)
    truth[2:7, 2:7] = True
    assert correction_point(truth, truth, np.ones_like(truth)) is None
