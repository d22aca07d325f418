from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extremecut.errors import ConfigError
from extremecut.geometry.colour_odds import MOST_SHARE, MOST_WEIGHT, ColourOdds, weigh_colours

SIDE = 32
HALF = np.full((SIDE, SIDE), 0.5, np.float32)
LEFT_POINTS = np.array([[2.0, 16.0], [8.0, 4.0], [8.0, 28.0], [13.0, 16.0]])


def split_at(column: int, left: float, right: float) -> np.ndarray:
    """(32, 32), one value to the left of the column, another from there on."""
    row = np.where(np.arange(SIDE) < column, left, right).astype(np.float32)
    return np.tile(row, (SIDE, 1))


@pytest.mark.parametrize("channel", [0, 1, 2])
def test_what_has_the_colour_of_the_places_clicked_becomes_more_probable(
    channel: int, halves: Any
) -> None:
    right = np.zeros(3)
    right[channel] = 2.0
    settings = ColourOdds(elsewhere=0.0, weight=1.0)
    found = weigh_colours(HALF, halves((0, 0, 0), tuple(right)), LEFT_POINTS, settings)
    # At the points everything is left's colour; of the rest each half has half. The histograms'
    # smoothing leaves 2/3 or, at an end, 5/6 in a bin, the same for object and rest.
    assert found[16, 4] == pytest.approx(2 / 3, abs=0.02)
    assert found[16, 28] < 0.2
    mirrored = weigh_colours(
        HALF,
        halves((0, 0, 0), tuple(right)),
        np.array([[SIDE - 1, SIDE - 1]]) - LEFT_POINTS,
        settings,
    )
    assert np.allclose(mirrored, found[::-1, ::-1], atol=1e-5)


def test_an_object_of_two_colours_keeps_that_without_a_point_where_the_weight_is_small(
    halves: Any,
) -> None:
    sure = split_at(24, 0.95, 0.05)
    rgb = halves((0, 0, 0), (2, 0, 0))
    rgb[:, :, 24:] = 1.0
    found = weigh_colours(sure, rgb, LEFT_POINTS, ColourOdds(weight=0.25))
    assert ((found > 0.5) == (sure > 0.5)).all()


def test_at_most_a_colour_says_e_cubed_to_one(halves: Any) -> None:
    rgb = halves((0, 0, 0), (2, 2, 2))
    split = split_at(16, 0.999, 0.001)
    split[10, 4] = 0.5
    found = weigh_colours(split, rgb, LEFT_POINTS, ColourOdds(weight=1.0))
    assert found[10, 4] == pytest.approx(1 / (1 + math.exp(-3)), abs=0.01)


def test_a_speck_of_another_colour_makes_no_hole(halves: Any) -> None:
    rgb = halves((0, 0, 0), (2, 2, 2))
    rgb[:, 10:14, 4:8] = 2.0
    split = split_at(16, 0.7, 0.2)
    assert weigh_colours(split, rgb, LEFT_POINTS, ColourOdds(smooth=0.001))[12, 6] < 0.5
    assert weigh_colours(split, rgb, LEFT_POINTS, ColourOdds(smooth=0.15))[12, 6] > 0.5


def test_the_weight_multiplies_what_colours_say(halves: Any) -> None:
    rgb = halves((0, 0, 0), (2, 2, 2))
    half, whole = (
        weigh_colours(HALF, rgb, LEFT_POINTS, ColourOdds(weight=weight))[16, 4]
        for weight in (0.5, 1.0)
    )
    assert whole > 0.6
    assert whole / (1 - whole) == pytest.approx((half / (1 - half)) ** 2, rel=0.01)


def test_a_colour_of_few_pixels_says_little(halves: Any) -> None:
    rgb = halves((0, 0, 0), (0, 0, 0))
    rgb[1, 16:18, 28:30] = 2.0  # one pixel at half the resolution, far from the points
    found = weigh_colours(HALF, rgb, LEFT_POINTS, ColourOdds(elsewhere=0.0))
    assert 0.4 < found[16, 28] < 0.5


