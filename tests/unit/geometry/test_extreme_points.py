from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image

from extremecut.errors import InputError, PointsError
from extremecut.geometry.extreme_points import (
    add_uniform_noise,
    as_points,
    boundary_points,
    extreme_points,
    inner_boundary,
)

SIZE_HW = (100, 200)
SQUARE = [[10, 50], [60, 20], [90, 55], [50, 80]]


class Tensor:
    """As PyTorch's where gradients are asked for."""

    def __array__(self, *_: object, **__: object) -> np.ndarray:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad")


def test_a_diamond_has_its_four_corners() -> None:
    mask = np.zeros((7, 9), bool)
    for row, (start, end) in enumerate([(4, 5), (3, 6), (2, 7), (3, 6), (4, 5)], start=1):
        mask[row, start:end] = True
    assert extreme_points(mask).tolist() == [[2, 3], [4, 1], [6, 3], [4, 5]]


def test_of_ties_the_middle_pixel_is_taken() -> None:
    mask = np.zeros((7, 9), bool)
    mask[2:5, 1:8] = True  # 3 rows, 7 columns
    assert extreme_points(mask).tolist() == [[1, 3], [4, 2], [7, 3], [4, 4]]
    # Ties need not touch: rows 0 and 4 of column 0 are two, the middle of two is the second.
    comb = np.zeros((5, 3), bool)
    comb[[0, 4], 0] = True
    assert extreme_points(comb)[0].tolist() == [0, 4]


def test_a_single_pixel_is_all_four_points() -> None:
    mask = np.zeros((3, 4), bool)
    mask[1, 2] = True
    assert extreme_points(mask).tolist() == [[2, 1]] * 4


def test_an_empty_mask_has_no_extreme_points() -> None:
    with pytest.raises(PointsError, match="empty mask"):
        extreme_points(np.zeros((3, 3), bool))


@pytest.mark.parametrize("shape", [(5,), (5, 6, 3), (2, 5, 6)])
def test_only_a_flat_mask_has_extreme_points(shape: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match=r"a mask must have shape \(H, W\); got shape"):
        extreme_points(np.ones(shape, bool))


@pytest.mark.parametrize("form", [list, np.uint8, np.float32, Image.fromarray])
def test_a_mask_may_be_whatever_numpy_reads(form: Any) -> None:
    mask = np.zeros((6, 7), bool)
    mask[1:4, 2:5] = True
    given = mask.astype(form) * form(255) if form in (np.uint8, np.float32) else form(mask)

    assert extreme_points(given).tolist() == extreme_points(mask).tolist()


@pytest.mark.parametrize("given", [None, "mask", [[1, 2], [3]], np.full((2, 2), np.nan)])
def test_what_is_no_mask_is_refused(given: Any) -> None:
    with pytest.raises(InputError, match="a mask must"):
        extreme_points(given)


@pytest.mark.parametrize("rng", [None, np.random.default_rng(0)])
def test_jitter_reaches_inward(rng: np.random.Generator | None) -> None:
    with pytest.raises(ValueError, match="jitter_px must be at least 0, got -1"):
        extreme_points(np.ones((5, 5), bool), jitter_px=-1, rng=rng)


def test_jitter_draws_mask_pixels_within_reach_of_each_side() -> None:
    mask = np.zeros((30, 40), bool)
    mask[5:25, 10:35] = True
    rng = np.random.default_rng(0)
    drawn = np.stack([extreme_points(mask, jitter_px=3, rng=rng) for _ in range(300)])
    left, top, right, bottom = drawn.transpose(1, 0, 2)
    assert set(left[:, 0]) == {10, 11, 12, 13}
    assert set(top[:, 1]) == {5, 6, 7, 8}
    assert set(right[:, 0]) == {31, 32, 33, 34}
    assert set(bottom[:, 1]) == {21, 22, 23, 24}
    columns, rows = drawn.reshape(-1, 2).astype(int).T
    assert mask[rows, columns].all()


def test_jitter_may_reach_further_than_the_mask_is_wide() -> None:
    mask = np.zeros((9, 9), bool)
    mask[2:7, 4:6] = True
    points = extreme_points(mask, jitter_px=50, rng=np.random.default_rng(1))
    assert all(mask[int(y), int(x)] for x, y in points)


def test_jitter_needs_a_generator_and_repeats_with_it() -> None:
    mask = np.ones((20, 20), bool)
    with pytest.raises(ValueError, match="explicit rng"):
        extreme_points(mask, jitter_px=1)
    first, second = (extreme_points(mask, jitter_px=5, rng=np.random.default_rng(7)) for _ in "ab")
    assert np.array_equal(first, second)


def test_noise_stays_within_its_bound_and_leaves_the_input_alone() -> None:
    points = np.zeros((500, 2))
    noisy = add_uniform_noise(points, noise_px=5.0, rng=np.random.default_rng(0))
    assert 4.5 < np.abs(noisy).max() <= 5.0
    assert not points.any()


