from __future__ import annotations

import contextlib
import io
import json
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pycocotools.coco import COCO

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.errors import DataError
from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject, AnnotatedSet
from extremecut.interchange.formats import FORMATS

# pycocotools decodes by a way that NumPy is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

SIZE_HW = (4, 6)
PHOTOS = {"a.jpg": SIZE_HW}


def content(**changes: Any) -> dict[str, Any]:
    return {
        "images": [{"id": 1, "file_name": "a.jpg", "width": 6, "height": 4}],
        "categories": [{"id": 9, "name": "cup"}],
        "annotations": [
            {"image_id": 1, "category_id": 9, "segmentation": [[1, 1, 4, 1, 4, 3, 1, 3]]}
        ],
        **changes,
    }


def annotation(**changes: Any) -> dict[str, Any]:
    return content(annotations=[content()["annotations"][0] | changes])


def read(value: Any, folder: Path) -> Any:
    path = folder / "in.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return FORMATS["coco"].read(path, photos=PHOTOS)


def test_pycocotools_reads_what_is_written(tmp_path: Path, samples: Any) -> None:
    objects = (samples.plain, samples.holed, samples.parts, samples.overlapping, samples.nothing)
    FORMATS["coco"].write(samples.set_of(*objects), tmp_path / "out.json", tolerance_px=0)
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(tmp_path / "out.json")
    entries = coco.loadAnns(coco.getAnnIds(imgIds=[1]))
    for entry, each in zip(entries, objects, strict=True):
        assert (coco.annToMask(entry) == each.mask.mask(samples.size_hw)).all()
        assert coco.loadCats([entry["category_id"]])[0]["name"] == each.label
        assert entry["iscrowd"] == 0 and entry["area"] == each.mask.area_px
    kinds = [isinstance(entry["segmentation"], list) for entry in entries]
    assert kinds == [True, False, True, True, False]
    assert len(entries[2]["segmentation"]) == 3  # every part


def test_extreme_points_are_left_top_right_bottom_and_other_clicks_are_kept(
    tmp_path: Path, samples: Any
) -> None:
    in_order = ((1.0, 3.0), (2.0, 1.0), (5.0, 2.0), (3.0, 5.0))
    more = (in_order[2], (1.5, 1.5), *in_order[:2], in_order[3])
    objects = (
        replace(samples.plain, points_xy=in_order),
        replace(samples.plain, points_xy=more),
        replace(samples.plain, points_xy=()),
    )
    FORMATS["coco"].write(samples.set_of(*objects), tmp_path / "out.json")
    first, second, third = json.loads((tmp_path / "out.json").read_text())["annotations"]
    assert first["extreme_points"] == [list(point) for point in in_order]
    assert "points" not in first and "extreme_points" not in third
    assert second["extreme_points"] == [list(point) for point in in_order]
    assert second["points"] == [list(point) for point in more]
    back, _ = FORMATS["coco"].read(tmp_path / "out.json", photos={"sub/a.jpg": samples.size_hw})
    assert [each.points_xy for each in back.images[0].objects] == [in_order, more, ()]


def test_small_objects_of_a_large_photo_take_no_memory_of_its_size(tmp_path: Path) -> None:
    objects = (
        AnnotatedObject(MaskRuns((1000, 2000, 1003, 2001), (0, 3))),
        AnnotatedObject(MaskRuns((1000, 2000, 1003, 2003), (0, 4, 1, 4))),
    )
    photo = AnnotatedImage("a.jpg", (8000, 8000), objects)
    tracemalloc.start()
    try:
        FORMATS["coco"].write(AnnotatedSet([photo], ("object",)), tmp_path / "out.json")
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 8000 * 8000 // 2
    solid, hole = json.loads((tmp_path / "out.json").read_text())["annotations"]
    square = [1000.0, 2000.0, 1003.0, 2000.0, 1003.0, 2001.0, 1000.0, 2001.0]
    assert solid["segmentation"] == [square] and hole["segmentation"]["size"] == [8000, 8000]


@pytest.mark.parametrize("nothing", [[], [[]]])
def test_boxes_without_a_segmentation_are_left_out_and_said(nothing: Any, tmp_path: Path) -> None:
    back, notes = read(annotation(segmentation=nothing, bbox=[1, 1, 3, 2]), tmp_path)
    assert back.images[0].objects == ()
    assert notes == ("Annotations without a mask are left out: 1 (in a.jpg).",)


