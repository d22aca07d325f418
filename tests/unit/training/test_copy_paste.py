from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from extremecut.datasets.sample import ObjectSample
from extremecut.geometry.boxes import Box
from extremecut.training.copy_paste import (
    LEAST_LEFT_AT_BORDER,
    LEAST_LEFT_INSIDE,
    paste_behind,
    paste_inside,
    paste_onto,
    paste_over,
)

Paste = Callable[[ObjectSample, ObjectSample, np.random.Generator], ObjectSample]


@pytest.fixture
def frame() -> ObjectSample:
    """A white square ring, 2 pixels wide and 40 a side, on grey: nearly all of its box is empty."""
    image = np.full((60, 80, 3), 90, np.uint8)
    mask = np.zeros((60, 80), bool)
    mask[10:50, 20:60] = True
    mask[12:48, 22:58] = False
    image[mask] = 255
    return ObjectSample(image, mask)


BLACK = ObjectSample(np.zeros((9, 9, 3), np.uint8), np.ones((9, 9), bool))
EMPTY = ObjectSample(np.zeros((9, 9, 3), np.uint8), np.zeros((9, 9), bool))


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_a_pasted_object_keeps_its_inside_and_gets_another_background(
    sample: ObjectSample,
) -> None:
    background = np.zeros((30, 30, 3), np.uint8)
    background[..., 2] = 200
    pasted = paste_onto(sample, background, rng())
    assert (pasted.image[28:32, 35:45] == 255).all()
    np.testing.assert_array_equal(pasted.image[5, 5], [0, 0, 200])
    np.testing.assert_array_equal(pasted.mask, sample.mask)


@pytest.mark.parametrize(
    ("paste", "least"), [(paste_over, LEAST_LEFT_AT_BORDER), (paste_inside, LEAST_LEFT_INSIDE)]
)
def test_what_an_occluder_hides_leaves_the_mask(
    paste: Paste, least: float, sample: ObjectSample
) -> None:
    covered = [paste(sample, BLACK, rng(seed)) for seed in range(30)]
    changed = [result for result in covered if result.mask.sum() < 200]
    assert changed
    for result in changed:
        hidden = sample.mask & ~result.mask
        assert (result.image[hidden] <= 128).all()
        assert not (result.mask & ~sample.mask).any()
        assert result.mask.sum() >= 200 * least
    assert (sample.image[sample.mask] == 255).all()  # the input is left alone


def test_an_occluder_in_the_midst_leaves_the_object_on_two_sides(sample: ObjectSample) -> None:
    divided = 0
    for seed in range(40):
        left = paste_inside(sample, BLACK, rng(seed)).mask
        columns = left[25:35].any(axis=0)
        gap = np.flatnonzero(~columns[30:50])
        divided += bool(gap.size and columns[30] and columns[49])
    assert divided >= 3


def test_a_distractor_is_seen_only_beside_the_object(frame: ObjectSample) -> None:
    seen = 0
    for seed in range(20):
        result = paste_behind(frame, BLACK, rng(seed))
        np.testing.assert_array_equal(result.mask, frame.mask)
        within = np.zeros_like(frame.mask)
        within[14:46, 24:56] = True  # beyond the reach of the soft seam
        changed = (result.image != frame.image).any(axis=2)
        seen += bool((changed & within).any())
        assert (result.image[frame.mask] > 128).mean() > 0.9
    assert seen == 20


@pytest.mark.parametrize("paste", [paste_over, paste_inside, paste_behind])
def test_nothing_is_pasted_without_an_object(paste: Paste, sample: ObjectSample) -> None:
    assert paste(sample, EMPTY, rng()) is sample
    nothing = ObjectSample(sample.image, np.zeros_like(sample.mask))
    assert paste(nothing, BLACK, rng()) is nothing


def test_a_large_part_may_stand_beyond_the_image() -> None:
    image = np.zeros((20, 20, 3), np.uint8)
    mask = np.zeros((20, 20), bool)
    mask[:, 12:] = True
    for seed in range(20):
        result = paste_inside(ObjectSample(image, mask), BLACK, rng(seed))
        assert result.image.shape == (20, 20, 3)
        assert Box.around_mask(result.mask) is not None
