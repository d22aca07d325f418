from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from extremecut.datasets.sample import ObjectSample
from extremecut.errors import ConfigError
from extremecut.geometry.boxes import Box
from extremecut.training.augment import Augmentation, change_colour, warp


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_without_augmentation_the_object_is_only_cut_out(sample: ObjectSample) -> None:
    moved = warp(sample, Augmentation.none(), rng())
    box = Box.around_mask(moved.mask)
    assert box is not None and (box.width, box.height) == (20, 10)
    assert (moved.image[moved.mask] == 255).all()
    assert moved.void is not None and moved.void.sum() == 50
    assert moved.image.shape[:2] == moved.mask.shape == moved.void.shape


def test_a_flip_moves_image_mask_and_void_alike(sample: ObjectSample) -> None:
    plain = warp(sample, Augmentation.none(), rng())
    flipped = warp(sample, replace(Augmentation.none(), flip=1.0), rng())
    assert plain.void is not None and flipped.void is not None
    assert np.array_equal(plain.mask[:, ::-1], flipped.mask)
    assert np.array_equal(plain.void[:, ::-1], flipped.void)
    assert np.array_equal(plain.image[:, ::-1], flipped.image)
    assert np.argwhere(plain.void)[:, 1].mean() < np.argwhere(plain.mask)[:, 1].mean()
    assert np.argwhere(flipped.void)[:, 1].mean() > np.argwhere(flipped.mask)[:, 1].mean()


def test_long_objects_are_shrunk_and_short_ones_are_not_enlarged(sample: ObjectSample) -> None:
    for wanted, expected in ((10.0, 10), (100.0, 20)):
        settings = replace(Augmentation.none(), long_side_px=(wanted, wanted))
        box = Box.around_mask(warp(sample, settings, rng()).mask)
        assert box is not None and box.width == expected


def test_zoom_scales_everything_and_draws_nothing_by_default(sample: ObjectSample) -> None:
    settings = replace(Augmentation.none(), zoom=(2.0, 2.0))
    box = Box.around_mask(warp(sample, settings, rng()).mask)
    assert box is not None and box.width == 40
    first, second = rng(5), rng(5)
    warp(sample, Augmentation.none(), first)
    warp(sample, settings, second)
    assert first.random() != second.random()


def test_context_in_pixels_is_kept_on_each_side(sample: ObjectSample) -> None:
    settings = replace(Augmentation.none(), context=0.0, context_px=15)
    moved = warp(sample, settings, rng())
    box = Box.around_mask(moved.mask)
    assert box is not None
    assert min(box.x0, box.y0) >= 14 and moved.mask.shape[1] - box.x1 >= 14


def test_rotation_keeps_the_area(sample: ObjectSample) -> None:
    settings = replace(Augmentation.none(), upright=0.0, rotation_deg=30.0)
    heights = []
    for seed in range(8):
        moved = warp(sample, settings, rng(seed))
        box = Box.around_mask(moved.mask)
        assert box is not None
        heights.append(box.height)
        assert moved.mask.sum() == pytest.approx(200, rel=0.16)
    # Turned by 30 degrees the rectangle would be 18.7 high.
    assert 13 < max(heights) <= 20


def test_an_empty_mask_passes_through(sample: ObjectSample) -> None:
    empty = replace(sample, mask=np.zeros_like(sample.mask))
    assert warp(empty, Augmentation(), rng()) is empty


def test_the_same_generator_gives_the_same_result(sample: ObjectSample) -> None:
    first, second = (warp(sample, Augmentation(), rng(7)) for _ in range(2))
    np.testing.assert_array_equal(first.image, second.image)
    np.testing.assert_array_equal(first.mask, second.mask)


def test_colour_changes_leave_the_input_alone(sample: ObjectSample) -> None:
    before = sample.image.copy()
    settings = replace(Augmentation(), colour=1.0, greyscale=1.0, blur=1.0, noise=1.0)
    changed = change_colour(sample.image, settings, rng())
    np.testing.assert_array_equal(sample.image, before)
    assert changed.dtype == np.uint8 and not np.array_equal(changed, before)
    np.testing.assert_array_equal(change_colour(sample.image, Augmentation.none(), rng()), before)


@pytest.mark.parametrize("preference", [-0.1, 1.0])
def test_a_preference_that_could_refuse_every_object_is_refused(preference: float) -> None:
    with pytest.raises(ConfigError, match="prefer_sparse"):
        Augmentation(prefer_sparse=preference)