def test_noise_is_no_colour() -> None:
    rng = np.random.default_rng(5)
    rgb = 0.7 + rng.uniform(0, 0.05, (3, SIDE, SIDE)).astype(np.float32)
    found = weigh_colours(HALF, rgb, LEFT_POINTS, ColourOdds())
    assert np.allclose(found, HALF, atol=1e-3)


def test_one_colour_says_nothing() -> None:
    probability = np.random.default_rng(0).random((SIDE, SIDE), np.float32)
    plain = np.full((3, SIDE, SIDE), 0.7, np.float32)
    found = weigh_colours(probability, plain, LEFT_POINTS, ColourOdds())
    assert np.allclose(found, probability, atol=1e-3)


def test_brightness_and_contrast_of_the_photo_make_no_difference() -> None:
    rng = np.random.default_rng(2)
    rgb = rng.uniform(-1, 1, (3, SIDE, SIDE)).astype(np.float32)
    probability = rng.random((SIDE, SIDE), np.float32)
    first = weigh_colours(probability, rgb, LEFT_POINTS, ColourOdds())
    second = weigh_colours(probability, 2 * rgb + 0.5, LEFT_POINTS, ColourOdds())
    assert np.allclose(first, second, atol=0.02)


def test_the_map_and_the_photo_are_not_changed(halves: Any) -> None:
    probability, rgb = HALF.copy(), halves((0, 0, 0), (1, 1, 1))
    before = probability.copy(), rgb.copy()
    weigh_colours(probability, rgb, LEFT_POINTS, ColourOdds())
    assert np.array_equal(probability, before[0])
    assert np.array_equal(rgb, before[1])


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 41),
    st.integers(2, 24),
    st.lists(st.tuples(*[st.floats(-60, 100)] * 2), min_size=1, max_size=6),
)
def test_any_photo_gives_probabilities_and_what_is_sure_stays(
    seed: int, side: int, bins: int, points: list[tuple[float, float]]
) -> None:
    rng = np.random.default_rng(seed)
    probability = rng.integers(0, 5, (side, side)).astype(np.float32) / np.float32(4)
    rgb = rng.uniform(-2.2, 2.7, (3, side, side)).astype(np.float32)
    found = weigh_colours(probability, rgb, np.array(points), ColourOdds(bins=bins))
    assert found.shape == (side, side)
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    assert (found[probability == 0] == 0).all()
    assert (found[probability == 1] == 1).all()
    assert ((found > 0) & (found < 1))[(probability > 0) & (probability < 1)].all()


@pytest.mark.parametrize("plain", [0.0, 1.0])
def test_a_map_that_is_sure_everywhere_stays_sure(plain: float) -> None:
    rgb = np.random.default_rng(1).normal(size=(3, SIDE, SIDE)).astype(np.float32)
    sure = np.full((SIDE, SIDE), plain, np.float32)
    assert np.array_equal(weigh_colours(sure, rgb, LEFT_POINTS, ColourOdds()), sure)


def test_the_largest_settings_still_give_probabilities() -> None:
    rng = np.random.default_rng(4)
    rgb = rng.uniform(-2, 2, (3, SIDE, SIDE)).astype(np.float32)
    largest = ColourOdds(weight=MOST_WEIGHT, bins=64, near=MOST_SHARE, smooth=MOST_SHARE)
    found = weigh_colours(rng.random((SIDE, SIDE), np.float32), rgb, LEFT_POINTS, largest)
    assert found.min() >= 0 and found.max() <= 1


@pytest.mark.parametrize(
    "wrong",
    [{"bins": 1}, {"bins": 65}, {"bins": 16.0}, {"weight": 0.0}, {"weight": float("nan")},
     {"weight": 1e308}, {"near": 0.0}, {"near": 1e308}, {"elsewhere": -0.1}, {"elsewhere": 1.5},
     {"smooth": 0.0}, {"smooth": float("inf")}],
)  # fmt: skip
def test_settings_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match=next(iter(wrong))):
        ColourOdds(**wrong)  # type: ignore[arg-type]
