"""What is said about one segmented object, the same on the command line and over HTTP."""

from __future__ import annotations

from typing import TypedDict

import numpy as np

from extremecut.predictor.segmentation import Segmentation


class ObjectAnswer(TypedDict):
    """One object of `extremecut segment --json`; `POST /api/segment` adds the mask to it."""

    points: list[list[float]]
    """The points as given, [x, y] in image pixels."""
    box_xyxy: list[int] | None
    """Half-open box of the mask; null when the mask is empty."""
    area_px: int
    """Pixels of the mask."""
    confidence: float | None
    """Estimated IoU, 0 to 1, four decimals; null for a model without an estimate."""
    notes: list[str]
    """What a person should know about this result."""


def answer(result: Segmentation) -> ObjectAnswer:
    """The result without its pixels."""
    box, confidence = result.box_xyxy, result.confidence
    return {
        "points": result.points_xy.tolist(),
        "box_xyxy": None if box is None else list(box),
        "area_px": int(np.count_nonzero(result.inside)),
        "confidence": None if confidence is None else round(confidence, 4),
        "notes": list(result.notes),
    }
