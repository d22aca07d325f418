from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from extremecut.evaluation.methods import SegmenterMethod


class FakeResult:
    """Counts how often its full-size probability is asked for."""

    asked = 0
    mask = np.eye(3, dtype=bool)
    confidence = 0.7

    @property
    def probability(self) -> Any:
        type(self).asked += 1
        return np.eye(3, dtype=np.float32)


class FakeSegmenter:
    def predict(self, image: Any, points_xy: Any) -> FakeResult:
        assert image.shape == (3, 3, 3)
        assert points_xy.shape == (4, 2)
        return FakeResult()


def test_a_segmenters_answer_is_passed_on_and_its_map_only_when_asked() -> None:
    method = SegmenterMethod(FakeSegmenter(), name="fake")  # type: ignore[arg-type]

    outcome = method.segment(np.zeros((3, 3, 3), np.uint8), np.zeros((4, 2)))

    assert (method.name, outcome.confidence) == ("fake", 0.7)
    assert outcome.mask.sum() == 3
    assert FakeResult.asked == 0
    assert isinstance(outcome.probability, Callable)
    assert outcome.probability().sum() == 3
    assert FakeResult.asked == 1
