from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from extremecut.datasets.coco import find_images, read_coco
from extremecut.datasets.folders import Selection
from extremecut.errors import DataError

SQUARE = [[0, 0, 2, 0, 2, 2, 0, 2]]


def annotation(number: int, image: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": number, "image_id": image, "category_id": 18, "iscrowd": 0, "area": 4.0,
        "segmentation": SQUARE,
    } | fields  # fmt: skip


@pytest.fixture
def content() -> dict[str, Any]:
    """As in the official files, cut down."""
    return {
        "info": {"year": 2017},
        "licenses": [{"id": 4, "name": "Attribution License", "url": "http://x"}],
        "categories": [{"id": 18, "name": "dog", "supercategory": "animal"}],
        "images": [
            {"id": number, "file_name": f"{number:012d}.jpg", "height": 4, "width": 6, "license": 4}
            for number in (13, 12)
        ],
        "annotations": [
            annotation(1, 13),
            annotation(2, 12, area=9.5),
            annotation(3, 12, segmentation={"size": [4, 6], "counts": [3, 4, 17]}),
            annotation(4, 12, iscrowd=1, segmentation={"size": [4, 6], "counts": [24]}),
        ],
    }


@pytest.fixture
def write(tmp_path: Path, write_image: Callable[..., Path]) -> Callable[[Any], Path]:
    def save(value: Any) -> Path:
        for number in (12, 13):
            write_image(f"val2017/{number:012d}.jpg")
        path = tmp_path / "annotations" / "instances_val2017.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(value if isinstance(value, str) else json.dumps(value))
        return path

    return save


def names(path: Path, **options: Any) -> list[str]:
    objects = read_coco(path, **options)
    return [objects[k].name for k in range(len(objects))]


def test_objects_come_by_image_name_without_crowds(
    write: Callable[[Any], Path], content: dict[str, Any]
) -> None:
    path = write(content)

    assert names(path) == ["000000000012:2", "000000000012:3", "000000000013:1"]
    sample = read_coco(path)[0]
    assert sample.mask.sum() == 4
    assert sample.tags == {"category": "dog", "licence": "Attribution License"}


def test_run_lengths_and_polygons_are_read_alike(
    write: Callable[[Any], Path], content: dict[str, Any]
) -> None:
    assert read_coco(write(content))[1].mask[3, 0]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"ids": "even"}, ["000000000012:2", "000000000012:3"]),
        ({"ids": "odd"}, ["000000000013:1"]),
        ({"min_area": 5}, ["000000000012:2"]),
        ({"max_area": 9.5}, ["000000000012:3", "000000000013:1"]),
        ({"min_area": 4, "max_area": 9.6, "ids": "odd"}, ["000000000013:1"]),
        ({"selection": Selection(last=1)}, ["000000000013:1"]),
    ],
)
def test_objects_can_be_chosen(
    write: Callable[[Any], Path], content: dict[str, Any], options: Any, expected: list[str]
) -> None:
    assert names(write(content), **options) == expected


def test_without_an_area_the_pixels_are_counted(
    write: Callable[[Any], Path], content: dict[str, Any]
) -> None:
    for item in content["annotations"]:
        del item["area"]
    path = write(content)

    assert len(names(path, min_area=4)) == 3
    assert len(names(path, min_area=5)) == 0


def test_annotations_without_a_mask_are_skipped(
    write: Callable[[Any], Path], content: dict[str, Any]
) -> None:
    content["annotations"][0]["segmentation"] = []

    objects = read_coco(write(content))

    assert len(objects) == 2


def test_files_without_categories_and_licences_are_read(
    write: Callable[[Any], Path], content: dict[str, Any]
) -> None:
    del content["categories"], content["licenses"]

    assert read_coco(write(content))[0].tags == {"category": "18"}


def test_images_are_found_in_the_official_place(
    write: Callable[[Any], Path], content: dict[str, Any]
) -> None:
    path = write(content)

    assert find_images(path, content["images"]) == path.parent.parent / "val2017"


def test_images_that_are_nowhere_are_asked_for(
    write: Callable[[Any], Path], content: dict[str, Any]
) -> None:
    path = write(content)
    (path.parent.parent / "val2017" / "000000000012.jpg").unlink()

    with pytest.raises(DataError, match=r"were not found; looked in: .*Say images=FOLDER"):
        read_coco(path)


def test_images_in_two_places_are_asked_for(
    write: Callable[[Any], Path], write_image: Callable[..., Path], content: dict[str, Any]
) -> None:
    path = write(content)
    for number in (12, 13):
        write_image(f"images/{number:012d}.jpg")

    with pytest.raises(DataError, match="are in several folders"):
        read_coco(path)


def test_an_image_of_another_size_is_named_before_it_is_used(
    write: Callable[[Any], Path], content: dict[str, Any], write_image: Callable[..., Path]
) -> None:
    path = write(content)
    write_image("val2017/000000000013.jpg", size_hw=(5, 6))

    with pytest.raises(DataError, match=r"13\.jpg has 6 x 5 pixels, but .*2017\.json was made for"):
        read_coco(path)