def test_the_inner_boundary_runs_along_the_frame_too() -> None:
    boundary = inner_boundary(np.ones((4, 5), bool))
    assert boundary.sum() == 14 and not boundary[1:3, 1:4].any()


def test_boundary_points_have_a_neighbour_outside() -> None:
    mask = np.zeros((8, 8), bool)
    mask[2:6, 2:6] = True
    points = boundary_points(mask, 100, rng=np.random.default_rng(0))
    assert len(points) == 12  # a 4 x 4 square has 12 pixels on its rim
    assert not {(3, 3), (3, 4), (4, 3), (4, 4)} & {(int(x), int(y)) for x, y in points}


def test_boundary_points_unlike_others_lie_off_the_polygon_through_them() -> None:
    diamond = np.abs(np.arange(41) - 20)
    mask = diamond[:, None] + diamond <= 20
    mask[10:31, 15:26] = True
    mask[4:10, 30:36] = True  # sticks out of the diamond, whose corners are its extreme points
    points = boundary_points(mask, 8, rng=np.random.default_rng(0), unlike_xy=extreme_points(mask))
    assert points.shape == (8, 2)
    assert np.mean((points[:, 0] >= 30) & (points[:, 1] < 10)) >= 0.75


def test_boundary_points_are_drawn_by_the_square_of_how_unlike_they_are() -> None:
    mask = np.zeros((1, 4), bool)
    mask[0, [1, 3]] = True  # all boundary; one and three pixels from the line along x = 0
    line = np.array([[0.0, -5], [0, 5]])
    rng = np.random.default_rng(0)
    drawn = [boundary_points(mask, 1, rng=rng, unlike_xy=line)[0, 0] for _ in range(1000)]
    assert np.mean(np.equal(drawn, 3)) == pytest.approx(0.9, abs=0.03)  # 9 to 1


def test_points_come_back_as_a_fresh_float_array() -> None:
    given = np.array(SQUARE, np.float64)
    points = as_points(given, size_hw=SIZE_HW)
    points[0] = 0
    assert given[0].tolist() == [10, 50]
    assert as_points(SQUARE, size_hw=SIZE_HW).dtype == np.float64


def test_points_may_lie_just_outside_the_image() -> None:
    as_points([[-20, 50], [60, -9], [215, 55], [50, 120]], size_hw=SIZE_HW)


def test_points_may_lie_as_far_outside_as_the_image_is_large() -> None:
    # 200 x 100 pixels: the pixels -200 to 399 and -100 to 199.
    as_points([[-200, 50], [60, -100], [399.9, 55], [50, 199.9]], size_hw=SIZE_HW)


def test_lines_and_repeated_points_are_objects_too() -> None:
    as_points([[10, 50], [20, 50], [90, 50], [40, 50]], size_hw=SIZE_HW)
    as_points([[10, 10], [10, 10], [30, 30], [30, 30]], size_hw=SIZE_HW)


@pytest.mark.parametrize(
    ("points", "message"),
    [
        (SQUARE[:3], "got 3"),
        ([], r"shape \(N, 2\)"),
        ([[1, 2, 3]] * 4, r"shape \(N, 2\)"),
        ([1, 2, 3, 4], r"shape \(N, 2\)"),
        ("left top right bottom", "numbers"),
        ([["a", "b"]] * 4, "numbers.*: got text"),
        (None, "points must"),
        ([["10", "50"], ["60", "20"], ["90", "55"], ["50", "80"]], "numbers"),
        (np.array(SQUARE).astype("M8[s]"), "numbers"),
        (np.array(SQUARE) > 50, "numbers"),
        (np.ma.masked_less(SQUARE, 15), "NaN"),
        ([[1, 2], [3]], "numbers"),
        ([*SQUARE[:3], [float("nan"), 1]], "NaN"),
        ([*SQUARE[:3], [float("inf"), 1]], "infinity"),
        ([*SQUARE[:3], [10**400, 1]], "numbers"),
        (np.array([[1j, 2], *SQUARE[1:]]), "complex"),
        (Tensor(), "requires grad"),
        ([*SQUARE[:3], [1e9, 1]], "do not lie on or near"),
        ([*SQUARE[:3], [-200.1, 1]], "do not lie on or near"),
        ([*SQUARE[:3], [1, -100.1]], "do not lie on or near"),
        ([*SQUARE[:3], [400, 1]], "do not lie on or near"),
        ([*SQUARE[:3], [1, 200]], "do not lie on or near"),
        ([[-30, 50], [-20, 20], [-10, 55], [-15, 80]], "do not lie on or near"),
        ([[5, 5]] * 4, r"all 4 points lie on the pixel \(5, 5\)"),
        ([[4.8, 5.2]] * 5, r"all 5 points lie on the pixel \(5, 5\)"),
    ],
)
def test_points_that_describe_no_object_are_refused(points: object, message: str) -> None:
    with pytest.raises(PointsError, match=message):
        as_points(points, size_hw=SIZE_HW)
