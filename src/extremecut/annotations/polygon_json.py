"""Outlines with their holes as JSON, in the package's own coordinates.

::

    {"format": "extremecut-polygons", "version": 1,
     "coordinates": "x right, y down, (0, 0) is the centre of the top-left pixel",
     "image": {"file_name": "photo.jpg", "width": 640, "height": 480},
     "objects": [{"polygons": [{"outer": [[9.5, 3.5], ...], "holes": [[[...], ...], ...]}, ...],
                  "box_xyxy": [10, 4, 99, 80], "area_px": 3529, "points": [[10, 50], ...],
                  "confidence": 0.93, "label": null}]}

A pixel belongs to the object when its centre lies inside an odd number of rings.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extremecut.annotations.found import FoundObject
from extremecut.annotations.polygons import simplified, trace

FORMAT = "extremecut-polygons"
COORDINATES = "x right, y down, (0, 0) is the centre of the top-left pixel"


class PolygonSheet:
    """The objects of one image as polygons with holes."""

    def __init__(
        self, file_name: str, size_hw: tuple[int, int], *, tolerance_px: float = 1.0
    ) -> None:
        """Start an empty sheet.

        Args:
            file_name: what the file is to call the image.
            tolerance_px: how far polygons may lie from the exact outline; 0 for that itself.
        """
        self._file_name = file_name
        self._size_hw = size_hw
        self._tolerance_px = tolerance_px
        self._objects: list[dict[str, Any]] = []

    def add(self, found: FoundObject) -> None:
        """Add the next object."""
        polygons = trace(found.mask, found.box)
        if found.box is not None:
            polygons = simplified(
                polygons, tolerance_px=self._tolerance_px, mask=found.mask, box=found.box
            )
        self._objects.append(
            {
                "polygons": [
                    {"outer": _listed(part.outer), "holes": [_listed(ring) for ring in part.holes]}
                    for part in polygons
                ],
                "box_xyxy": None if found.box is None else list(found.box.xyxy),
                "area_px": found.area_px,
                "points": found.points_xy.tolist(),
                "confidence": found.confidence,
                "label": found.label,
            }
        )

    def to_bytes(self) -> bytes:
        """The whole file, JSON in UTF-8."""
        height, width = self._size_hw
        content = {
            "format": FORMAT,
            "version": 1,
            "coordinates": COORDINATES,
            "image": {"file_name": self._file_name, "width": width, "height": height},
            "objects": self._objects,
        }
        return (json.dumps(content) + "\n").encode()


def _listed(ring: NDArray[np.float64]) -> list[list[float]]:
    listed: list[list[float]] = ring.round(2).tolist()
    return listed