def test_a_missing_image_is_named(write: Callable[[Any], Path], content: dict[str, Any]) -> None:
    path = write(content)
    images = path.parent.parent / "val2017"
    (images / "000000000013.jpg").unlink()

    with pytest.raises(DataError, match=r"names the image .*000000000013\.jpg, which does not"):
        read_coco(path, images)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"image_id": 99}, r'annotations\[1\]: "image_id" 99 is not among the images'),
        ({"segmentation": "x"}, r"annotations\[1\] \(id 2\): a segmentation is"),
        ({"area": "large"}, r'annotations\[1\] \(id 2\): "area" must be a finite number'),
        ({"area": True}, r'annotations\[1\] \(id 2\): "area" must be a finite number'),
        ({"area": math.nan}, r'annotations\[1\] \(id 2\): "area" must be a finite number, got nan'),
        ({"iscrowd": "0"}, r"annotations\[1\]: \"iscrowd\" must be 0 or 1, got '0'"),
        ({"image_id": [12]}, r'annotations\[1\]: "image_id" must be a number or text, got \[12\]'),
        ({"id": [1]}, r'annotations\[1\]: "id" must be a number or text'),
        ({"category_id": {}}, r'annotations\[1\]: "category_id" must be a number or text'),
    ],
)
def test_a_wrong_annotation_is_named(
    write: Callable[[Any], Path], content: dict[str, Any], change: dict[str, Any], message: str
) -> None:
    content["annotations"][1] |= change

    with pytest.raises(DataError, match=message):
        read_coco(write(content))


@pytest.mark.parametrize(
    ("key", "change", "message"),
    [
        ("images", {"id": 12}, r"images\[1\]: the id 12 is used twice"),
        ("images", {"id": None}, r'images\[0\]: "id" must be a number or text, got None'),
        ("images", {"license": [1]}, r'images\[0\]: "license" must be a number or text'),
        ("images", {"file_name": "\ud800.png"}, r'images\[0\]: "file_name" must be UTF-8 text'),
        ("categories", {"id": [1]}, r'categories\[0\]: "id" must be a number or text'),
        ("categories", {"name": "\udce9"}, r'categories\[0\]: "name" must be UTF-8 text'),
        ("licenses", {"id": {}}, r'licenses\[0\]: "id" must be a number or text'),
    ],
)
def test_a_wrong_row_of_another_list_is_named(
    write: Callable[[Any], Path],
    content: dict[str, Any],
    key: str,
    change: dict[str, Any],
    message: str,
) -> None:
    content[key][0] |= change

    with pytest.raises(DataError, match=message):
        read_coco(write(content))


def test_an_area_of_any_size_is_compared(
    write: Callable[[Any], Path], content: dict[str, Any]
) -> None:
    content["annotations"][0]["area"] = 10**400

    assert names(write(content), min_area=100.0) == ["000000000013:1"]


def test_crowds_may_be_said_by_true_and_false(
    write: Callable[[Any], Path], content: dict[str, Any]
) -> None:
    for item, crowd in zip(content["annotations"], (False, None, True, True), strict=True):
        item["iscrowd"] = crowd

    assert names(write(content)) == ["000000000012:2", "000000000013:1"]


def test_a_file_may_start_with_a_byte_order_mark(
    write: Callable[[Any], Path], content: dict[str, Any]
) -> None:
    assert len(names(write("\ufeff" + json.dumps(content)))) == 3


def test_a_file_beside_its_images_is_read_in_their_folder(
    write: Callable[[Any], Path], content: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(content)
    images = path.parent.parent / "val2017"
    monkeypatch.chdir(images)
    path.rename("ok.json")

    assert find_images(Path("ok.json"), content["images"]) == images
    assert len(names(Path("ok.json"))) == 3


def test_names_of_images_may_be_absolute(
    write: Callable[[Any], Path], content: dict[str, Any]
) -> None:
    path = write(content)
    for image in content["images"]:
        image["file_name"] = str(path.parent.parent / "val2017" / image["file_name"])

    assert len(names(write(content))) == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "cannot be read"),
        ("[]", "is no COCO file"),
        ('{"images": []}', '"annotations" must be a list'),
        ('{"images": [1], "annotations": []}', '"images" must be a list of objects'),
        ('{"images": [{"id": 1}], "annotations": []}', r'images\[0\]: "id", "file_name"'),
        (
            '{"images": [{"id": 1, "file_name": "a", "height": 1e9, "width": 2}],'
            ' "annotations": []}',
            r"images\[0\]",
        ),
    ],
)
def test_other_files_are_refused(write: Callable[[Any], Path], text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_coco(write(text))


def test_halves_need_numbers_as_ids(write: Callable[[Any], Path], content: dict[str, Any]) -> None:
    content["images"][0]["id"] = "a"
    content["annotations"] = []

    with pytest.raises(DataError, match="needs whole numbers as image ids, got 'a'"):
        read_coco(write(content), ids="even")
    with pytest.raises(DataError, match="ids must be one of"):
        read_coco(write(content), ids="some")
