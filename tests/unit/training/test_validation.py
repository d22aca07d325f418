from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from extremecut.datasets.sample import ObjectSample
from extremecut.datasets.synthetic import SyntheticObjects
from extremecut.inputs import InputSpec
from extremecut.predictor import Segmenter
from extremecut.runtime.backend import ModelInfo
from extremecut.training.validation import validate


class Everything:
    """Says that all of the crop is the object: the mask is the box of the points."""

    spec = InputSpec(size_px=16)
    info = ModelInfo("everything")
    device = "none"

    def probabilities(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.ones((len(batch), 16, 16), np.float32)


class Squares:
    """Squares, of which the second lacks its upper left quarter, void or not."""

    name = "squares"

    def __init__(self, *, void: bool = False) -> None:
        self.void = void

    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: int) -> ObjectSample:
        mask = np.zeros((40, 40), bool)
        mask[10:30, 10:30] = True
        void = np.zeros_like(mask)
        if index:
            mask[10:20, 10:20] = False
            void[10:20, 10:20] = self.void
        return ObjectSample(np.zeros((40, 40, 3), np.uint8), mask, void)


def segmenter() -> Segmenter:
    return Segmenter(Everything())


def test_the_score_of_a_set_is_the_mean_over_its_objects() -> None:
    result = validate(segmenter(), [Squares()], objects=9, pictures=0)
    assert result is not None
    assert result.scores == {"squares": (2, pytest.approx((1 + 0.75) / 2))}
    assert result.tiles == []


def test_void_is_left_out_and_sets_count_alike() -> None:
    sets = [Squares(void=True), SyntheticObjects(4)]
    result = validate(segmenter(), sets, objects=3, pictures=1)
    assert result is not None
    assert result.scores["squares"] == (2, 1.0)
    measured, mean = result.scores["synthetic"]
    assert measured == 3 and 0 < mean < 1
    assert result.mean_iou == pytest.approx((1.0 + mean) / 2)
    assert len(result.tiles) == 2 and result.tiles[0].shape == result.tiles[1].shape


def test_an_object_of_one_pixel_counts_as_missed() -> None:
    class Dots(Squares):
        def __getitem__(self, index: int) -> ObjectSample:
            mask = np.zeros((40, 40), bool)
            mask[5, 5] = True
            return ObjectSample(np.zeros((40, 40, 3), np.uint8), mask)

    result = validate(segmenter(), [Dots()], objects=1, pictures=1)
    assert result is not None and result.scores["squares"] == (1, 0.0)


def test_a_wish_to_stop_ends_it_without_a_result() -> None:
    asked = iter([False, True])
    result = validate(
        segmenter(), [Squares()], objects=9, pictures=0, should_stop=lambda: next(asked)
    )
    assert result is None
