"""No format loses or invents a pixel."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from pycocotools import mask as coco_mask

from extremecut.annotations.coco import CocoSheet
from extremecut.annotations.found import FoundObject
from extremecut.annotations.object_list import (
    ListedObject,
    parse_points,
    read_object_list,
    write_object_list,
)
from extremecut.annotations.polygon_json import PolygonSheet
from extremecut.annotations.polygons import Polygon, fill, trace
from extremecut.annotations.run_lengths import compressed, run_lengths
from extremecut.geometry.boxes import Box

# pycocotools decodes by a way that NumPy is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

MASKS = arrays.arrays(np.bool_, st.tuples(st.integers(1, 16), st.integers(1, 16)))
PARTS = MASKS.map(lambda mask: mask.repeat(3, 0).repeat(3, 1))  # with larger features


def found(mask: np.ndarray) -> FoundObject:
    return FoundObject(mask, Box.around_mask(mask), np.zeros((4, 2)))


@given(MASKS | PARTS)
def test_exact_outlines_fill_to_the_mask(mask: np.ndarray) -> None:
    assert np.array_equal(fill(trace(mask), Box.of_image(mask.shape)), mask)


@given(MASKS)
def test_outlines_run_along_pixel_edges_around_their_part(mask: np.ndarray) -> None:
    def signed_area(ring: np.ndarray) -> float:
        x, y = ring.T
        return 0.5 * float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))

    total = 0.0
    for polygon in trace(mask):
        assert signed_area(polygon.outer) > 0 > max([signed_area(h) for h in polygon.holes] or [-1])
        for ring in polygon.rings:
            steps = np.roll(ring, -1, axis=0) - ring
            assert ((steps != 0).sum(axis=1) == 1).all()
            total += signed_area(ring)
    assert total == mask.sum()


@given(MASKS | PARTS)
def test_run_lengths_round_trip(mask: np.ndarray) -> None:
    box = Box.around_mask(mask)
    inside = mask[:0, :0] if box is None else mask[box.slices]
    encoded = compressed(run_lengths(inside, box, mask.shape), mask.shape)
    assert np.array_equal(coco_mask.decode(encoded), mask)
    assert (
        encoded["counts"].encode() == coco_mask.encode(np.asfortranarray(mask, np.uint8))["counts"]
    )


@settings(max_examples=60)
@given(MASKS | PARTS, st.sampled_from([0.0, 1.0, 3.0]))
def test_coco_round_trips(mask: np.ndarray, tolerance_px: float) -> None:
    sheet = CocoSheet("a.jpg", mask.shape, tolerance_px=tolerance_px)
    sheet.add(found(mask))
    (entry,) = json.loads(sheet.to_bytes())["annotations"]
    encoded = entry["segmentation"]
    if isinstance(encoded, list):
        encoded = coco_mask.merge(coco_mask.frPyObjects(encoded, *mask.shape))
    back = coco_mask.decode(encoded).astype(bool)
    assert (back & mask).sum() >= (0.95 if tolerance_px else 1) * (back | mask).sum()


@settings(max_examples=60)
@given(MASKS | PARTS)
def test_polygon_files_round_trip_exactly_without_tolerance(mask: np.ndarray) -> None:
    sheet = PolygonSheet("a.jpg", mask.shape, tolerance_px=0.0)
    sheet.add(found(mask))
    (entry,) = json.loads(sheet.to_bytes())["objects"]
    polygons = [
        Polygon(np.array(part["outer"]), tuple(np.array(hole) for hole in part["holes"]))
        for part in entry["polygons"]
    ]
    assert np.array_equal(fill(polygons, Box.of_image(mask.shape)), mask)


NUMBERS = st.floats(-1e6, 1e6)
POINTS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=4, max_size=7).map(tuple)
NAMES = st.none() | st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)


@given(st.lists(st.tuples(POINTS, NAMES, NAMES), min_size=1), st.sampled_from(["json", "csv"]))
def test_object_lists_round_trip(tmp_path_factory: object, rows: list, form: str) -> None:
    listed = [ListedObject(*each) for each in rows]
    path = Path(tmp_path_factory.getbasetemp()) / "list"  # type: ignore[attr-defined]
    path.write_bytes(write_object_list(listed, form).encode())
    back = read_object_list(path)
    assert [(row.points, row.image, row.label) for row in back] == rows


@given(POINTS)
def test_points_on_the_command_line_are_read_exactly(points: tuple) -> None:
    assert parse_points(" ".join(f"{x!r},{y!r}" for x, y in points)) == points
