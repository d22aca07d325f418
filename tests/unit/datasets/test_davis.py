from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from extremecut.datasets.davis import read_davis
from extremecut.datasets.folders import Selection
from extremecut.errors import DataError

BEAR = np.zeros((4, 6), np.uint8)
BEAR[1:3, 1:4] = 255


@pytest.fixture
def davis_2016(
    tmp_path: Path, write_image: Callable[..., Path], write_values: Callable[..., Path]
) -> Path:
    rows = []
    for sequence in ("bear", "camel", "dog"):
        for frame in ("00000", "00001"):
            write_image(f"JPEGImages/480p/{sequence}/{frame}.jpg")
            empty = (sequence, frame) == ("dog", "00001")
            write_values(f"Annotations/480p/{sequence}/{frame}.png", BEAR * (not empty))
            rows.append(
                f"/JPEGImages/480p/{sequence}/{frame}.jpg /Annotations/480p/{sequence}/{frame}.png"
            )
    lists = tmp_path / "ImageSets" / "480p"
    lists.mkdir(parents=True)
    (lists / "train.txt").write_text("\n".join(rows) + "\n")
    return tmp_path


def names(objects: object) -> list[str]:
    return [objects[k].name for k in range(len(objects))]  # type: ignore[arg-type, index]


def test_the_list_of_2016_gives_one_object_a_frame(davis_2016: Path) -> None:
    objects = read_davis(davis_2016, list_file=davis_2016 / "ImageSets/480p/train.txt")

    assert names(objects) == [
        "bear/00000", "bear/00001", "camel/00000", "camel/00001", "dog/00000",
    ]  # fmt: skip
    assert objects[0].mask.sum() == 6
    assert objects[0].tags == {"sequence": "bear"}


def test_without_a_list_all_frames_are_read(davis_2016: Path) -> None:
    assert len(read_davis(davis_2016)) == 5


def test_frames_and_sequences_can_be_thinned(davis_2016: Path) -> None:
    thinned = read_davis(davis_2016, selection=Selection(every=2))
    kept = read_davis(davis_2016, sequences=Selection(every=2))
    dropped = read_davis(davis_2016, sequences=Selection(except_every=2))

    assert names(thinned) == ["bear/00000", "camel/00000", "dog/00000"]
    assert names(kept) == ["bear/00000", "bear/00001", "dog/00000"]
    assert names(dropped) == ["camel/00000", "camel/00001"]


def test_small_objects_can_be_left_out(davis_2016: Path) -> None:
    assert len(read_davis(davis_2016, min_area=6)) == 5
    assert len(read_davis(davis_2016, min_area=7)) == 0


def test_2017_annotations_are_palette_indices(
    tmp_path: Path, write_image: Callable[..., Path], write_values: Callable[..., Path]
) -> None:
    write_image("JPEGImages/480p/judo/00000.jpg")
    values = np.zeros((4, 6), np.uint8)
    values[0, 0:2], values[2, 3:6], values[3, 0] = 1, 2, 255
    write_values("Annotations/480p/judo/00000.png", values, mode="P")
    (tmp_path / "val.txt").write_text("judo\n")

    objects = read_davis(tmp_path, year=2017, list_file=tmp_path / "val.txt")

    assert names(objects) == ["judo/00000:1", "judo/00000:2"]
    assert [int(objects[k].mask.sum()) for k in range(2)] == [2, 3]
    assert objects[0].void is not None
    assert np.argwhere(objects[0].void).tolist() == [[3, 0]]


def test_2017_annotations_read_as_2016_are_refused(
    tmp_path: Path, write_image: Callable[..., Path], write_values: Callable[..., Path]
) -> None:
    write_image("JPEGImages/480p/judo/00000.jpg")
    write_values("Annotations/480p/judo/00000.png", BEAR // 255 * 2, mode="P")

    with pytest.raises(DataError, match="no value above 127"):
        read_davis(tmp_path)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("/JPEGImages/480p/bear/00009.jpg /Annotations/480p/bear/00000.png", "row 3: there is no"),
        ("/JPEGImages/480p/bear/00000.jpg", "row 3: an image path and an annotation path"),
        ("wolf", "row 3: the sequence wolf has no folder"),
    ],
)
def test_a_wrong_row_is_named(davis_2016: Path, row: str, message: str) -> None:
    path = davis_2016 / "list.txt"
    path.write_text(f"bear\n\n{row}\n")

    with pytest.raises(DataError, match=rf"list\.txt, {message}"):
        read_davis(davis_2016, list_file=path)


def test_an_annotation_without_a_frame_is_refused(davis_2016: Path) -> None:
    (davis_2016 / "JPEGImages/480p/bear/00001.jpg").unlink()

    with pytest.raises(DataError, match=r"00001\.png has no frame"):
        read_davis(davis_2016)


def test_unknown_years_are_refused(davis_2016: Path) -> None:
    with pytest.raises(DataError, match="DAVIS has the years"):
        read_davis(davis_2016, year=2018)
