"""The full polygons that objects were, or would be, drawn with: how many parts and vertices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from extremecut.annotations.polygons import trace
from extremecut.datasets.coco import load_coco

OUTLINE_TOLERANCE_PX = 1.0


@dataclass(frozen=True)
class FullPolygon:
    """Size of one object's whole outline."""

    polygons: int
    vertices: int


def coco_polygons(annotations: Path) -> dict[str, FullPolygon]:
    """As the people of COCO drew them, by annotation id; run lengths have none."""
    found = {}
    for item in load_coco(annotations)["annotations"]:
        rings = item.get("segmentation")
        if isinstance(rings, list) and rings:
            found[str(item["id"])] = FullPolygon(len(rings), sum(len(ring) // 2 for ring in rings))
    return found


def outline_polygon(truth: NDArray[np.bool_]) -> FullPolygon:
    """The exact outline, holes too, simplified within one pixel."""
    rings = [ring for polygon in trace(truth) for ring in polygon.rings]
    kept = [cv2.approxPolyDP(ring.astype(np.float32), OUTLINE_TOLERANCE_PX, True) for ring in rings]
    sizes = [len(ring) for ring in kept if len(ring) >= 3]
    return FullPolygon(len(sizes), sum(sizes))


def mean_sizes(polygons: Sequence[FullPolygon]) -> tuple[float, float]:
    """Mean vertices, mean polygons."""
    return (
        float(np.mean([polygon.vertices for polygon in polygons])),
        float(np.mean([polygon.polygons for polygon in polygons])),
    )
