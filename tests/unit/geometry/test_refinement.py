from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from extremecut.geometry.refinement import SURE, bend_through, further_points

SIDE = 64


def left_half() -> NDArray[np.float32]:
    """Sure of the left half, its edge at column 31.5, three columns soft on each side."""
    columns = (31.5 - np.arange(SIDE)) / 1.0
    row = 1 / (1 + np.exp(-columns))
    return np.tile(row.astype(np.float32), (SIDE, 1))


def test_extreme_points_are_no_further_points() -> None:
    extremes = np.array([[0.0, 5.0], [4.0, 0.0], [9.0, 6.0], [5.0, 9.0]])
    assert further_points(extremes).shape == (0, 2)
    more = np.vstack([extremes[:2], [[2.0, 2.0]], extremes[2:], [[7.0, 3.0]]])
    np.testing.assert_array_equal(further_points(more), [[2.0, 2.0], [7.0, 3.0]])
    # Two points may share a side: both are extreme.
    shared = np.vstack([extremes, [[0.0, 7.0]]])
    assert further_points(shared).shape == (0, 2)


@pytest.mark.parametrize("column", [24, 40])
def test_the_edge_runs_through_the_point(column: int) -> None:
    before = left_half()
    after = bend_through(before, np.array([[column, 20.0]]), threshold=0.5)
    assert after.dtype == np.float32 and after.shape == before.shape
    assert after[20, column] == pytest.approx(0.5, abs=1e-6)
    inside = after[20] > 0.5
    # In its row the edge is where the point is, give or take the pixel it lies on ...
    assert abs(int(inside.sum()) - column) <= 1
    assert not np.any(np.diff(inside.astype(int)) > 0)  # ... with nothing left over
    # Far away next to nothing has changed.
    np.testing.assert_allclose(after[56:], before[56:], atol=1e-3)


@pytest.mark.parametrize("column", [24, 40])
def test_what_lies_between_point_and_edge_moves_though_the_network_is_sure_of_it(
    column: int,
) -> None:
    sure = (left_half() > 0.5).astype(np.float32)
    after = bend_through(sure, np.array([[column, 20.0]]), threshold=0.5)
    between = slice(min(column, 32) + 1, max(column, 32))
    assert ((after[20, between] > 0.5) == (column > 32)).all()
    # A wedge, not a stripe: the further from the point, the wider.
    changed = (after > 0.5) != (sure > 0.5)
    heights = changed.sum(axis=0)
    assert heights[column] <= 1 < heights[28 if column < 32 else 34]


def test_to_the_sides_a_point_is_heard_as_far_as_the_edge_has_to_move() -> None:
    sure = (left_half() > 0.5).astype(np.float32)
    after = bend_through(sure, np.array([[24, 20.0]]), threshold=0.5)
    # The next pixel outside is 8 columns away: a Gaussian of sigma 8, here two sigmas off.
    odds = np.log(after / (1 - after))[[4, 36], 24]
    assert odds == pytest.approx(math.log((1 - SURE) / SURE) * (1 - math.exp(-2)), rel=1e-3)


def test_a_small_correction_stays_small() -> None:
    sure = (left_half() > 0.5).astype(np.float32)
    after = bend_through(sure, np.array([[31, 20.0]]), threshold=0.5)
    assert after[20, 31] == pytest.approx(0.5, abs=1e-6)
    np.testing.assert_allclose(after[24:], np.clip(sure, SURE, 1 - SURE)[24:], atol=2e-6)


def test_the_threshold_is_what_the_edge_is_taken_at() -> None:
    after = bend_through(left_half(), np.array([[36.0, 20.0]]), threshold=0.7)
    assert after[20, 36] == pytest.approx(0.7, abs=1e-5)


def test_a_point_on_the_edge_changes_next_to_nothing() -> None:
    before = left_half()
    after = bend_through(before, np.array([[31.0, 20.0]]), threshold=0.5)
    assert np.count_nonzero((after > 0.5) != (before > 0.5)) <= 3


def test_the_edge_runs_through_points_that_disturb_each_other() -> None:
    points = np.array([[24, 20], [22, 28], [25, 36], [40, 52]])
    after = bend_through(left_half(), points.astype(float), threshold=0.5)
    # Next to each point the mask ends, at its own pixel or at a neighbour.
    inside = after > 0.5
    for column, row in points:
        assert inside[row, column - 2] and not inside[row, column + 2]


def test_points_that_contradict_each_other_leave_a_map_of_probabilities() -> None:
    rng = np.random.default_rng(3)
    points = rng.uniform(0, SIDE - 1, (40, 2))
    after = bend_through(left_half(), points, threshold=0.5)
    assert np.isfinite(after).all() and after.min() >= 0 and after.max() <= 1


@pytest.mark.parametrize(("side", "count"), [(2, 3), (16, 400), (64, 40)])
def test_no_number_of_contradicting_points_is_too_much_for_a_sure_map(
    side: int, count: int
) -> None:
    rng = np.random.default_rng(side)
    sure = (np.add.outer(np.arange(side), np.arange(side)) < side).astype(np.float32)
    for _ in range(20):
        points = rng.uniform(0, side - 1, (count, 2))
        after = bend_through(sure, points, threshold=0.5)  # an overflow's warning is an error
        assert after.min() >= 0 and after.max() <= 1
        # The last point is obeyed, whatever came before it.
        column, row = np.rint(points[-1]).astype(int)
        assert after[row, column] == pytest.approx(0.5, abs=0.03)


def test_without_points_or_without_an_edge_the_map_is_as_it_was() -> None:
    before = left_half()
    assert bend_through(before, np.zeros((0, 2)), threshold=0.5) is before
    outside = np.array([[-1.0, 5.0], [5.0, SIDE - 0.5]])
    assert bend_through(before, outside, threshold=0.5) is before
    nothing = np.zeros((SIDE, SIDE), np.float32)
    after = bend_through(nothing, np.array([[9.0, 9.0]]), threshold=0.5)
    assert not (after > 0.5).any()
