from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extremecut.errors import ConfigError
from extremecut.geometry.guided_filter import (
    LEAST_SOFTNESS,
    MOST_SOFTNESS,
    GuidedFilter,
    follow_edges,
)

SIDE = 32
COLUMNS = np.tile(np.arange(SIDE), (SIDE, 1))


def step(at: int) -> np.ndarray:
    return (at <= COLUMNS).astype(np.float32)


@pytest.mark.parametrize("channel", [0, 1, 2])
@pytest.mark.parametrize("off_by", [-2, -1, 1, 2])
def test_an_edge_beside_that_of_the_photo_moves_onto_it(
    channel: int, off_by: int, halves: Any
) -> None:
    right = np.zeros(3)
    right[channel] = 2.0
    rgb = halves((0, 0, 0), tuple(right))
    sharp = follow_edges(step(16 + off_by), rgb, GuidedFilter())
    assert np.array_equal(sharp > 0.5, step(16) > 0.5)


def test_a_dark_object_is_followed_like_a_light_one(halves: Any) -> None:
    rgb = halves((0, 1, 2), (2, 0, 1))
    light = follow_edges(step(15), rgb, GuidedFilter())
    dark = follow_edges(1 - step(15), rgb, GuidedFilter())
    assert np.allclose(light, 1 - dark, atol=1e-5)


def test_a_map_that_is_linear_in_the_colours_stays_what_it_is() -> None:
    rng = np.random.default_rng(0)
    rgb = rng.uniform(-1, 1, (3, SIDE // 2, SIDE // 2)).repeat(2, 1).repeat(2, 2).astype(np.float32)
    linear = 0.5 + 0.2 * rgb[0] - 0.15 * rgb[1] + 0.1 * rgb[2]
    followed = follow_edges(linear, rgb, GuidedFilter(softness=1e-5))
    assert np.allclose(followed, linear, atol=1e-3)


def test_where_the_photo_shows_nothing_the_map_is_the_mean_of_its_windows() -> None:
    rgb = np.full((3, SIDE, SIDE), 0.7, np.float32)
    flat = follow_edges(step(16), rgb, GuidedFilter(radius_px=4))
    # At half the resolution the edge lies between columns 7 and 8, windows have 5 columns, and the
    # means are averaged once more: at column 8 they are 1, 2, 3, 4 and 5 fifths.
    means = np.array([0, 0, 1, 3, 6, 10, 15, 19, 22, 24, 25, 25]) / 25  # columns 2 to 13
    half = flat[SIDE // 2].reshape(-1, 2).mean(axis=1)
    assert half[2:14] == pytest.approx(means, abs=0.03)


def test_the_map_and_the_photo_are_not_changed(halves: Any) -> None:
    soft, rgb = step(14), halves((0, 0, 0), (1, 1, 1))
    before = soft.copy(), rgb.copy()
    follow_edges(soft, rgb, GuidedFilter())
    assert np.array_equal(soft, before[0])
    assert np.array_equal(rgb, before[1])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 41), st.sampled_from([2, 4, 8]))
def test_any_photo_gives_probabilities(seed: int, side: int, radius_px: int) -> None:
    rng = np.random.default_rng(seed)
    probability = rng.random((side, side), np.float32)
    rgb = rng.uniform(-2.2, 2.7, (3, side, side)).astype(np.float32)
    followed = follow_edges(probability, rgb, GuidedFilter(radius_px=radius_px))
    assert followed.shape == (side, side)
    assert followed.dtype == np.float32
    assert followed.min() >= 0
    assert followed.max() <= 1


@pytest.mark.parametrize("plain", [0.0, 1.0])
def test_a_sure_answer_stays_sure(plain: float) -> None:
    rgb = np.random.default_rng(1).normal(size=(3, SIDE, SIDE)).astype(np.float32)
    answer = follow_edges(np.full((SIDE, SIDE), plain, np.float32), rgb, GuidedFilter())
    assert np.allclose(answer, plain, atol=1e-4)


@pytest.mark.parametrize("softness", [LEAST_SOFTNESS, MOST_SOFTNESS])
def test_every_softness_allowed_gives_probabilities_on_a_black_and_white_photo(
    softness: float,
) -> None:
    # All three channels say the same, and as much of it as a photo can: the hardest fit.
    rng = np.random.default_rng(3)
    grey = np.where(rng.random((1, SIDE, SIDE)) > 0.5, 2.64, -2.12).astype(np.float32)
    probability = rng.random((SIDE, SIDE), np.float32)
    followed = follow_edges(probability, grey.repeat(3, 0), GuidedFilter(softness=softness))
    assert followed.min() >= 0 and followed.max() <= 1


@pytest.mark.parametrize(
    "wrong",
    [{"radius_px": 0}, {"radius_px": 3}, {"radius_px": 10**9}, {"softness": 0.0},
     {"softness": 1e-9}, {"softness": 1e308}, {"softness": float("nan")}, {"most_enlarged": 0.0}],
)  # fmt: skip
def test_settings_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match=next(iter(wrong))):
        GuidedFilter(**wrong)  # type: ignore[arg-type]
