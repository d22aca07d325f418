from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from extremecut.annotations.object_list import read_object_list
from extremecut.cli.main import main


def image_file(path: Path, values: np.ndarray) -> Path:
    Image.fromarray(values).save(path)
    return path


def diamond() -> np.ndarray:
    y, x = np.mgrid[:20, :30]
    return np.abs(x - 12) + np.abs(y - 9) <= 4


DIAMOND_POINTS = [[8, 9], [12, 5], [16, 9], [12, 13]]


def points_of(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[dict]:
    assert main(["points", *map(str, arguments)]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("value", [1, 7, 128, 255])
def test_one_value_beside_zero_is_one_object(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], value: int
) -> None:
    path = image_file(tmp_path / "m.png", diamond() * np.uint8(value))
    assert points_of(capsys, path) == [{"points": DIAMOND_POINTS}]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_every_label_is_an_object(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], dtype: type
) -> None:
    labels = diamond().astype(dtype) * dtype(2)
    labels[0:3, 0:5] = 1
    found = points_of(capsys, image_file(tmp_path / "m.png", labels), "--image", "/p/a.jpg")
    assert [entry["image"] for entry in found] == ["/p/a.jpg"] * 2
    assert found[0]["points"] == [[0, 1], [2, 0], [4, 1], [2, 2]]
    assert found[1]["points"] == DIAMOND_POINTS


def test_labels_that_lie_in_each_others_boxes_are_told_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labels = diamond().astype(np.uint16) * np.uint16(300)
    labels[9, 11:14] = 7
    labels[5, 8] = labels[13, 16] = 7  # in the corners of the diamond's box
    found = points_of(capsys, image_file(tmp_path / "m.png", labels))
    assert found == [
        {"points": [[8, 5], [8, 5], [16, 13], [16, 13]]},
        {"points": DIAMOND_POINTS},
    ]


def test_labels_above_8_bits_are_told_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labels = np.zeros((20, 30), np.uint16)
    labels[2:5, 2:5] = 40000
    labels[10:15, 10:15] = 40001
    assert len(points_of(capsys, image_file(tmp_path / "m.png", labels))) == 2


def test_255_beside_other_values_is_not_guessed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labels = diamond().astype(np.uint8)
    labels[0:3, 0:5] = 255
    path = image_file(tmp_path / "m.png", labels)
    assert main(["points", str(path)]) == 1
    assert "--void" in capsys.readouterr().err
    assert points_of(capsys, path, "--void", 255) == [{"points": DIAMOND_POINTS}]
    assert len(points_of(capsys, path, "--void", "none")) == 2


