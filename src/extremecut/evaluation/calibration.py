"""Calibration: the threshold and the confidence of a model, fitted on validation objects.

Every set counts the same, however many objects it has, so that no set drowns the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from extremecut.confidence import ConfidenceModel, confidence_features, fit_confidence
from extremecut.datasets.sample import ObjectSet, check_names
from extremecut.errors import DataError, PointsError
from extremecut.evaluation.evaluate import simulated_points
from extremecut.evaluation.metrics import iou_at_thresholds
from extremecut.geometry.boxes import Box
from extremecut.inputs import InputSpec
from extremecut.predictor import Segmentation, Segmenter

THRESHOLDS = tuple(round(0.3 + 0.05 * step, 2) for step in range(9))
"""Thresholds tried: 0.3, 0.35, ... 0.7."""

NOISE_SHARES: Mapping[float, float] = {0.0: 3.0, 5.0: 1.0}
"""Uniform noise on the points in pixels, one pass over the objects each -> how much it counts.
People's clicks are not exact, but few miss by 5 pixels, which are much for a small object: counted
alike, the passes make estimates too low for exact points on small objects."""

Progress = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a model gains from its validation objects."""

    spec: InputSpec
    """The model's spec with the chosen threshold."""
    confidence: ConfidenceModel
    mean_ious: dict[float, float]
    """Threshold -> mean over sets and noises, by their shares, of the mean IoU, in [0, 1]."""
    objects: dict[str, int]
    """Set -> number of objects."""
    refused: int = 0
    """How often, over all passes, the model refused an object's points, such as those of a single
    pixel; these count nowhere."""


def calibrate(
    segmenter: Segmenter,
    sets: Sequence[ObjectSet],
    *,
    noise_shares: Mapping[float, float] = NOISE_SHARES,
    on_object: Progress = lambda: None,
) -> Calibration:
    """Choose the one threshold that is best over all sets, then fit the confidence at it.

    Both see exact points and points with noise, since people's clicks are not exact.

    Args:
        segmenter: with the model to calibrate; its own threshold and confidence do not matter.
        sets: validation sets; never test sets.
        noise_shares: as `NOISE_SHARES`.
        on_object: called after each object of each pass.

    Raises:
        DataError: a set is empty or refused as a whole, or two have one name.
    """
    empty = [objects.name for objects in sets if len(objects) == 0]
    if empty or not sets:
        raise DataError(f"calibration needs validation objects; empty: {empty or 'no set given'}")
    check_names(sets)
    passes = [
        (share, _one_pass(segmenter, objects, noise, on_object))
        for noise, share in noise_shares.items()
        for objects in sets
    ]
    shares = [share for share, _ in passes]
    means = np.average([seen.ious.mean(axis=0) for _, seen in passes], axis=0, weights=shares)
    best = int(np.argmax(means))
    threshold = THRESHOLDS[best]
    features = np.concatenate([seen.features[:, best] for _, seen in passes])
    ious = np.concatenate([seen.ious[:, best] for _, seen in passes])
    weights = np.concatenate(
        [np.full(len(seen.ious), share / len(seen.ious)) for share, seen in passes]
    )
    counts = {objects.name: len(objects) for objects in sets}
    fitted_on = ", ".join(f"{name} ({count})" for name, count in counts.items())
    refused = len(noise_shares) * sum(counts.values()) - len(ious)
    noises = ", ".join(f"{noise:g} (x {share:g})" for noise, share in noise_shares.items())
    return Calibration(
        spec=replace(segmenter.backend.spec, threshold=threshold),
        confidence=fit_confidence(
            features, ious, weights, fitted_on=f"{fitted_on}; noise {noises} px"
        ),
        mean_ious={value: float(mean) for value, mean in zip(THRESHOLDS, means, strict=True)},
        objects=counts,
        refused=refused,
    )


@dataclass(frozen=True, slots=True)
class _Observed:
    ious: NDArray[np.float64]
    """(objects, thresholds)."""
    features: NDArray[np.float64]
    """(objects, thresholds, features)."""


def _one_pass(
    segmenter: Segmenter, objects: ObjectSet, noise_px: float, on_object: Progress
) -> _Observed:
    ious, features = [], []
    for index in range(len(objects)):
        sample = objects[index]
        points = simulated_points(sample, noise_px=noise_px)
        with suppress(PointsError):
            result = segmenter.predict(sample.image, points)
            ious.append(
                iou_at_thresholds(
                    result.probability, sample.mask, sample.void, np.array(THRESHOLDS)
                )
            )
            features.append(_features(result))
        on_object()
    if not ious:
        raise DataError(
            f"the model refused the points of all objects of {objects.name}: objects of more than "
            "one pixel are needed"
        )
    return _Observed(np.array(ious), np.array(features))


def _features(result: Segmentation) -> list[NDArray[np.float64]]:
    box = Box.around_points(result.points_xy)
    return [
        confidence_features(
            result.network_probability, threshold=value, points_box_hw=(box.height, box.width)
        )
        for value in THRESHOLDS
    ]
