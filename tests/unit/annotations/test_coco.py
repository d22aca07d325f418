from __future__ import annotations

import json

import numpy as np
import pytest
from pycocotools import mask as coco_mask

from extremecut.annotations.coco import CocoSheet, merged
from extremecut.annotations.found import FoundObject
from extremecut.geometry.boxes import Box

# pycocotools decodes by a way that NumPy is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

SIZE_HW = (50, 60)


def found(mask: np.ndarray, **options: object) -> FoundObject:
    points = np.array([[30.0, 9.0], [9.0, 20.0], [49.0, 20.0], [30.0, 39.0], [12.0, 12.0]])
    return FoundObject(mask, Box.around_mask(mask), points, **options)  # type: ignore[arg-type]


def block(*parts: tuple[int, int, int, int]) -> np.ndarray:
    mask = np.zeros(SIZE_HW, bool)
    for y0, y1, x0, x1 in parts:
        mask[y0:y1, x0:x1] = True
    return mask


def written(*objects: FoundObject, tolerance_px: float = 1.0) -> dict:
    sheet = CocoSheet("photo.jpg", SIZE_HW, tolerance_px=tolerance_px)
    for each in objects:
        sheet.add(each)
    return json.loads(sheet.to_bytes())


def decoded(segmentation: object) -> np.ndarray:
    if isinstance(segmentation, dict):
        return coco_mask.decode(segmentation).astype(bool)
    encoded = coco_mask.merge(coco_mask.frPyObjects(segmentation, *SIZE_HW))
    return coco_mask.decode(encoded).astype(bool)


def test_polygons_run_along_pixel_edges_in_cocos_coordinates() -> None:
    content = written(found(block((10, 30, 20, 40)), confidence=0.87654, label="cup"))
    assert content["images"] == [{"id": 1, "file_name": "photo.jpg", "width": 60, "height": 50}]
    assert content["categories"] == [{"id": 1, "name": "cup", "supercategory": ""}]
    (entry,) = content["annotations"]
    assert entry["segmentation"] == [[20, 10, 40, 10, 40, 30, 20, 30]]
    assert (entry["bbox"], entry["area"], entry["iscrowd"]) == ([20, 10, 20, 20], 400, 0)
    assert (entry["id"], entry["image_id"], entry["category_id"]) == (1, 1, 1)
    assert entry["score"] == 0.8765
    # Left, top, right, bottom among the five points given.
    assert entry["extreme_points"] == [[9, 20], [30, 9], [49, 20], [30, 39]]


def test_several_parts_are_all_written() -> None:
    mask = block((2, 20, 2, 20), (25, 45, 30, 55))
    (entry,) = written(found(mask))["annotations"]
    assert len(entry["segmentation"]) == 2
    assert np.array_equal(decoded(entry["segmentation"]), mask)


def test_holes_are_kept_as_run_lengths() -> None:
    mask = block((2, 40, 2, 40))
    mask[10:20, 10:20] = False
    (entry,) = written(found(mask))["annotations"]
    assert entry["segmentation"]["size"] == [50, 60]
    assert entry["iscrowd"] == 0 and entry["area"] == mask.sum()
    assert np.array_equal(decoded(entry["segmentation"]), mask)


@pytest.mark.parametrize("tolerance", [0.0, 1.0, 50.0])
def test_what_is_read_back_is_the_mask(tolerance: float) -> None:
    y, x = np.mgrid[:50, :60]
    for mask in (np.hypot(x - 30, y - 25) < 20, np.abs(x - y) < 2, np.hypot(x - 30, y - 25) < 2):
        (entry,) = written(found(mask), tolerance_px=tolerance)["annotations"]
        back = decoded(entry["segmentation"])
        assert (back & mask).sum() >= 0.95 * (back | mask).sum()
        if tolerance == 0:
            assert np.array_equal(back, mask)


def test_an_empty_object_keeps_its_place() -> None:
    content = written(found(block()), found(block((0, 5, 0, 5))))
    empty = content["annotations"][0]
    assert (empty["area"], empty["bbox"]) == (0, [0, 0, 0, 0])
    assert not decoded(empty["segmentation"]).any()
    assert "score" not in empty


def test_merging_renumbers_and_joins_categories_by_name() -> None:
    first = written(found(block((0, 5, 0, 5)), label="cup"), found(block((0, 5, 9, 15))))
    second = written(
        found(block((0, 5, 0, 5)), label="dog"), found(block((5, 9, 0, 5)), label="cup")
    )
    content = merged([first, second])
    assert [image["id"] for image in content["images"]] == [1, 2]
    names = {category["id"]: category["name"] for category in content["categories"]}
    assert [
        (entry["id"], entry["image_id"], names[entry["category_id"]])
        for entry in content["annotations"]
    ] == [(1, 1, "cup"), (2, 1, "object"), (3, 2, "dog"), (4, 2, "cup")]
    assert merged([])["images"] == []
