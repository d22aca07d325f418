from __future__ import annotations

import numpy as np
import pytest

from extremecut.geometry.guidance import distance_map, gaussian_map

POINT = np.array([[5.0, 3.0]])


def test_a_gaussian_is_one_at_its_point_and_half_at_half_its_width() -> None:
    drawn = gaussian_map(POINT, size_hw=(9, 12), fwhm_px=4.0)
    assert drawn.dtype == np.float32
    assert drawn[3, 5] == 1.0
    assert drawn[3, 7] == pytest.approx(0.5)
    assert drawn[1, 5] == pytest.approx(0.5)
    assert drawn[3, 9] == pytest.approx(0.5**4)  # twice as far: to the fourth power


def test_the_width_is_a_full_width_at_half_maximum() -> None:
    sigma = 10.0 / 2.3548
    drawn = gaussian_map(np.array([[0.0, 0.0]]), size_hw=(1, 20), fwhm_px=10.0)
    assert drawn[0, 7] == pytest.approx(np.exp(-(7**2) / (2 * sigma**2)), rel=1e-3)


def test_where_gaussians_meet_the_larger_counts() -> None:
    pair = np.array([[2.0, 0.0], [6.0, 0.0]])
    drawn = gaussian_map(pair, size_hw=(1, 9), fwhm_px=4.0)
    assert drawn[0, 4] == pytest.approx(0.5)  # not 1.0, their sum
    assert drawn.max() == 1.0


def test_points_outside_still_shine_in() -> None:
    drawn = gaussian_map(np.array([[-2.0, 0.0]]), size_hw=(1, 5), fwhm_px=4.0)
    assert drawn[0, 0] == pytest.approx(0.5)


def test_a_gaussian_ends_where_a_float_cannot_tell_it_from_nothing() -> None:
    drawn = gaussian_map(np.array([[10.0, 0.0]]), size_hw=(1, 120), fwhm_px=40.0)
    assert drawn[0, 107] == pytest.approx(2.0 ** (-4 * 97**2 / 40**2))  # 97 px: within 40 sqrt(6)
    assert drawn[0, 108] == 0.0


@pytest.mark.parametrize("x", [-1e9, -10.0, 40.0, 1e9])
def test_points_too_far_outside_to_shine_in_leave_nothing(x: float) -> None:
    assert not gaussian_map(np.array([[x, 0.0]]), size_hw=(3, 30), fwhm_px=4.0).any()


def test_a_gaussian_may_stand_between_pixels() -> None:
    drawn = gaussian_map(np.array([[1.5, 0.0]]), size_hw=(1, 4), fwhm_px=3.0)
    assert drawn[0, 1] == drawn[0, 2] > drawn[0, 0] == drawn[0, 3]


def test_distances_run_from_zero_at_the_points_to_one_at_the_limit() -> None:
    drawn = distance_map(POINT, size_hw=(9, 12), limit_px=5.0)
    assert drawn[3, 5] == 0.0
    assert drawn[7, 8] == 1.0  # 3 right, 4 down
    assert drawn[3, 7] == pytest.approx(0.4)
    assert drawn.max() == 1.0


def test_widths_must_be_positive() -> None:
    with pytest.raises(ValueError, match="fwhm_px"):
        gaussian_map(POINT, size_hw=(4, 4), fwhm_px=0)
    with pytest.raises(ValueError, match="limit_px"):
        distance_map(POINT, size_hw=(4, 4), limit_px=-1)
