from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from extremecut.datasets.sample import ObjectSample
from extremecut.datasets.synthetic import SyntheticObjects
from extremecut.geometry.boxes import Margin
from extremecut.geometry.extreme_points import extreme_points
from extremecut.inputs import InputSpec
from extremecut.training.augment import Augmentation
from extremecut.training.stream import (
    UNIFORM_CEILING,
    ExampleStream,
    PointNoise,
    example_points,
    make_example,
)

SPEC = InputSpec(size_px=32)
EXACT = PointNoise(jitter_px=0, uniform=0.0, extra=0.0)


def make_stream(*, seed: int = 1, weights: tuple[float, ...] = (1.0,)) -> ExampleStream:
    sets = [SyntheticObjects(10, seed=index) for index in range(len(weights))]
    return ExampleStream(
        sets, weights, spec=SPEC, augmentation=Augmentation(), noise=PointNoise(), seed=seed
    )


def test_an_example_is_a_function_of_seed_and_number() -> None:
    first, again, other = make_stream(), make_stream(), make_stream(seed=2)
    first[3]  # earlier draws leave no trace
    for left, right in zip(first[7], again[7], strict=True):
        np.testing.assert_array_equal(left, right)
    assert not np.array_equal(first[7].array, first[8].array)
    assert not np.array_equal(first[7].array, other[7].array)


def test_an_example_has_an_input_a_soft_target_and_void() -> None:
    example = make_stream()[0]
    assert example.array.shape == (4, 32, 32) and example.array.dtype == np.float32
    assert example.target.shape == (1, 32, 32) and example.target.min() >= 0
    assert example.target.max() == 1.0
    assert example.void.shape == (1, 32, 32) and not example.void.any()


def test_a_target_is_the_share_of_each_crop_pixel_that_the_mask_covers() -> None:
    image = np.zeros((40, 40, 3), np.uint8)
    mask = np.zeros((40, 40), bool)
    mask[10:30, 10:29] = True
    void = np.zeros((40, 40), bool)
    void[10:30, 29] = True
    points = np.array([[10.0, 15.0], [15.0, 10.0], [29.0, 15.0], [15.0, 29.0]])
    spec = InputSpec(size_px=10, margin=Margin(0))
    example = make_example(ObjectSample(image, mask, void), points, spec)
    # 20 x 20 pixels on 10 x 10: the last column is half object, half void.
    assert (example.target[0, :, :9] == 1).all()
    assert example.target[0, :, 9] == pytest.approx(0.5, abs=0.01)
    assert not example.void[0, :, :9].any()


def test_weights_are_shares_of_the_draws() -> None:
    stream = make_stream(weights=(3.0, 1.0))
    stream.sets = [_Named("a"), _Named("b")]  # type: ignore[list-item]
    rng = np.random.default_rng(0)
    names = [stream._draw(rng).name for _ in range(400)]
    assert 0.7 < names.count("a") / 400 < 0.8


def test_objects_that_leave_their_box_empty_can_be_preferred() -> None:
    full = np.ones((10, 10), bool)
    sparse = np.eye(10, dtype=bool)  # a tenth of its box
    stream = make_stream()
    stream.sets = [[ObjectSample(np.zeros((10, 10, 3), np.uint8), mask) for mask in (full, sparse)]]  # type: ignore[list-item]
    stream.augmentation = replace(Augmentation.none(), prefer_sparse=0.8)
    rng = np.random.default_rng(0)
    drawn = [stream._draw_to_learn(rng).mask for _ in range(600)]
    # Kept with 0.2 and 0.92: of those kept, 0.92 / 1.12 are the sparse one.
    assert np.mean([mask is sparse for mask in drawn]) == pytest.approx(0.92 / 1.12, abs=0.05)


def test_compositions_change_what_is_to_be_learned() -> None:
    plain = make_stream()
    plain.augmentation = Augmentation.none()
    composed = make_stream()
    composed.augmentation = replace(Augmentation.none(), occluder_inside=1.0, distractor=1.0)
    targets = [(plain[n].target.sum(), composed[n].target.sum()) for n in range(6)]
    assert any(first != second for first, second in targets)


class _Named:
    def __init__(self, name: str) -> None:
        self.name = name

    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: int) -> ObjectSample:
        return ObjectSample(np.zeros((1, 1, 3), np.uint8), np.ones((1, 1), bool), name=self.name)


def test_points_are_exact_without_noise_and_inside_the_mask_with_jitter() -> None:
    mask = np.zeros((50, 50), bool)
    mask[10:40, 5:45] = True
    exact = example_points(mask, EXACT, np.random.default_rng(0), photo_side_px=40)
    assert exact[:, 0].min() == 5 and exact[:, 0].max() == 44
    jittered = PointNoise(jitter_px=5, uniform=0.0, extra=0.0)
    for seed in range(20):
        points = example_points(mask, jittered, np.random.default_rng(seed), photo_side_px=40)
        assert len(points) == 4
        assert all(mask[int(y), int(x)] for x, y in points)


def test_now_and_then_there_are_more_than_four_points() -> None:
    mask = np.zeros((50, 50), bool)
    mask[10:40, 5:45] = True
    noise = PointNoise(jitter_px=0, uniform=0.0, extra=1.0)
    counts = {
        len(example_points(mask, noise, np.random.default_rng(seed), photo_side_px=40))
        for seed in range(30)
    }
    assert counts == {5, 6, 7}


@pytest.mark.parametrize(
    ("photo_side_px", "largest"),
    [(400, 0.06), (50, 0.12), (10, UNIFORM_CEILING)],  # 6 px of each are 1.5, 12 and 60 %
)
def test_noise_is_larger_for_objects_small_in_their_photo(
    photo_side_px: float, largest: float
) -> None:
    away = np.abs(np.arange(121) - 60)
    mask = away[:, None] + away <= 50  # a diamond 101 pixels wide, with one pixel at each extreme
    noise = PointNoise(jitter_px=0, uniform=1.0, uniform_fraction=0.06, uniform_px=6, extra=0.0)
    misses = [
        np.abs(
            example_points(mask, noise, np.random.default_rng(seed), photo_side_px=photo_side_px)
            - extreme_points(mask)
        ).max()
        for seed in range(300)
    ]
    assert 0.85 * largest * 101 < max(misses) <= largest * 101


def test_every_set_needs_a_weight() -> None:
    with pytest.raises(ValueError, match="one weight a set"):
        ExampleStream(
            [SyntheticObjects(2)], [], spec=SPEC, augmentation=Augmentation(), noise=EXACT, seed=0
        )