def test_a_polygon_of_corners_covers_its_pixels(tmp_path: Path) -> None:
    back, notes = read(content(), tmp_path)
    (found,) = back.images[0].objects
    assert found.mask == MaskRuns((1, 1, 4, 3), (0, 6)) and found.label == "cup" and notes == ()


def test_crowds_and_boxes_alone_are_left_out_and_said(tmp_path: Path) -> None:
    row = content()["annotations"][0]
    rows = [row | {"iscrowd": 1}, row | {"segmentation": None}, row]
    back, notes = read(content(annotations=rows), tmp_path)
    assert len(back.images[0].objects) == 1
    assert notes == (
        "Crowds are left out: 1 (in a.jpg).",
        "Annotations without a mask are left out: 1 (in a.jpg).",
    )


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ('{"images": NaN}', "NaN is not a number of JSON"),
        ("[]", "a list of results"),
        ("7", "must be an object with names, got 7"),
        ("{}", "categories must be a list, got None"),
        (content(images=3), "images must be a list, got 3"),
        (content(images=[3]), r"images\[0\] must be an object with names, got 3"),
        (content(images=content()["images"] * 2), r"images\[1\]: the id 1 is used twice"),
        (content(categories=[{"id": 9}]), r"categories\[0\]: name must be text, got None"),
        (
            content(categories=content()["categories"] * 2),
            r"categories\[1\]: the id 9 is used twice",
        ),
        (content(categories=[]), r"annotations\[0\]: there is no category 9"),
        (content(categories=[{"id": 9, "name": "\ud800"}]), "printable"),
        (annotation(image_id=2), r"annotations\[0\]: there is no image 2"),
        (annotation(image_id=[2]), "image_id must be a number or text"),
        (annotation(iscrowd="0"), r"annotations\[0\]: iscrowd must be 0 or 1, got '0'"),
        (annotation(score=2), r"annotations\[0\]: score must be from 0 to 1, got 2"),
        (annotation(score=True), "score must be a finite number, got True"),
        (annotation(extreme_points=[[1]]), r"extreme_points\[0\] must be \[x, y\], got \[1\]"),
        (annotation(extreme_points=[[1, 1e9]]), "far outside the photo of 6 x 4"),
        (annotation(segmentation=[[1, 1, 4]]), "three or more points"),
        (annotation(segmentation=[[1, 1, 4, 1, 4, 10**400]]), "three or more points"),
        (annotation(segmentation=[[-1e300, 1, 4, 1, 4, 3]]), "far outside the image"),
        (annotation(segmentation=[[0, -4, 0, 8] * 200_000]), "no object's"),
        (annotation(segmentation={"size": [4, 6], "counts": [-6, 18, 12]}), "cover 24 pixels"),
        (annotation(segmentation={"size": [4, 6], "counts": "oooo"}), "the image has 24"),
        (annotation(segmentation={"size": [9**9] * 2, "counts": [1]}), "on an image of"),
    ],
)
def test_what_is_wrong_is_refused_with_its_row(value: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=f"in.json.*{message}"):
        read(value, tmp_path)


@pytest.mark.parametrize("size", [(4, 7), (0, 6), (None, 6), ("4", "x"), (-4, 6), (4.5, 6)])
def test_images_of_another_size_or_none_are_refused(size: tuple, tmp_path: Path) -> None:
    image = {"id": 1, "file_name": "a.jpg", "height": size[0], "width": size[1]}
    with pytest.raises(DataError, match=r"in.json, images\[0\]"):
        read(content(images=[image]), tmp_path)


def test_a_folder_with_several_files_is_not_guessed_at(tmp_path: Path) -> None:
    for name in ("train.json", "val.json"):
        (tmp_path / name).write_text(json.dumps(content()))
    with pytest.raises(DataError, match=r"holds 2 .json files.*say which one"):
        FORMATS["coco"].read(tmp_path, photos=PHOTOS)
    with pytest.raises(DataError, match=r"no .json file"):
        (tmp_path / "empty").mkdir()
        FORMATS["coco"].read(tmp_path / "empty", photos=PHOTOS)
