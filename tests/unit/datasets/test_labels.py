from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from extremecut.datasets.labels import label_masks, read_category_names, read_labels
from extremecut.errors import DataError

LABELS = [[0, 1, 1, 1, 0, 7], [0, 1, 1, 1, 0, 7], [0, 0, 0, 0, 0, 255], [9, 0, 0, 0, 0, 0]]


@pytest.fixture
def folders(
    tmp_path: Path, write_image: Callable[..., Path], write_values: Callable[..., Path]
) -> tuple[Path, Path]:
    write_image("images/a.jpg")
    write_values("labels/a.png", LABELS)
    return tmp_path / "images", tmp_path / "labels"


def test_each_label_is_an_object(folders: tuple[Path, Path]) -> None:
    objects = read_labels(*folders)

    assert [objects[k].name for k in range(len(objects))] == ["a:1", "a:7", "a:9", "a:255"]
    assert [int(objects[k].mask.sum()) for k in range(4)] == [6, 2, 1, 1]


def test_labels_in_a_jpeg_are_refused(folders: tuple[Path, Path]) -> None:
    Image.new("L", (6, 4), 100).save(folders[1] / "a.jpg")
    (folders[1] / "a.png").unlink()

    with pytest.raises(DataError, match=r"a\.jpg is a JPEG"):
        read_labels(*folders)


def test_labels_of_another_size_than_their_photo_are_refused_at_once(
    folders: tuple[Path, Path], write_image: Callable[..., Path]
) -> None:
    write_image("images/a.jpg", size_hw=(5, 6))

    with pytest.raises(
        DataError, match=r"a\.jpg has 6 x 5 pixels, but .*a\.png was made for 6 x 4"
    ):
        read_labels(*folders)


def test_small_labels_can_be_left_out(folders: tuple[Path, Path]) -> None:
    assert len(read_labels(*folders, min_area=2)) == 2


def test_merged_labels_are_one_object(folders: tuple[Path, Path]) -> None:
    objects = read_labels(*folders, merge=True, void=255)

    assert len(objects) == 1
    assert objects[0].name == "a:whole"
    assert objects[0].mask.sum() == 9
    assert objects[0].void is not None
    assert objects[0].void.sum() == 1


def test_a_void_label_is_no_object(folders: tuple[Path, Path]) -> None:
    objects = read_labels(*folders, void=255)

    assert len(objects) == 3
    assert all(objects[k].void is not None for k in range(3))


def test_names_become_categories(tmp_path: Path, folders: tuple[Path, Path]) -> None:
    (tmp_path / "names.json").write_text(json.dumps(["background", "shoe"]))

    objects = read_labels(*folders, names_file=tmp_path / "names.json")

    assert [objects[k].tags for k in range(2)] == [{"category": "shoe"}, {}]


def test_names_may_start_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "names.json").write_text('["background"]', encoding="utf-8-sig")

    assert read_category_names(tmp_path / "names.json") == ["background"]


@pytest.mark.parametrize("mode", ["P", "I;16"])
def test_palette_and_sixteen_bit_labels_are_read(
    tmp_path: Path, write_image: Callable[..., Path], write_values: Callable[..., Path], mode: str
) -> None:
    write_image("i/a.jpg")
    write_values("l/a.png", LABELS, mode=mode)

    assert len(read_labels(tmp_path / "i", tmp_path / "l")) == 4


def test_labels_of_any_size_are_found() -> None:
    values = np.array([[0, 5, 2_000_000]], np.int32)

    assert [(label, mask.area_px) for label, mask in label_masks(values)] == [
        (5, 1),
        (2_000_000, 1),
    ]


@pytest.mark.parametrize("content", ['{"1": "shoe"}', "[1, 2]", "shoe"])
def test_wrong_names_are_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "names.json").write_text(content)

    with pytest.raises(DataError, match=r"names\.json"):
        read_category_names(tmp_path / "names.json")
