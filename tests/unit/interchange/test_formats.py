"""What holds for every format: there and back, what is said, what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.errors import DataError
from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject, AnnotatedSet
from extremecut.interchange.formats import FORMATS

LABEL_MAPS = ("voc", "davis", "labels")
WITHOUT_CLICKS = ("voc", "yolo", "cvat")
EVERY = pytest.mark.parametrize("name", FORMATS)


def objects_of(annotated: AnnotatedSet) -> tuple[AnnotatedObject, ...]:
    (image,) = annotated.images
    return image.objects


@EVERY
@pytest.mark.parametrize("to", ["out", "out.zip"])
def test_what_the_format_can_hold_comes_back_whole(
    name: str, to: str, through: Any, samples: Any
) -> None:
    given = (samples.plain, samples.parts)
    back, losses, notes = through(name, *given, to=to)
    if name in WITHOUT_CLICKS:
        given = tuple(AnnotatedObject(each.mask, each.label) for each in given)
        assert "Points and confidences are not kept." in losses
    assert objects_of(back) == given
    assert back.images[0].file_name == "sub/a.jpg" and back.images[0].size_hw == samples.size_hw
    assert notes == ()


@EVERY
def test_holes_come_back_or_are_said_to_be_filled(name: str, through: Any, samples: Any) -> None:
    back, losses, _ = through(name, samples.holed)
    (found,) = objects_of(back)
    if name == "yolo":
        assert any(line.startswith("YOLO has no holes") for line in losses)
        assert found.mask == samples.blocks((7, 1, 15, 8))
    else:
        assert found.mask == samples.holed.mask and not any("hole" in line for line in losses)


@EVERY
def test_overlap_comes_back_or_is_said_to_be_cut(name: str, through: Any, samples: Any) -> None:
    back, losses, _ = through(name, samples.plain, samples.overlapping)
    first, second = objects_of(back)
    assert second.mask == samples.overlapping.mask and second.label == "dog"
    said = [line for line in losses if "overlap" in line]
    if name in LABEL_MAPS:
        assert said == [
            "Where objects overlap, the later drawn one wins; objects that lost pixels: 1 "
            "(in sub/a.jpg)."
        ]
        assert first.mask.area_px == 25 - 4
    else:
        assert not said and first.mask == samples.plain.mask


@EVERY
def test_empty_objects_come_back_or_are_said_to_be_left_out(
    name: str, through: Any, samples: Any
) -> None:
    back, losses, _ = through(name, samples.nothing, samples.plain)
    if name in ("coco", "masks"):
        assert [each.mask for each in objects_of(back)] == [
            samples.nothing.mask, samples.plain.mask,
        ]  # fmt: skip
    else:
        assert "Objects without pixels are left out: 1 (in sub/a.jpg)." in losses
        assert [each.mask for each in objects_of(back)] == [samples.plain.mask]


@EVERY
def test_polygons_keep_most_of_a_mask_with_a_tolerance(
    name: str, through: Any, samples: Any
) -> None:
    back, losses, _ = through(name, samples.parts, tolerance_px=1.0)
    (found,) = objects_of(back)
    a, b = found.mask.mask(samples.size_hw), samples.parts.mask.mask(samples.size_hw)
    assert (a & b).sum() >= 0.95 * (a | b).sum()
    assert any("up to 1 px" in line for line in losses) == (name in ("coco", "yolo", "labelme"))


@EVERY
def test_images_are_taken_one_by_one(name: str, tmp_path: Path, samples: Any) -> None:
    def images() -> Iterator[AnnotatedImage]:
        for number in range(3):
            yield AnnotatedImage(f"{number}.jpg", samples.size_hw, (samples.plain,))

    FORMATS[name].write(AnnotatedSet(images(), ("cup",)), tmp_path / "out")  # type: ignore[arg-type]
    photos = {f"{number}.jpg": samples.size_hw for number in range(3)}
    back, _ = FORMATS[name].read(tmp_path / "out", photos=photos)
    assert sorted(image.file_name for image in back.images) == list(photos)


@EVERY
def test_photos_that_differ_in_the_ending_alone_stay_apart(
    name: str, tmp_path: Path, samples: Any
) -> None:
    a = AnnotatedImage("a.jpg", samples.size_hw, (samples.plain,))
    b = AnnotatedImage("a.png", samples.size_hw, (samples.parts, samples.plain))
    FORMATS[name].write(AnnotatedSet((a, b), ("cup",)), tmp_path / "out", tolerance_px=0)
    photos = {"a.png": samples.size_hw, "a.jpg": samples.size_hw}
    back, notes = FORMATS[name].read(tmp_path / "out", photos=photos)
    counts = {image.file_name: len(image.objects) for image in back.images}
    assert counts == {"a.jpg": 1, "a.png": 2} and notes == ()


@EVERY
def test_a_photo_comes_back_beside_one_of_its_stem_without_objects(
    name: str, tmp_path: Path, samples: Any
) -> None:
    photos = dict.fromkeys(("IMG.jpg", "IMG.jpeg", "IMG.jpeg.png"), samples.size_hw)
    image = AnnotatedImage("IMG.jpeg", samples.size_hw, (samples.plain,))
    annotated = AnnotatedSet((image,), ("cup",), other_photos=("IMG.jpg", "IMG.jpeg.png"))
    FORMATS[name].write(annotated, tmp_path / "out", tolerance_px=0)
    back, notes = FORMATS[name].read(tmp_path / "out", photos=photos)
    assert [each.file_name for each in back.images] == ["IMG.jpeg"] and notes == ()
    assert [each.mask for each in back.images[0].objects] == [samples.plain.mask]


@EVERY
def test_objects_of_photos_that_are_gone_are_said(name: str, samples: Any) -> None:
    gone = (("b.jpg", 2), ("c.jpg", 1))
    annotated = replace(samples.set_of(samples.plain), left_out=gone)
    sentence = "Objects of photos that are missing or unreadable are left out: 3 (in b.jpg, c.jpg)."
    assert sentence in FORMATS[name].losses(annotated)


@EVERY
def test_photos_that_are_elsewhere_are_found_by_name(
    name: str, tmp_path: Path, samples: Any
) -> None:
    FORMATS[name].write(samples.set_of(samples.plain), tmp_path / "out")
    back, notes = FORMATS[name].read(tmp_path / "out", photos={"new/x/a.jpg": samples.size_hw})
    assert [image.file_name for image in back.images] == ["new/x/a.jpg"] and notes == ()
    back, notes = FORMATS[name].read(tmp_path / "out", photos={"other.jpg": samples.size_hw})
    assert len(back.images) == 0
    assert len(notes) == 1 and notes[0].startswith("Not among the photos and left out: ")


@EVERY
def test_a_photo_of_another_size_is_refused(name: str, tmp_path: Path, samples: Any) -> None:
    FORMATS[name].write(samples.set_of(samples.plain), tmp_path / "out")
    height, width = samples.size_hw
    if name == "yolo":  # it has no sizes
        return
    with pytest.raises(DataError, match=r"16 x 12 pixels, the photo has 12 x 16; .*right way up"):
        FORMATS[name].read(tmp_path / "out", photos={"sub/a.jpg": (width, height)})


@EVERY
def test_a_failed_export_leaves_nothing(name: str, tmp_path: Path, samples: Any) -> None:
    outside = replace(samples.plain, mask=MaskRuns((0, 0, 17, 1), (0, 17)))
    for target in ("out", "out.zip"):
        with pytest.raises(DataError, match=r"sub/a.jpg, object 1: its mask reaches out"):
            FORMATS[name].write(samples.set_of(samples.plain, outside), tmp_path / target)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"label": "bird"}, "its class 'bird' is not among the classes"),
        ({"label": "two\nlines"}, "printable letters"),
    ],
)
def test_a_set_that_breaks_its_promise_is_refused(
    change: dict, message: str, tmp_path: Path, samples: Any
) -> None:
    wrong = samples.set_of(replace(samples.plain, **change))
    with pytest.raises(DataError, match=message):
        FORMATS["coco"].write(replace(wrong, classes=("cup", "two\nlines")), tmp_path / "out")


@pytest.mark.parametrize("file_name", ["../a.jpg", "/a.jpg", "a/../../b.jpg", "", "a\0.jpg"])
@EVERY
def test_names_that_lead_out_of_the_folder_are_refused(
    name: str, file_name: str, tmp_path: Path, samples: Any
) -> None:
    with pytest.raises(DataError, match="must be a path inside the folder of photos"):
        FORMATS[name].write(samples.set_of(samples.plain, file_name=file_name), tmp_path / "out")
    assert not list(tmp_path.parent.glob("a.*"))


def test_a_tolerance_must_be_a_length(tmp_path: Path, samples: Any) -> None:
    for tolerance in (-1.0, float("nan"), float("inf")):
        with pytest.raises(DataError, match="tolerance must be from 0"):
            FORMATS["coco"].write(samples.set_of(), tmp_path / "out", tolerance_px=tolerance)


def test_the_folder_says_what_was_lost(tmp_path: Path, samples: Any) -> None:
    losses = FORMATS["yolo"].write(samples.set_of(samples.holed), tmp_path / "out")
    lines = (tmp_path / "out" / "extremecut-export.txt").read_text().splitlines()
    assert lines[0].startswith("Written by extremecut ") and lines[0].endswith(" as yolo.")
    assert tuple(lines[1:]) == losses


@EVERY
def test_every_format_names_itself(name: str) -> None:
    assert FORMATS[name].name == name and FORMATS[name].about


def test_the_command_offers_every_format() -> None:
    from extremecut.cli.export import FORMATS as OFFERED

    assert tuple(FORMATS) == OFFERED
