from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extremecut.evaluation.statistics import (
    bootstrap_interval,
    reliability,
    share_at_least,
    spearman,
)


def test_the_interval_of_equal_values_is_a_point() -> None:
    assert bootstrap_interval(np.full(30, 0.7)) == pytest.approx((0.7, 0.7))


def test_the_interval_of_many_values_is_the_normal_one() -> None:
    values = np.random.default_rng(0).normal(0.8, 0.1, 4000)

    low, high = bootstrap_interval(values)

    reach = 1.96 * values.std() / np.sqrt(4000)
    assert (low, high) == pytest.approx((values.mean() - reach, values.mean() + reach), abs=2e-4)


def test_the_interval_depends_on_the_seed_alone() -> None:
    values = np.random.default_rng(1).random(50)

    assert bootstrap_interval(values, seed=3) == bootstrap_interval(values, seed=3)
    assert bootstrap_interval(values, seed=3) != bootstrap_interval(values, seed=4)


def test_a_wider_level_gives_a_wider_interval() -> None:
    values = np.random.default_rng(1).random(50)

    low, high = bootstrap_interval(values, level=0.5)
    wider_low, wider_high = bootstrap_interval(values, level=0.95)

    assert wider_low < low < values.mean() < high < wider_high


def test_an_interval_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one value"):
        bootstrap_interval(np.zeros(0))


def test_shares_count_values_at_the_limit() -> None:
    assert share_at_least(np.array([0.85, 0.9, 0.2, 0.84]), 0.85) == 0.5
    assert share_at_least(np.zeros(0), 0.5) == 0.0


def test_the_rank_correlation_of_a_known_example() -> None:
    # Ranks 1..5 against 2, 1, 4, 3, 5: 1 - 6 * 4 / (5 * 24).
    assert spearman(np.array([1.0, 2, 3, 4, 5]), np.array([20.0, 10, 40, 30, 50])) == pytest.approx(
        0.8
    )


def test_ties_share_their_mean_rank() -> None:
    # Ranks 1.5, 1.5, 3 against 1, 2, 3: 1.5 / sqrt(1.5 * 2).
    assert spearman(np.array([5.0, 5, 9]), np.array([1.0, 2, 3])) == pytest.approx(3**0.5 / 2)


@given(st.lists(st.integers(-50, 50), min_size=3, max_size=10, unique=True))
def test_only_the_order_matters(values: list[int]) -> None:
    first = np.array(values, float)

    assert spearman(first, np.arctan(first)) == pytest.approx(1.0)
    assert spearman(first, -first) == pytest.approx(-1.0)


def test_a_constant_has_no_rank_correlation() -> None:
    assert spearman(np.ones(4), np.arange(4.0)) is None
    assert spearman(np.ones(1), np.ones(1)) is None


def test_lists_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        spearman(np.ones(2), np.ones(3))


def test_reliability_compares_confidence_and_iou() -> None:
    found = reliability(np.array([0.95, 0.85, 0.25, 1.0]), np.array([0.9, 0.9, 0.4, 1.0]))

    assert found is not None
    assert found.count == 4
    assert found.mean_difference == pytest.approx((0.05 + 0.05 + 0.15) / 4)
    assert found.bias == pytest.approx((0.05 - 0.05 - 0.15) / 4)
    assert [(b.low, b.high, b.count) for b in found.bins] == [
        (0.2, 0.3, 1),
        (0.8, 0.9, 1),
        (0.9, 1.0, 2),
    ]
    assert found.bins[2].mean_confidence == pytest.approx(0.975)
    assert found.bins[2].mean_iou == pytest.approx(0.95)


def test_without_objects_there_is_no_reliability() -> None:
    assert reliability(np.zeros(0), np.zeros(0)) is None
