from __future__ import annotations

from pathlib import Path

import pytest

from extremecut.annotations.mask_runs import EMPTY
from extremecut.errors import DataError
from extremecut.interchange.annotated import AnnotatedObject
from extremecut.interchange.formats import FORMATS
from extremecut.interchange.limits import Allowance
from extremecut.interchange.reading import (
    Entry,
    Reading,
    checked_set,
    matched,
    one_each,
    without_ending,
)
from extremecut.interchange.tally import Tally


def test_images_are_made_when_asked_for_and_counted_once() -> None:
    tally = Tally()
    loaded = []

    def load(size_hw: tuple[int, int], allowance: Allowance) -> list[AnnotatedObject]:
        loaded.append(size_hw)
        tally.count("Left out", "a.jpg")
        return [AnnotatedObject(EMPTY, "dog")]

    reading = Reading([Entry("a.jpg", "here", load)], ["cup"], tally)
    found, notes = checked_set(reading, {"a.jpg": (2, 3)})
    assert notes == ("Left out: 1 (in a.jpg).",) and found.classes == ("cup", "dog")
    assert loaded == [(2, 3)] and len(found.images) == 1
    assert found.images[0].size_hw == found.images[-1:][0].size_hw == (2, 3)
    assert len(loaded) == 3


def test_errors_come_before_anything_is_used() -> None:
    def load(size_hw: tuple[int, int], allowance: Allowance) -> list[AnnotatedObject]:
        raise DataError("wrong")

    with pytest.raises(DataError, match="wrong"):
        checked_set(Reading([Entry("a.jpg", "here", load)], [], Tally()), {"a.jpg": (2, 3)})


def test_what_belongs_to_no_photo_is_listed() -> None:
    tally = Tally()
    names = ["a.jpg", *(f"{number}.jpg" for number in range(5))]
    assert matched(names, {"a.jpg": (1, 1)}, tally) == {"a.jpg": "a.jpg"}
    assert tally.sentences() == (
        "Not among the photos and left out: 0.jpg, 1.jpg, 2.jpg and 2 more (5 of 6).",
    )


def test_what_is_ambiguous_is_told_apart_from_what_is_unknown() -> None:
    tally = Tally()
    photos = dict.fromkeys(("x/a.jpg", "y/a.png", "b.jpg", "c.jpg", "d.jpg", "z/d.jpg"), (1, 1))
    names = ["a", "p/b", "q/b", "c", "other/c", "e", "z/d"]
    assert matched(names, photos, tally, by_stem=True) == {"c": "c.jpg", "z/d": "z/d.jpg"}
    assert tally.sentences() == (
        "Ambiguous, since several photos are called so, and left out: a (x/a.jpg, y/a.png) "
        "(1 of 7). Give such a file its photo's whole name, with folders and ending.",
        "Ambiguous, since several files mean the same photo, and left out: p/b, q/b (2 of 7).",
        "Not among the photos and left out: other/c, e (2 of 7).",
    )
    tally = Tally()
    matched(
        [f"{number}/a.jpg" for number in range(5)], {"x/a.jpg": (1, 1), "y/a.jpg": (1, 1)}, tally
    )
    assert "2/a.jpg (x/a.jpg, y/a.jpg) and 2 more (5 of 5)." in tally.sentences()[0]


def test_of_several_files_of_one_name_none_is_taken_and_all_are_said() -> None:
    tally = Tally()
    assert one_each([("a", "a.png"), ("b", "b.png"), ("a", "a.PNG")], tally) == {"b": "b.png"}
    assert tally.sentences() == (
        "Ambiguous, since several files mean the same photo, and left out: a.png, a.PNG.",
    )


def test_endings_are_cut_once() -> None:
    assert without_ending("x/a.tar.png") == "x/a.tar"


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("labelme", ("a.json", "a (Ada).json")),
        ("yolo", ("x/labels/a.txt", "labels/x/a.txt")),
        ("labels", ("a.png", "a.PNG")),
        ("davis", ("a.png", "a.PNG")),
        ("voc", ("SegmentationClass/a.png", "SegmentationClass/a.PNG")),
    ],
)
def test_no_format_takes_one_of_two_files_for_a_photo_in_silence(
    name: str, files: tuple[str, str], tmp_path: Path
) -> None:
    for file in files:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text('{"imagePath": "a.jpg"}')
    found, notes = FORMATS[name].read(tmp_path, photos={"a.jpg": (2, 3), "x/a.jpg": (2, 3)})
    assert len(found.images) == 0
    said = ", ".join(sorted(files))
    assert f"several files mean the same photo, and left out: {said}." in " ".join(notes)
