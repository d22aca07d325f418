from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from extremecut.confidence import FEATURES, ConfidenceModel
from extremecut.datasets.sample import ObjectSample
from extremecut.errors import DataError
from extremecut.evaluation import calibration as module
from extremecut.evaluation.calibration import THRESHOLDS, calibrate
from extremecut.geometry.boxes import Margin
from extremecut.geometry.colour_odds import ColourOdds
from extremecut.inputs import InputSpec
from extremecut.predictor import Segmenter
from extremecut.runtime.backend import ModelInfo

SPEC = InputSpec(size_px=64, margin=Margin(0.25, "box"), threshold=0.5, clip_to_box=False)
RADIUS = 64 / 3
"""Of an object that fills its box, in a crop half as large again as the box."""


class SoftDisc:
    """Answers every crop with a disc whose probability at the object's edge is `at_edge`."""

    spec = SPEC
    info = ModelInfo("soft disc")
    device = "test"

    def __init__(self, at_edge: float) -> None:
        ys, xs = np.mgrid[:64, :64] - 31.5
        shift = np.log(at_edge / (1 - at_edge))
        self.map = (1 / (1 + np.exp((np.hypot(xs, ys) - RADIUS) / 2 - shift))).astype(np.float32)

    def probabilities(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.stack([self.map] * len(batch))


class Discs:
    """Six discs; the second and the fifth are striped, so that their IoU is low."""

    name = "discs"

    def __len__(self) -> int:
        return 6

    def __getitem__(self, index: int) -> ObjectSample:
        ys, xs = np.mgrid[:120, :120] - 59.5
        mask = np.hypot(xs, ys) <= 40
        if index in (1, 4):
            mask &= np.abs(xs) % 4 < 2
        return ObjectSample(np.zeros((120, 120, 3), np.uint8), mask, name=str(index))


class Nothing(Discs):
    name = "nothing"

    def __len__(self) -> int:
        return 0


@pytest.mark.parametrize("edge", [0.35, 0.5, 0.65])
def test_the_threshold_is_where_the_edge_is(edge: float) -> None:
    found = calibrate(Segmenter(SoftDisc(edge)), [Discs()], noise_shares={0.0: 1.0})
    assert found.spec.threshold == pytest.approx(edge)
    assert set(found.mean_ious) == set(THRESHOLDS)
    assert found.mean_ious[found.spec.threshold] == max(found.mean_ious.values())


def test_confidence_is_the_median_iou_where_maps_tell_nothing_more() -> None:
    segmenter = Segmenter(SoftDisc(0.5))
    found = calibrate(segmenter, [Discs()], noise_shares={0.0: 1.0})
    result = segmenter.predict(Discs()[2].image, [[20, 60], [60, 20], [99, 60], [60, 99]])
    estimate = found.confidence.estimate(
        result.crop_probability, threshold=found.spec.threshold, points_box_hw=(80, 80)
    )
    # Four of the six discs are met exactly: the middle is there, whatever the other two are.
    assert estimate == pytest.approx(1.0, abs=1e-2) and found.mean_ious[0.5] < 0.9
    assert "discs (6)" in found.confidence.fitted_on


def test_every_set_counts_the_same_however_many_objects_it_has() -> None:
    class Part(Discs):
        def __init__(self, name: str, indices: list[int]) -> None:
            self.name, self._indices = name, indices

        def __len__(self) -> int:
            return len(self._indices)

        def __getitem__(self, index: int) -> ObjectSample:
            return super().__getitem__(self._indices[index])

    segmenter = Segmenter(SoftDisc(0.5))
    sets = [Part("a", [0]), Part("b", [2]), Part("striped", [1] * 9)]
    found = calibrate(segmenter, sets, noise_shares={0.0: 1.0})
    result = segmenter.predict(Discs()[2].image, [[20, 60], [60, 20], [99, 60], [60, 99]])
    estimate = found.confidence.estimate(
        result.crop_probability, threshold=found.spec.threshold, points_box_hw=(80, 80)
    )
    # Two sets of three are met exactly, if two objects of eleven.
    assert estimate == pytest.approx(1.0, abs=1e-2)
    striped = calibrate(segmenter, sets[2:], noise_shares={0.0: 1.0}).mean_ious[0.5]
    assert found.mean_ious[0.5] == pytest.approx((2 + striped) / 3, abs=1e-2)


def test_confidence_is_fitted_on_what_the_network_said_before_it_was_refined(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[NDArray[np.float64]] = []

    def remember(features: NDArray[np.float64], *_: object, **__: object) -> ConfidenceModel:
        seen.append(features)
        return ConfidenceModel((0.0,) * len(FEATURES), "nothing")

    monkeypatch.setattr(module, "fit_confidence", remember)

    class Coloured(Discs):
        def __getitem__(self, index: int) -> ObjectSample:
            sample = super().__getitem__(index)
            grey = np.where(sample.mask, 200, 20).astype(np.uint8)
            return replace(sample, image=np.stack([grey] * 3, axis=2))

    monkeypatch.setattr(module, "THRESHOLDS", (0.5,))
    plain, weighing = SoftDisc(0.5), SoftDisc(0.5)
    weighing.spec = replace(SPEC, colour_odds=ColourOdds())
    means = [
        calibrate(Segmenter(model), [Coloured()], noise_shares={0.0: 1.0}).mean_ious[0.5]
        for model in (plain, weighing)
    ]
    assert means[0] != means[1]
    assert np.array_equal(*seen)


def test_every_object_of_every_pass_is_reported() -> None:
    seen: list[None] = []
    calibrate(
        Segmenter(SoftDisc(0.5)),
        [Discs()],
        noise_shares={0.0: 1.0, 2.0: 1.0},
        on_object=lambda: seen.append(None),
    )
    assert len(seen) == 12


def test_a_pass_counts_by_its_share() -> None:
    def mean_iou(**shares: float) -> float:
        passes = {0.0: shares["exact"], 8.0: shares["noisy"]}
        found = calibrate(Segmenter(SoftDisc(0.5)), [Discs()], noise_shares=passes)
        return found.mean_ious[0.5]

    exact, noisy = mean_iou(exact=1.0, noisy=1e-9), mean_iou(exact=1e-9, noisy=1.0)
    assert noisy < exact
    assert mean_iou(exact=3.0, noisy=1.0) == pytest.approx((3 * exact + noisy) / 4)


def test_exact_points_count_three_times_as_much_as_noisy_ones() -> None:
    found = calibrate(Segmenter(SoftDisc(0.5)), [Discs()])
    assert found.confidence.fitted_on == "discs (6); noise 0 (x 3), 5 (x 1) px"


def test_an_empty_set_is_named() -> None:
    with pytest.raises(DataError, match="nothing"):
        calibrate(Segmenter(SoftDisc(0.5)), [Discs(), Nothing()])


def test_two_sets_of_one_name_are_refused() -> None:
    with pytest.raises(DataError, match="two data sets are called discs: add name="):
        calibrate(Segmenter(SoftDisc(0.5)), [Discs(), Discs()])


class WithADot(Discs):
    """The first object is a single pixel."""

    name = "with a dot"

    def __getitem__(self, index: int) -> ObjectSample:
        sample = super().__getitem__(index)
        dot = np.zeros_like(sample.mask)
        dot[5, 5] = True
        return sample if index else replace(sample, mask=dot)


def test_refused_points_are_counted_and_count_nowhere() -> None:
    seen: list[None] = []
    found = calibrate(
        Segmenter(SoftDisc(0.5)),
        [WithADot()],
        noise_shares={0.0: 1.0},
        on_object=lambda: seen.append(None),
    )
    assert (found.refused, found.objects, len(seen)) == (1, {"with a dot": 6}, 6)

    class Others(Discs):
        def __len__(self) -> int:
            return 5

        def __getitem__(self, index: int) -> ObjectSample:
            return super().__getitem__(index + 1)

    alone = calibrate(Segmenter(SoftDisc(0.5)), [Others()], noise_shares={0.0: 1.0})
    assert alone.refused == 0
    assert found.mean_ious == alone.mean_ious
    assert found.confidence.weights == alone.confidence.weights


def test_a_set_of_which_all_is_refused_is_named() -> None:
    class Dots(WithADot):
        name = "dots"

        def __getitem__(self, index: int) -> ObjectSample:
            return super().__getitem__(0)

    with pytest.raises(DataError, match="all objects of dots"):
        calibrate(Segmenter(SoftDisc(0.5)), [Dots()], noise_shares={0.0: 1.0})
