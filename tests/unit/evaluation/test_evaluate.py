from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from extremecut.datasets.sample import ObjectSample
from extremecut.datasets.synthetic import SyntheticObjects
from extremecut.errors import PointsError
from extremecut.evaluation.evaluate import (
    Settings,
    count_rows,
    evaluate,
    evaluate_all,
    simulated_points,
    spread_indices,
)
from extremecut.evaluation.methods import Outcome
from extremecut.geometry.extreme_points import extreme_points


class BoxMethod:
    """Answers with the points' box; remembers the points."""

    def __init__(self, name: str = "box") -> None:
        self.name = name
        self.seen: list[NDArray[np.float64]] = []

    def segment(self, image: NDArray[np.uint8], points_xy: NDArray[np.float64]) -> Outcome:
        self.seen.append(points_xy)
        (x0, y0), (x1, y1) = np.rint(points_xy.min(axis=0)), np.rint(points_xy.max(axis=0))
        mask = np.zeros(image.shape[:2], bool)
        mask[max(int(y0), 0) : int(y1) + 1, max(int(x0), 0) : int(x1) + 1] = True
        return Outcome(mask, 0.6, lambda: mask * np.float32(0.5))


class Refusing:
    name = "refusing"

    def segment(self, image: NDArray[np.uint8], points_xy: NDArray[np.float64]) -> Outcome:
        raise PointsError("no")


class OneObject:
    """An L of 30 pixels in a 6 x 6 box, a column of void beside it."""

    name = "one"

    def __len__(self) -> int:
        return 1

    def __getitem__(self, index: int) -> ObjectSample:
        mask = np.zeros((10, 20), bool)
        mask[2:8, 3:9] = True
        mask[2:4, 6:9] = False
        void = np.zeros_like(mask)
        void[:, 9] = True
        return ObjectSample(np.zeros((10, 20, 3), np.uint8), mask, void, "L")


def test_a_row_holds_the_measures_of_its_object() -> None:
    [row] = evaluate(OneObject(), BoxMethod(), thresholds=(0.4, 0.6))

    assert (row.data, row.method, row.name, row.index) == ("one", "box", "L", 0)
    assert (row.area_px, row.area_fraction, row.size, row.fill) == (30, 0.15, "small", "full")
    assert row.iou == pytest.approx(30 / 36)
    assert row.error == pytest.approx(6 / 36)
    assert row.sweep == pytest.approx((30 / 36, 0.0))
    assert row.confidence == 0.6
    assert row.seconds > 0
    assert not row.refused


def test_refused_points_count_as_an_empty_mask() -> None:
    [row] = evaluate(OneObject(), Refusing(), thresholds=(0.3, 0.5))

    assert (row.iou, row.boundary_f, row.refused, row.sweep) == (0.0, 0.0, True, (0.0, 0.0))


def test_exact_points_are_the_middles_of_the_ties() -> None:
    sample = OneObject()[0]

    points = simulated_points(sample)

    assert points.tolist() == extreme_points(sample.mask).tolist()
    assert points.tolist() == [[3, 5], [4, 2], [8, 6], [6, 7]]


def test_noise_depends_on_seed_and_name_alone() -> None:
    sample = OneObject()[0]

    noisy = simulated_points(sample, noise_px=5)

    assert np.abs(noisy - simulated_points(sample)).max() <= 5
    assert np.array_equal(noisy, simulated_points(sample, noise_px=5))
    assert not np.array_equal(noisy, simulated_points(sample, noise_px=5, seed=1))
    other = ObjectSample(sample.image, sample.mask, None, "another")
    assert not np.array_equal(noisy, simulated_points(other, noise_px=5))


@pytest.mark.parametrize("name", ["caf\udce9.png", "\ud800"])
def test_names_that_are_no_text_have_their_noise_too(name: str) -> None:
    sample = replace(OneObject()[0], name=name)

    noisy = simulated_points(sample, noise_px=5)

    assert np.array_equal(noisy, simulated_points(sample, noise_px=5))
    assert not np.array_equal(noisy, simulated_points(OneObject()[0], noise_px=5))


def test_the_noise_of_a_name_is_the_same_in_every_version() -> None:
    noisy = simulated_points(replace(OneObject()[0], name="café.png"), noise_px=5)

    assert noisy[0] == pytest.approx([7.9710753, 6.7769314])


def test_noise_never_moves_all_points_off_the_image() -> None:
    mask = np.zeros((30, 30), bool)
    mask[0, 29] = True
    for number in range(60):
        sample = ObjectSample(np.zeros((30, 30, 3), np.uint8), mask, None, str(number))
        low, high = (f(simulated_points(sample, noise_px=9), axis=0) for f in (np.min, np.max))
        assert high[1] >= -0.5
        assert low[0] < 29.5


@pytest.mark.parametrize(
    ("count", "limit", "expected"),
    [
        (4, None, [0, 1, 2, 3]),
        (4, 9, [0, 1, 2, 3]),
        (9, 3, [0, 4, 8]),
        (5, 1, [0]),
        (5, 0, []),
    ],
)
def test_limits_spread_evenly(count: int, limit: int | None, expected: list[int]) -> None:
    assert spread_indices(count, limit) == expected


def test_model_and_baselines_see_the_same_points_of_the_same_objects() -> None:
    model, baseline = BoxMethod("model"), BoxMethod("baseline")
    settings = Settings(noise_px=(0.0, 5.0), limit=4, baseline_limit=2, thresholds=(0.3,))
    sets = [SyntheticObjects(9, seed=0, name="a"), SyntheticObjects(3, seed=1, name="b")]
    ticks = []

    rows = evaluate_all(sets, model, [baseline], settings, on_row=ticks.append)

    assert len(rows) == len(ticks) == count_rows(sets, model, [baseline], settings)
    groups = {}
    for row in rows:
        groups.setdefault((row.data, row.method, row.noise_px), []).append(row.index)
    assert groups == {
        ("a", "model", 0.0): [0, 3, 5, 8],
        ("a", "model", 5.0): [0, 3, 5, 8],
        ("a", "baseline", 0.0): [0, 8],
        ("b", "model", 0.0): [0, 1, 2],
        ("b", "model", 5.0): [0, 1, 2],
        ("b", "baseline", 0.0): [0, 2],
    }
    assert np.array_equal(baseline.seen[1], model.seen[3])
    assert all(bool(row.sweep) == (row.method == "model" and row.noise_px == 0) for row in rows)


def test_the_noise_of_all_sets_follows_the_seed() -> None:
    def points(seed: int) -> NDArray[np.float64]:
        model = BoxMethod()
        evaluate_all([OneObject()], model, [], Settings(noise_px=(5.0,), seed=seed))
        return model.seen[0]

    assert np.array_equal(points(7), simulated_points(OneObject()[0], noise_px=5.0, seed=7))
    assert not np.array_equal(points(7), points(8))
