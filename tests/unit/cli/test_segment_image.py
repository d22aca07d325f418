from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from extremecut import Segmenter
from extremecut.annotations.object_list import ListedObject
from extremecut.cli.segment_image import Output, check_places, segment_image
from extremecut.errors import DataError, PointsError

ROW = ListedObject(((20, 50), (60, 30), (99, 50), (60, 69)), label="cup")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    values = np.random.default_rng(0).integers(0, 256, (100, 120, 3), np.uint8)
    Image.fromarray(values).save(tmp_path / "photo.png")
    return tmp_path / "photo.png"


def test_what_was_found_is_written_and_told(photo: Path, disc_backend: Any) -> None:
    output = Output(photo.with_name("mask.png"), overlay=photo.with_name("look.jpg"))
    counted = []
    answer = segment_image(
        Segmenter(disc_backend), photo, [ROW], output, on_object=lambda: counted.append(1)
    )
    with Image.open(output.path) as picture:
        values = np.array(picture)
    assert set(np.unique(values)) == {0, 255}
    (found,) = answer["objects"]
    assert found["area_px"] == np.count_nonzero(values)
    assert found["box_xyxy"] == [20, 30, 100, 70]
    assert found["points"][0] == [20, 50] and found["label"] == "cup" and found["notes"] == []
    assert (answer["width"], answer["height"], answer["overlay"]) == (
        120, 100, str(output.overlay)
    )  # fmt: skip
    json.dumps(answer)
    assert output.overlay is not None and output.overlay.is_file() and counted == [1]


@pytest.mark.parametrize("form", ["coco", "polygon"])
def test_json_formats_name_the_image(photo: Path, disc_backend: Any, form: str) -> None:
    output = Output(photo.with_name("a.json"), form, file_name="x/photo.png")
    segment_image(Segmenter(disc_backend), photo, [ROW, ROW], output)
    content = json.loads(output.path.read_text())
    image = content["images"][0] if form == "coco" else content["image"]
    assert image["file_name"] == "x/photo.png"
    assert len(content["annotations" if form == "coco" else "objects"]) == 2


def test_blanks_around_a_label_make_no_other_class(photo: Path, disc_backend: Any) -> None:
    labels = ("cup", " cup", "cup ", " ", "", None)
    rows = [ListedObject(ROW.points, label=label) for label in labels]
    output = Output(photo.with_name("a.json"), "coco", file_name="photo.png")
    answer = segment_image(Segmenter(disc_backend), photo, rows, output)
    assert [found.get("label") for found in answer["objects"]] == ["cup"] * 3 + [None] * 3
    categories = json.loads(output.path.read_text())["categories"]
    assert [category["name"] for category in categories] == ["cup", "object"]


def test_no_output_is_left_when_one_of_two_cannot_be_written(
    photo: Path, disc_backend: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = Output(photo.with_name("mask.png"), overlay=photo.parent / "missing" / "look.png")
    with pytest.raises(FileNotFoundError):
        segment_image(Segmenter(disc_backend), photo, [ROW], output)
    assert [path.name for path in photo.parent.iterdir()] == ["photo.png"]


def test_a_wrong_object_is_named_and_nothing_written(photo: Path, disc_backend: Any) -> None:
    far = ListedObject(((2000, 50), (60, 30), (99, 50), (60, 69)))
    output = Output(photo.with_name("mask.png"))
    with pytest.raises(PointsError, match=r"^object 2: "):
        segment_image(Segmenter(disc_backend), photo, [ROW, far], output)
    with pytest.raises(PointsError, match=r"^points from"):
        segment_image(Segmenter(disc_backend), photo, [far], output)
    assert not output.path.exists()


def test_places_are_checked_before_the_work(photo: Path) -> None:
    folder = photo.parent
    check_places(photo, Output(folder / "new.png", overlay=folder / "look.webp"))
    for output, message in [
        (Output(folder / "mask.jpg"), "written to a .png file"),
        (Output(folder / "mask.png", "coco"), "written to a .json file"),
        (Output(folder / "mask.png", overlay=folder / "look.bmp"), "overlay is written as"),
        (Output(photo), "would replace the photo itself"),
        (Output(folder / "a.png", overlay=folder / "x" / ".." / "a.png"), "another output"),
    ]:
        with pytest.raises(DataError, match=message):
            check_places(photo, output)
    listed = Output(folder / "list.json", "coco")
    with pytest.raises(DataError, match="would replace the list of objects"):
        check_places(photo, listed, objects=folder / "list.json")
    (folder / "loop.png").symlink_to("loop.png")
    check_places(photo, Output(folder / "loop.png"))
    with pytest.raises(FileNotFoundError, match="create this folder first"):
        check_places(photo, Output(folder / "missing" / "mask.png"))
    with pytest.raises(NotADirectoryError):
        check_places(photo, Output(photo / "mask.png"))
    (folder / "folder.png").mkdir()
    with pytest.raises(OSError, match="Not a regular file"):
        check_places(photo, Output(folder / "folder.png"))
