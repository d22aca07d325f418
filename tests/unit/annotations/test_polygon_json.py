from __future__ import annotations

import json

import numpy as np

from extremecut.annotations.found import FoundObject
from extremecut.annotations.polygon_json import PolygonSheet
from extremecut.annotations.polygons import Polygon, fill
from extremecut.geometry.boxes import Box


def ring_mask() -> np.ndarray:
    y, x = np.mgrid[:80, :90]
    radius = np.hypot(x - 40, y - 40)
    return (radius < 30) & (radius > 12)


def sheet_of(mask: np.ndarray, tolerance_px: float) -> bytes:
    sheet = PolygonSheet("photo.jpg", (80, 90), tolerance_px=tolerance_px)
    points = np.array([[10.0, 40.0]] * 4)
    sheet.add(FoundObject(mask, Box.around_mask(mask), points, 0.9, "ring"))
    return sheet.to_bytes()


def test_holes_are_kept_and_the_exact_outline_reads_back_exactly() -> None:
    content = json.loads(sheet_of(ring_mask(), 0.0))
    assert (content["format"], content["version"]) == ("extremecut-polygons", 1)
    assert content["image"] == {"file_name": "photo.jpg", "width": 90, "height": 80}
    ((part,),) = [entry["polygons"] for entry in content["objects"]]
    (hole,) = part["holes"]
    polygon = Polygon(np.array(part["outer"]), (np.array(hole),))
    assert np.array_equal(fill([polygon], Box(0, 0, 90, 80)), ring_mask())


def test_the_file_says_what_its_coordinates_mean() -> None:
    content = json.loads(sheet_of(ring_mask(), 1.0))
    assert "centre of the top-left pixel" in content["coordinates"]
    (entry,) = content["objects"]
    assert entry["box_xyxy"] == [11, 11, 70, 70]
    assert entry["area_px"] == ring_mask().sum()
    assert entry["confidence"] == 0.9 and entry["label"] == "ring"
    assert len(entry["polygons"][0]["outer"]) < 60


def test_an_empty_object_has_no_polygons() -> None:
    (entry,) = json.loads(sheet_of(np.zeros((80, 90), bool), 1.0))["objects"]
    assert (entry["polygons"], entry["box_xyxy"], entry["area_px"]) == ([], None, 0)
