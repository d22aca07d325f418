from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.errors import DataError
from extremecut.interchange.formats import FORMATS

PHOTOS = {"train/a.jpg": (4, 8)}
SQUARE = "0.125 0.25 0.5 0.25 0.5 0.75 0.125 0.75"


def read(folder: Path, *lines: str, names: str | None = "names: [cup, dog]\n") -> Any:
    (folder / "labels" / "train").mkdir(parents=True, exist_ok=True)
    (folder / "labels" / "train" / "a.txt").write_text("\n".join(lines))
    if names is not None:
        (folder / "data.yaml").write_text(names)
        (folder / "classes.txt").write_text("other")
    return FORMATS["yolo"].read(folder, photos=PHOTOS)


def test_shares_count_from_the_corner_of_the_photo(tmp_path: Path) -> None:
    back, notes = read(tmp_path, f"1 {SQUARE}", "", f"0 {SQUARE} 0.75")
    first, second = back.images[0].objects
    assert first.mask == MaskRuns((1, 1, 4, 3), (0, 6)) and first.label == "dog"
    assert second.label == "cup" and second.confidence == 0.75
    assert back.classes == ("cup", "dog") and notes == ()


def test_a_line_is_a_class_and_shares(tmp_path: Path, samples: Any) -> None:
    FORMATS["yolo"].write(samples.set_of(samples.plain), tmp_path / "out", tolerance_px=0)
    line = (tmp_path / "out" / "labels" / "sub" / "a.txt").read_text()
    assert line == "0 0.0625 0.08333333 0.375 0.08333333 0.375 0.5 0.0625 0.5\n"
    assert (tmp_path / "out" / "data.yaml").read_text() == (
        'train: images\nval: images\nnames:\n  0: "cup"\n  1: "dog"\n'
    )


@pytest.mark.parametrize("photo", ["images/train/a.jpg", "images/a.jpg", "set/images/a.jpg"])
def test_labels_of_photos_in_folders_of_images_come_back(
    photo: str, tmp_path: Path, samples: Any
) -> None:
    annotated = samples.set_of(samples.plain, file_name=photo)
    FORMATS["yolo"].write(annotated, tmp_path / "out", tolerance_px=0)
    photos = dict.fromkeys((photo, "elsewhere/a.jpg", "train/b.jpg"), samples.size_hw)
    back, notes = FORMATS["yolo"].read(tmp_path / "out", photos=photos)
    assert [image.file_name for image in back.images] == [photo] and notes == ()


@pytest.mark.parametrize(
    ("first", "second"), [("a.jpg", "images/a.jpg"), ("images/a.png", "a.jpg")]
)
@pytest.mark.parametrize("annotated", [False, True])
def test_two_photos_for_one_place_are_refused(
    first: str, second: str, annotated: bool, tmp_path: Path, samples: Any
) -> None:
    images = [samples.set_of(samples.plain, file_name=name).images[0] for name in (first, second)]
    given = replace(
        samples.set_of(),
        images=images if annotated else images[1:],
        other_photos=() if annotated else (first,),
    )
    with pytest.raises(DataError, match=r"YOLO has one place for the labels of .*rename one"):
        FORMATS["yolo"].write(given, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_equal_names_in_the_folders_of_labels_find_their_own_photos(tmp_path: Path) -> None:
    photos = {f"{split}/images/a.jpg": (4, 8) for split in ("train", "valid")}
    for number, split in enumerate(("train", "valid")):
        (tmp_path / split / "labels").mkdir(parents=True)
        (tmp_path / split / "labels" / "a.txt").write_text(f"{number} {SQUARE}")
    back, _ = FORMATS["yolo"].read(tmp_path, photos=photos)
    labels = {image.file_name: image.objects[0].label for image in back.images}
    assert labels == {"train/images/a.jpg": "class 0", "valid/images/a.jpg": "class 1"}


def test_parts_are_said_to_be_bridged(through: Any, samples: Any) -> None:
    _, losses, _ = through("yolo", samples.parts)
    assert losses[-1] == (
        "YOLO has one ring an object: parts are joined by bridges of no width; objects of several "
        "parts: 1 (in sub/a.jpg)."
    )


def test_boxes_are_left_out_and_said(tmp_path: Path) -> None:
    back, notes = read(tmp_path, "0 0.5 0.5 0.1 0.1")
    assert back.images[0].objects == ()
    assert notes == ("Boxes without an outline are left out: 1 (in train/a.jpg).",)


def test_without_names_classes_are_numbers(tmp_path: Path) -> None:
    back, notes = read(tmp_path, f"3 {SQUARE}", names=None)
    assert back.images[0].objects[0].label == "class 3"
    assert notes == (
        "There is no data.yaml, classes.txt or obj.names: classes are called by their numbers.",
    )


@pytest.mark.parametrize("file", ["classes.txt", "labels/train/classes.txt", "obj.names"])
def test_names_may_stand_in_a_list(file: str, tmp_path: Path) -> None:
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text("cup\r\nbig dog\r\n\r\n")
    back, notes = read(tmp_path, f"1 {SQUARE}", names=None)
    assert back.images[0].objects[0].label == "big dog"
    assert back.classes == ("cup", "big dog") and notes == ()
    with pytest.raises(DataError, match=rf"a.txt, line 1: .*{file} has no class 2"):
        read(tmp_path, f"2 {SQUARE}", names=None)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("cup", "a class and three or more points, got 'cup'"),
        (f"cup {SQUARE}", "the class must be a whole number, got 'cup'"),
        (f"2 {SQUARE}", "data.yaml has no class 2"),
        (f"-1 {SQUARE}", "from 0 to"),
        (f"0 {SQUARE} 7", "confidence must be from 0 to 1"),
        (f"0 {SQUARE} nan 0.1", "must be a finite number, got nan"),
        (f"0 {SQUARE} 1e400 0.1", "must be a finite number, got inf"),
        (f"0 {SQUARE} x 0.1", "a point must be a number, got 'x'"),
        (f"0 {SQUARE} 5 0.1", "far outside the photo"),
        (f"0 {SQUARE} 1e308 0.1", "far outside the photo"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(line: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=rf"a.txt, line 2.*{message}"):
        read(tmp_path, f"0 {SQUARE}", line)


def test_a_folder_without_labels_is_refused(tmp_path: Path) -> None:
    (tmp_path / "classes.txt").write_text("cup")
    with pytest.raises(DataError, match=r"holds no .txt files of labels"):
        FORMATS["yolo"].read(tmp_path, photos=PHOTOS)
