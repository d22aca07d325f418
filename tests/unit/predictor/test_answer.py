from __future__ import annotations

import json

import numpy as np

from extremecut.geometry.boxes import Box
from extremecut.geometry.crop import CropFrame
from extremecut.predictor.answer import ObjectAnswer, answer
from extremecut.predictor.segmentation import EMPTY_NOTE, Segmentation


def segmentation(value: float) -> Segmentation:
    return Segmentation(
        np.full((4, 4), value, np.float32),
        CropFrame(Box(1, 2, 4, 4), 4),
        size_hw=(10, 12),
        points_xy=np.array([[1.0, 2.5], [2, 2], [3, 3], [2, 3]]),
        threshold=0.5,
        confidence=0.123456,
    )


def test_an_answer_is_plain_json() -> None:
    told = answer(segmentation(0.9))
    assert json.loads(json.dumps(told)) == {
        "points": [[1.0, 2.5], [2.0, 2.0], [3.0, 3.0], [2.0, 3.0]],
        "box_xyxy": [1, 2, 4, 4],
        "area_px": 6,
        "confidence": 0.1235,
        "notes": [],
    }
    assert list(told) == list(ObjectAnswer.__annotations__)


def test_an_empty_mask_has_no_box() -> None:
    told = answer(segmentation(0.1))
    assert told["box_xyxy"] is None and told["area_px"] == 0
    assert told["notes"] == [EMPTY_NOTE]
