"""COCO instance annotations of one image, and several such files as one.

Coordinates of polygons and boxes are COCO's: (0, 0) is the top-left corner of the top-left
pixel, so the outline of that pixel runs from 0 to 1. `extreme_points` are the clicks as they were
given, like everywhere else in this package: (0, 0) is the centre of the top-left pixel.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as coco_mask

from extremecut.annotations.found import FoundObject, left_top_right_bottom
from extremecut.annotations.polygons import MINIMUM_IOU, simplified, trace
from extremecut.annotations.run_lengths import compressed, run_lengths
from extremecut.geometry.boxes import Box

DEFAULT_CATEGORY = "object"


class CocoSheet:
    """The objects of one image as a COCO file.

    An object is written as polygons where these say what the mask says; as compressed run
    lengths, still with `iscrowd` 0, when it has holes, which COCO's polygons cannot have, when
    it is empty, or when its polygons read back would not be the mask (IoU below 0.95).
    """

    def __init__(
        self, file_name: str, size_hw: tuple[int, int], *, tolerance_px: float = 1.0
    ) -> None:
        """Start an empty sheet.

        Args:
            file_name: what the file is to call the image.
            tolerance_px: how far polygons may lie from the exact outline.
        """
        self._file_name = file_name
        self._size_hw = size_hw
        self._tolerance_px = tolerance_px
        self._objects: list[tuple[str, dict[str, Any]]] = []

    def add(self, found: FoundObject) -> None:
        """Add the next object."""
        entry = annotation(found, self._size_hw, tolerance_px=self._tolerance_px)
        if "score" in entry:
            entry["score"] = round(entry["score"], 4)
        self._objects.append((found.label or DEFAULT_CATEGORY, entry))

    def content(self) -> dict[str, Any]:
        """The file's content, ready for `json`."""
        height, width = self._size_hw
        names = list(dict.fromkeys(label for label, _ in self._objects))
        return {
            "info": {"description": "written by extremecut"},
            "images": [{"id": 1, "file_name": self._file_name, "width": width, "height": height}],
            "categories": [
                {"id": number, "name": name, "supercategory": ""}
                for number, name in enumerate(names, start=1)
            ],
            "annotations": [
                {"id": number, "image_id": 1, "category_id": names.index(label) + 1, **entry}
                for number, (label, entry) in enumerate(self._objects, start=1)
            ],
        }

    def to_bytes(self) -> bytes:
        """The whole file, JSON in UTF-8."""
        return (json.dumps(self.content()) + "\n").encode()


def annotation(
    found: FoundObject, size_hw: tuple[int, int], *, tolerance_px: float
) -> dict[str, Any]:
    """COCO's entry for one object, without its numbers: `id`, `image_id` and `category_id`."""
    return annotation_of_part(
        found.inside,
        found.box,
        found.points_xy,
        found.confidence,
        size_hw,
        tolerance_px=tolerance_px,
    )


def annotation_of_part(
    inside: NDArray[np.bool_],
    box: Box | None,
    points_xy: NDArray[np.float64],
    confidence: float | None,
    size_hw: tuple[int, int],
    *,
    tolerance_px: float,
) -> dict[str, Any]:
    """The same of a mask of which there is only the part in its box.

    Args:
        inside: (h, w), the mask within `box`.
        box: within the image; None for an empty mask.
        points_xy: (N, 2), image pixels.
        confidence: in [0, 1], or None.
        size_hw: height and width of the image.
        tolerance_px: how far polygons may lie from the exact outline.
    """
    entry: dict[str, Any] = {
        "segmentation": _segmentation(inside, box, size_hw, tolerance_px),
        "area": int(np.count_nonzero(inside)),
        "bbox": [0, 0, 0, 0] if box is None else [box.x0, box.y0, box.width, box.height],
        "iscrowd": 0,
    }
    if len(points_xy):
        entry["extreme_points"] = left_top_right_bottom(points_xy).tolist()
    if confidence is not None:
        entry["score"] = confidence
    return entry


def _segmentation(
    inside: NDArray[np.bool_], box: Box | None, size_hw: tuple[int, int], tolerance_px: float
) -> list[list[float]] | dict[str, Any]:
    """COCO's "segmentation": flat polygons, or run lengths (see `CocoSheet`)."""
    if box is not None:
        # All within the box: an image may be a thousand times as large as its object.
        around = Box(0, 0, box.width, box.height)
        polygons = trace(inside, around)
        if not any(polygon.holes for polygon in polygons):
            fewer = simplified(polygons, tolerance_px=tolerance_px, mask=inside, box=around)
            corners = [polygon.outer + 0.5 for polygon in fewer]  # whole numbers
            iou = _iou_read_back(corners, inside)
            if iou >= (MINIMUM_IOU if tolerance_px > 0 else 1.0):
                start = np.array([box.x0, box.y0])
                return [(ring + start).ravel().tolist() for ring in corners]
    return compressed(run_lengths(inside, box, size_hw), size_hw)


def _iou_read_back(corners: list[NDArray[np.float64]], inside: NDArray[np.bool_]) -> float:
    """IoU of a mask and what pycocotools makes of its polygons."""
    read_back = coco_mask.frPyObjects([ring.ravel() for ring in corners], *inside.shape)
    if len(read_back) > 1:
        read_back = [coco_mask.merge(read_back)]
    mask = coco_mask.encode(np.asfortranarray(inside).view(np.uint8))
    return float(coco_mask.iou(read_back, [mask], [0])[0, 0])


def merged(contents: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Several files written by `CocoSheet` as one, ids renumbered, categories joined by name."""
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    categories: dict[str, int] = {}
    info: dict[str, Any] = {}
    for content in contents:
        info = content["info"]
        names = {category["id"]: category["name"] for category in content["categories"]}
        images.append({**content["images"][0], "id": len(images) + 1})
        for entry in content["annotations"]:
            category = categories.setdefault(names[entry["category_id"]], len(categories) + 1)
            numbers = {"id": len(annotations) + 1, "image_id": len(images)}
            annotations.append({**entry, **numbers, "category_id": category})
    return {
        "info": info,
        "images": images,
        "categories": [
            {"id": number, "name": name, "supercategory": ""} for name, number in categories.items()
        ],
        "annotations": annotations,
    }
