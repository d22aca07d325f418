"""Validation while training: the averaged network behind the same road as every prediction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extremecut.datasets.sample import ObjectSample, ObjectSet
from extremecut.errors import PointsError
from extremecut.evaluation.metrics import iou
from extremecut.geometry.extreme_points import extreme_points
from extremecut.predictor import Segmenter
from extremecut.training.pictures import draw_prediction
from extremecut.training.sources import distinct_names, spread_subset


@dataclass(frozen=True, slots=True)
class Validation:
    """What a network reached."""

    scores: dict[str, tuple[int, float]]
    """Set -> (objects measured, mean IoU over them)."""
    tiles: list[NDArray[np.uint8]]
    """Pictures of some predictions, RGB, one size."""

    @property
    def mean_iou(self) -> float:
        """The mean over sets, each counting the same; chooses the best weights."""
        return float(np.mean([mean for _, mean in self.scores.values()]))


def validate(
    segmenter: Segmenter,
    sets: Sequence[ObjectSet],
    *,
    objects: int,
    pictures: int,
    should_stop: Callable[[], bool] = lambda: False,
) -> Validation | None:
    """Mean IoU of each set with exact points, void left out.

    Args:
        objects: at most so many of each set, the same ones at every call.
        pictures: how many of them are drawn.
        should_stop: asked between objects.

    Returns:
        None when it was stopped.
    """
    scores = {}
    tiles = []
    for name, one_set in zip(distinct_names(sets), sets, strict=True):
        values = []
        indices = spread_subset(len(one_set), objects)
        # Spread over the set: neighbours are often frames of one video.
        drawn = set(indices[np.linspace(0, len(indices) - 1, pictures).astype(int)])
        for index in indices:
            if should_stop():
                return None
            sample = one_set[int(index)]
            if not sample.mask.any():
                continue
            points = extreme_points(sample.mask)
            prediction = _prediction(segmenter, sample, points)
            values.append(iou(prediction, sample.mask, sample.void))
            if index in drawn:
                caption = f"{name} {100 * values[-1]:.1f}"
                tiles.append(draw_prediction(sample, prediction, points, caption=caption))
        scores[name] = (len(values), float(np.mean(values)) if values else 0.0)
    return Validation(scores, tiles)


def _prediction(
    segmenter: Segmenter, sample: ObjectSample, points_xy: NDArray[np.float64]
) -> NDArray[np.bool_]:
    try:
        return segmenter.predict(sample.image, points_xy).mask
    except PointsError:  # an object of one pixel
        return np.zeros(sample.mask.shape, np.bool_)
