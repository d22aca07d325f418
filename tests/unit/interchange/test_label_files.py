from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from extremecut.annotations.mask_runs import EMPTY, MaskRuns
from extremecut.errors import DataError
from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject, AnnotatedSet
from extremecut.interchange.formats import FORMATS
from extremecut.interchange.label_files import joined, label_map, with_pixels
from extremecut.interchange.object_table import Row
from extremecut.interchange.tally import Tally

DOT = MaskRuns((0, 0, 1, 1), (0, 1))
IMAGE = AnnotatedImage("a.jpg", (1, 2), (AnnotatedObject(DOT), AnnotatedObject(EMPTY)))


def row(value: int, label: str = "cup") -> Row:
    return Row(value, label, None, [], None, "here")


def test_empty_objects_are_counted_and_left_out() -> None:
    tally = Tally()
    assert with_pixels(IMAGE, tally) == [IMAGE.objects[0]]
    assert tally.sentences() == ("Objects without pixels are left out: 1 (in a.jpg).",)


def test_covered_objects_are_counted() -> None:
    tally = Tally()
    twice = [(1, IMAGE.objects[0]), (2, IMAGE.objects[0])]
    assert label_map(twice, IMAGE, tally, np.uint8).tolist() == [[2, 0]]
    assert len(tally.sentences()) == 1 and ": 1 (in a.jpg)" in tally.sentences()[0]


def test_rows_name_values_in_their_order_and_the_rest_follows() -> None:
    tally = Tally()
    found = joined({1: DOT, 2: DOT, 3: DOT}, [row(3), row(1, "dog"), row(9)], "a", (1, 2), tally)
    assert [each.label for each in found] == ["cup", "dog", "object"]
    assert tally.sentences() == (
        "Objects of which no pixel is left are left out: 1 (in a).",
        'Objects that objects.csv does not name, now of the class "object": 1 (in a).',
    )
    tally = Tally()
    assert len(joined({1: DOT, 2: DOT}, None, "a", (1, 2), tally)) == 2
    assert tally.sentences() == ()
    with pytest.raises(DataError, match="here: the value 1 is used twice"):
        joined({1: DOT}, [row(1), row(1)], "a", (1, 2), Tally())


@pytest.mark.parametrize("name", ["labels", "davis", "masks"])
def test_a_photo_with_another_ending_keeps_its_classes(
    name: str, tmp_path: Path, samples: Any
) -> None:
    FORMATS[name].write(samples.set_of(samples.plain), tmp_path / "out")
    photos = {"sub/a.webp": samples.size_hw, "sub/b.jpg": samples.size_hw}
    back, notes = FORMATS[name].read(tmp_path / "out", photos=photos)
    assert back.images[0].objects == (samples.plain,) and notes == ()


@pytest.mark.parametrize("name", ["labels", "davis", "masks"])
def test_objects_that_the_table_does_not_name_are_said(
    name: str, tmp_path: Path, samples: Any
) -> None:
    FORMATS[name].write(samples.set_of(samples.plain), tmp_path / "out")
    table = tmp_path / "out" / "objects.csv"
    table.write_text(table.read_text().replace("a.jpg", "other.jpg"))
    photos = {"sub/a.jpg": samples.size_hw}
    back, notes = FORMATS[name].read(tmp_path / "out", photos=photos)
    assert [each.label for each in back.images[0].objects] == ["object"]
    said = 'Objects that objects.csv does not name, now of the class "object": 1 (in sub/a.jpg).'
    assert notes == (said,)
    table.unlink()
    assert FORMATS[name].read(tmp_path / "out", photos=photos)[1] == ()


@pytest.mark.parametrize("name", ["labels", "davis", "masks"])
def test_the_table_is_found_in_the_folder_that_an_archive_has_all_in(
    name: str, tmp_path: Path, samples: Any
) -> None:
    (tmp_path / "in").mkdir()
    FORMATS[name].write(samples.set_of(samples.plain), tmp_path / "in" / "out")
    photos = {"sub/a.jpg": samples.size_hw}
    back, notes = FORMATS[name].read(tmp_path / "in", photos=photos)
    assert back.images[0].objects == (samples.plain,) and notes == ()
    (tmp_path / "in" / "other").mkdir()
    (tmp_path / "in" / "other" / "objects.csv").write_text("")
    with pytest.raises(DataError, match=r"holds 2 files objects.csv, .* one by one"):
        FORMATS[name].read(tmp_path / "in", photos=photos)


@pytest.mark.parametrize("name", ["labels", "davis"])
def test_objects_whose_label_image_is_not_there_are_said(
    name: str, tmp_path: Path, samples: Any
) -> None:
    photos = ("walk/a.jpg", "walk/b.jpg", "walk/empty.jpg")
    objects: tuple[tuple[AnnotatedObject, ...], ...] = (
        (samples.plain,), (samples.plain, samples.holed), (),
    )  # fmt: skip
    images = tuple(
        AnnotatedImage(photo, samples.size_hw, each)
        for photo, each in zip(photos, objects, strict=True)
    )
    FORMATS[name].write(AnnotatedSet(images, ("cup", "dog")), tmp_path / "out")
    for stem in ("b", "empty"):
        (file,) = (tmp_path / "out").rglob(f"{stem}.png")
        file.unlink()
    back, notes = FORMATS[name].read(
        tmp_path / "out", photos=dict.fromkeys(photos, samples.size_hw)
    )
    assert [image.file_name for image in back.images] == ["walk/a.jpg"]
    assert notes == (
        "Objects of objects.csv without a label image are left out: 2 (in walk/b.jpg).",
    )


@pytest.mark.parametrize("name", ["labels", "davis", "masks"])
def test_it_is_said_that_classes_lose_their_order(name: str, samples: Any) -> None:
    losses = FORMATS[name].losses(samples.set_of(samples.plain))
    assert "Classes without objects and the order of the classes are not kept." in losses
