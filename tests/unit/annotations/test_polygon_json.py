from __future__ import annotations

import json

import numpy as np
import pytest

from extremecut.annotations.found import FoundObject
from extremecut.annotations.polygon_json import PolygonSheet, read_polygons
from extremecut.annotations.polygons import fill
from extremecut.errors import DataError
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
    size_hw, objects = read_polygons(sheet_of(ring_mask(), 0.0))
    assert size_hw == (80, 90)
    ((polygon,),) = objects
    assert len(polygon.holes) == 1
    assert np.array_equal(fill([polygon], Box.of_image(size_hw)), ring_mask())


def test_the_file_says_what_its_coordinates_mean() -> None:
    content = json.loads(sheet_of(ring_mask(), 1.0))
    assert "centre of the top-left pixel" in content["coordinates"]
    (entry,) = content["objects"]
    assert entry["box_xyxy"] == [11, 11, 70, 70]
    assert entry["area_px"] == ring_mask().sum()
    assert entry["confidence"] == 0.9 and entry["label"] == "ring"
    assert len(entry["polygons"][0]["outer"]) < 60


def test_an_empty_object_has_no_polygons() -> None:
    _, objects = read_polygons(sheet_of(np.zeros((80, 90), bool), 1.0))
    assert objects == [[]]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[]", b"{}", b'{"format": "extremecut-polygons", "version": 2}', b"\xff\xfe",
        b'{"format": "extremecut-polygons", "version": 1}',
        b'{"format": "extremecut-polygons", "version": 1, "image": {"width": 9, "height": 9},'
        b' "objects": [{"polygons": [{"outer": [[0, 1]], "holes": []}]}]}',
    ],
)  # fmt: skip
def test_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(DataError):
        read_polygons(data)
