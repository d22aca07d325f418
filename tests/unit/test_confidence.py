from __future__ import annotations

import numpy as np
import pytest

from extremecut.confidence import (
    FEATURES,
    ConfidenceModel,
    confidence_features,
    fit_confidence,
    uncertainty,
)
from extremecut.errors import ConfigError


def disc(edge_px: float) -> np.ndarray:
    """A disc of radius 16 whose edge fades over `edge_px` pixels."""
    ys, xs = np.mgrid[:64, :64] - 31.5
    distance = 16 - np.hypot(xs, ys)
    return (1 / (1 + np.exp(-4 * distance / edge_px))).astype(np.float32)


def test_features_of_a_certain_rectangle_are_known() -> None:
    probability = np.zeros((8, 8), np.float32)
    probability[2:6, 1:7] = 1
    one, soft_iou, uncertain, filled, size, faintest = confidence_features(
        probability, threshold=0.5, points_box_hw=(16, 64)
    )
    assert one == 1
    assert soft_iou == pytest.approx(np.log(0.999 / 0.001))
    assert uncertain == 0
    assert filled == 1
    assert size == 6
    assert faintest == 1


def test_a_side_is_as_sure_as_the_surest_pixel_of_its_outer_three_rows() -> None:
    probability = np.zeros((12, 12), np.float32)
    probability[1:11, 1:11] = 0.95
    probability[1:3, 1:11], probability[3, 1:11] = 0.6, 0.8
    features = confidence_features(probability, threshold=0.5, points_box_hw=(10, 10))
    assert features[5] == pytest.approx(0.8)  # the top's; the other sides are 0.95
    turned = np.ascontiguousarray(probability.T)
    assert confidence_features(turned, threshold=0.5, points_box_hw=(10, 10))[5] == features[5]


def test_half_sure_pixels_lower_the_expected_iou() -> None:
    probability = np.zeros((4, 4), np.float32)
    probability[0] = 1.0
    probability[1] = 0.5  # not greater than the threshold: outside the mask
    features = confidence_features(probability, threshold=0.5, points_box_hw=(4, 4))
    expected_iou = 4 / (4 + 2)
    assert features[1] == pytest.approx(np.log(expected_iou / (1 - expected_iou)))
    assert features[2] == pytest.approx(np.sqrt(4 * 0.25 / 4))


def test_uncertainty_is_zero_of_what_is_sure_and_grows_with_the_band() -> None:
    probability = np.zeros((4, 4), np.float32)
    assert uncertainty(probability) == 1
    probability[0] = 1.0
    assert uncertainty(probability) == 0
    probability[1] = 0.5
    assert uncertainty(probability) == pytest.approx(0.5)  # 4 x 0.25 over 4
    probability[1] = 0.6
    assert uncertainty(probability) == pytest.approx(np.sqrt(4 * 0.24 / 8))  # object as well


def test_an_empty_mask_has_features_too() -> None:
    features = confidence_features(
        np.zeros((8, 8), np.float32), threshold=0.5, points_box_hw=(3, 3)
    )
    # As of the worst mask there is: sure of nothing, at no side, filling nothing.
    assert features.tolist() == [1.0, -4.0, 1.0, 0.0, np.log2(3), 0.0]


def test_objects_of_more_than_1024_pixels_are_all_large() -> None:
    probability = np.ones((8, 8), np.float32)
    sizes = [
        confidence_features(probability, threshold=0.5, points_box_hw=box_hw)[4]
        for box_hw in ((1023, 5), (5, 1024), (5000, 5))
    ]
    assert sizes == [np.log2(1023), 10.0, 10.0]


def test_a_fit_recovers_the_curve_that_made_the_ious() -> None:
    rng = np.random.default_rng(0)
    features = np.column_stack([np.ones(500), rng.normal(size=(500, len(FEATURES) - 1))])
    truth = np.array([0.5, 1.0, -0.5, 0.2, 0.0, 0.3])
    ious = 1 / (1 + np.exp(-features @ truth))
    model = fit_confidence(features, ious, np.ones(500), fitted_on="made", ridge=1e-9)
    assert np.allclose(model.weights, truth, atol=1e-4)


def test_weights_decide_between_contradicting_objects() -> None:
    features = np.tile(np.eye(1, len(FEATURES)), (2, 1))
    model = fit_confidence(features, np.array([0.2, 0.8]), np.array([3.0, 1.0]), fitted_on="made")
    assert model.estimate_from_features(features[0]) == pytest.approx(0.2, abs=2e-3)


def test_the_constant_is_free_whatever_the_penalty() -> None:
    features = np.tile(np.eye(1, len(FEATURES)), (3, 1))
    model = fit_confidence(features, np.full(3, 0.9), np.ones(3), fitted_on="made", ridge=1.0)
    assert model.estimate_from_features(features[0]) == pytest.approx(0.9, abs=2e-3)


def test_one_lost_object_does_not_pull_the_estimate_of_the_others() -> None:
    features = np.tile(np.eye(1, len(FEATURES)), (5, 1))
    ious = np.array([0.0, 0.88, 0.9, 0.9, 0.92])
    model = fit_confidence(features, ious, np.ones(5), fitted_on="made")
    assert model.estimate_from_features(features[0]) == pytest.approx(0.9, abs=5e-3)


def test_a_sharp_edge_is_trusted_more_than_a_blurred_one() -> None:
    model = ConfidenceModel((0.0, 1.0, -1.0, 0.0, 0.0, 0.0), "made")
    sharp, blurred = (
        model.estimate(disc(edge), threshold=0.5, points_box_hw=(100, 100)) for edge in (1.0, 12.0)
    )
    assert 0 < blurred < sharp < 1


def test_json_round_trip() -> None:
    model = ConfidenceModel((0.1, 0.2, 0.3, 0.4, 0.5, 0.6), "validation, 10 objects")
    assert ConfidenceModel.from_json(model.to_json()) == model


@pytest.mark.parametrize(
    "text",
    [
        "", "{}", '{"weights": [1], "fitted_on": ""}', "[1]",
        '{"weights": "123456", "fitted_on": ""}',
        '{"weights": [1, 2, 3, 4, 5, 6], "fitted_on": null}',
        '{"weights": [1e308, 1e308, -1e308, 4, 5, 6], "fitted_on": ""}',
        f'{{"weights": [1, 2, 3, 4, 5, 1{"0" * 400}], "fitted_on": ""}}',
        "[" * 100_000,
    ],
)  # fmt: skip
def test_a_damaged_model_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="confidence"):
        ConfidenceModel.from_json(text)