def test_objects_without_four_points_are_left_out_with_a_note(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labels = diamond().astype(np.uint8)
    labels[0, 0] = 2
    assert main(["points", str(image_file(tmp_path / "m.png", labels))]) == 0
    captured = capsys.readouterr()
    assert len(json.loads(captured.out)) == 1
    assert "value 2 is a single pixel and left out" in captured.err


def test_an_empty_mask_is_an_empty_list_with_a_note(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = image_file(tmp_path / "m.png", np.zeros((5, 5), np.uint8))
    assert main(["points", str(path)]) == 0
    captured = capsys.readouterr()
    assert captured.out == "[]\n" and "holds no objects" in captured.err


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_mask_must_be_as_large_as_its_upright_photo(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], orientation: int
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored_wh = (30, 20) if orientation == 1 else (20, 30)
    mask = image_file(tmp_path / "m.png", diamond() * np.uint8(255))
    Image.new("L", stored_wh).save(tmp_path / "a.jpg", exif=exif)
    assert len(points_of(capsys, mask, "--image", tmp_path / "a.jpg")) == 1
    Image.new("L", stored_wh[::-1]).save(tmp_path / "a.jpg", exif=exif)
    assert main(["points", str(mask), "--image", str(tmp_path / "a.jpg")]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "m.png has 30 x 20 pixels, but the upright photo" in captured.err
    assert "a.jpg has 20 x 30: name the photo" in captured.err


@pytest.mark.parametrize("form", ["json", "csv"])
def test_photos_whose_names_are_no_utf8_are_listed(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], form: str
) -> None:
    mask = str(image_file(tmp_path / "m.png", diamond() * np.uint8(255)))
    name = os.fsdecode(b"caf\xe9.png")
    arguments = ["points", mask, "--image", name, "--format", form]
    output = tmp_path / "q"
    assert isinstance(sys.stdout, io.TextIOWrapper)
    sys.stdout.reconfigure(errors="strict")  # as outside of tests
    assert main([*arguments, "-o", str(output)]) == 0
    assert main(arguments) == 0
    for data in (output.read_bytes(), capfdbinary.readouterr().out):
        output.write_bytes(data)
        assert Path(read_object_list(output)[0].image or "").name == name


@pytest.fixture
def coco(tmp_path: Path) -> Path:
    square = [4.0, 3.0, 10.0, 3.0, 10.0, 9.0, 4.0, 9.0]
    image = {"id": 5, "file_name": "a.jpg", "width": 30, "height": 20}
    crowd = {"image_id": 5, "category_id": 3, "iscrowd": 1, "segmentation": {}}
    content = {
        "images": [image],
        "categories": [{"id": 3, "name": "cup"}],
        "annotations": [
            {"image_id": 5, "category_id": 3, "segmentation": [square]},
            crowd,
            {"image_id": 5, "category_id": 9, "segmentation": {"size": [20, 30], "counts": [21, 2, 18, 2, 557]}},  # noqa: E501
        ],
    }  # fmt: skip
    (tmp_path / "labels").mkdir()
    path = tmp_path / "labels" / "instances.json"
    path.write_text(json.dumps(content))
    return path


def test_coco_files_keep_images_and_categories(
    coco: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = points_of(capsys, coco, "--folder", "/photos")
    # The square covers pixels 4 to 9 and 3 to 8, the run lengths pixels (1..2, 1..2).
    assert found == [
        {"image": "/photos/a.jpg", "points": [[4, 6], [7, 3], [9, 6], [7, 8]], "label": "cup"},
        {"image": "/photos/a.jpg", "points": [[1, 2], [2, 1], [2, 2], [2, 2]]},
    ]


def test_a_list_says_where_its_photos_are_missing(
    coco: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photos, output = coco.parent.parent / "photos", coco.parent.parent / "objects.json"
    photos.mkdir()
    command = ["points", str(coco), "-o", str(output)]
    assert main(command) == 0
    told = f"note: 1 of 1 photos are not in {coco.parent}: say where they are with --folder\n"
    assert capsys.readouterr().err.endswith(told)
    image_file(photos / "a.png", diamond() * np.uint8(255)).rename(photos / "a.jpg")
    assert main([*command, "--folder", str(photos)]) == 0
    assert capsys.readouterr().err == ""


def test_paths_in_a_list_start_from_the_lists_folder(coco: Path) -> None:
    folder = coco.parent.parent
    output = folder / "lists" / "objects.csv"
    output.parent.mkdir()
    assert main(["points", str(coco), "--folder", str(folder / "photos"), "-o", str(output)]) == 0
    first = read_object_list(output)[0]
    assert first.image is not None
    assert (output.parent / first.image).resolve() == (folder / "photos" / "a.jpg").resolve()


def test_paths_in_a_list_lead_up_from_the_folder_that_a_link_means(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("work/photos", "elsewhere/deep/lists"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "work" / "lists").symlink_to(tmp_path / "elsewhere" / "deep" / "lists")
    monkeypatch.chdir(tmp_path / "work")
    mask = str(image_file(Path("m.png"), diamond() * np.uint8(255)))
    for photo in (Path("photos/a.png"), Path("lists/b.png")):
        image_file(photo, np.zeros((20, 30), np.uint8))
        assert main(["points", mask, "--image", str(photo), "-o", "lists/objects.json"]) == 0
        (row,) = read_object_list(Path("lists/objects.json"))
        assert row.image is not None and Path("lists", row.image).samefile(photo)
    assert row.image == "b.png"


def test_the_format_follows_the_name_or_what_was_said(tmp_path: Path) -> None:
    mask = str(image_file(tmp_path / "m.png", diamond() * np.uint8(255)))
    for arguments, start in [
        (["-o", str(tmp_path / "a.csv")], "image,points"),
        (["-o", str(tmp_path / "b.txt")], "["),
        (["-o", str(tmp_path / "c.csv"), "--json"], "["),
        (["-o", str(tmp_path / "d.json"), "--format", "csv"], "image,points"),
    ]:
        assert main(["points", mask, *arguments]) == 0
        assert Path(arguments[1]).read_text().startswith(start)
