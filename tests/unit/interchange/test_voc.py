from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.errors import DataError
from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject, AnnotatedSet
from extremecut.interchange.formats import FORMATS
from extremecut.interchange.png_values import palette_png, voc_colours

PHOTOS = {"a.jpg": (2, 4)}


def put(folder: Path, kind: str, rows: list[list[int]]) -> None:
    (folder / kind).mkdir(exist_ok=True)
    data = palette_png(np.array(rows, np.uint8), voc_colours())
    (folder / kind / "a.png").write_bytes(data)


def test_both_pictures_have_vocs_palette(tmp_path: Path, samples: Any) -> None:
    objects = (samples.plain, samples.holed, samples.parts)
    FORMATS["voc"].write(samples.set_of(*objects), tmp_path / "out")
    with Image.open(tmp_path / "out" / "SegmentationObject" / "sub" / "a.png") as picture:
        assert picture.mode == "P"
        assert picture.getpalette()[:12] == [0, 0, 0, 128, 0, 0, 0, 128, 0, 128, 128, 0]
        assert sorted(set(np.unique(np.array(picture)))) == [0, 1, 2, 3]
    with Image.open(tmp_path / "out" / "SegmentationClass" / "sub" / "a.png") as picture:
        assert sorted(set(np.unique(np.array(picture)))) == [0, 1, 2]
    listed = tmp_path / "out" / "ImageSets" / "Segmentation" / "default.txt"
    assert listed.read_text() == "sub/a\n"
    assert (tmp_path / "out" / "labelmap.txt").read_text() == (
        "# label:color_rgb:parts:actions\nbackground:0,0,0::\ncup:128,0,0::\ndog:0,128,0::\n"
    )


def test_classes_that_others_misread_come_back_and_are_said(tmp_path: Path) -> None:
    names = ("background", "a: b", "#1", "cup")
    squares = [MaskRuns((x, 0, x + 1, 1), (0, 1)) for x in range(4)]
    objects = tuple(map(AnnotatedObject, squares, names))
    annotated = AnnotatedSet((AnnotatedImage("a.jpg", (2, 4), objects),), names)
    losses = FORMATS["voc"].write(annotated, tmp_path / "out")
    back, notes = FORMATS["voc"].read(tmp_path / "out", photos=PHOTOS)
    assert back.images[0].objects == objects and back.classes == names and notes == ()
    assert losses[-1] == (
        'Other programs misread names of classes with ":", with "#" at the start, or "background" '
        "in labelmap.txt: background, a: b, #1; rename them for those programs."
    )


def test_the_class_is_that_of_most_pixels_and_255_is_void(tmp_path: Path) -> None:
    put(tmp_path, "SegmentationObject", [[1, 1, 1, 255], [0, 2, 255, 255]])
    put(tmp_path, "SegmentationClass", [[8, 12, 12, 255], [0, 15, 0, 0]])
    back, notes = FORMATS["voc"].read(tmp_path, photos=PHOTOS)
    first, second = back.images[0].objects
    assert first == AnnotatedObject(MaskRuns((0, 0, 3, 1), (0, 3)), "dog")
    assert second == AnnotatedObject(MaskRuns((1, 1, 2, 2), (0, 1)), "person")
    assert notes == ()


def test_pictures_in_colour_are_read_by_their_colours(tmp_path: Path) -> None:
    for kind in ("SegmentationObject", "SegmentationClass"):
        (tmp_path / kind).mkdir()
        pixels = np.zeros((2, 4, 3), np.uint8)
        pixels[0, :2] = (9, 8, 7)
        pixels[1, 0] = (224, 224, 192)
        Image.fromarray(pixels).save(tmp_path / kind / "a.png")
    (tmp_path / "labelmap.txt").write_text("cup:1,2,3::\ndog:9,8,7::\n")
    back, _ = FORMATS["voc"].read(tmp_path, photos=PHOTOS)
    assert back.images[0].objects == (AnnotatedObject(MaskRuns((0, 0, 2, 1), (0, 2)), "dog"),)


def test_a_colour_whose_value_is_small_is_no_number_of_a_class(tmp_path: Path) -> None:
    (tmp_path / "SegmentationClass").mkdir()
    pixels = np.zeros((2, 4, 3), np.uint8)
    pixels[0, :2] = (0, 0, 128)  # VOC's fourth colour
    pixels[1, 3] = (128, 0, 0)
    Image.fromarray(pixels).save(tmp_path / "SegmentationClass" / "a.png")
    names = "".join(f"class of line {line}:::\n" for line in range(1, 200))
    (tmp_path / "labelmap.txt").write_text("background:::\n" + names)
    back, _ = FORMATS["voc"].read(tmp_path, photos=PHOTOS)
    labels = {each.mask.area_px: each.label for each in back.images[0].objects}
    assert labels == {2: "class of line 4", 1: "class of line 1"}


def test_classes_alone_become_objects(tmp_path: Path) -> None:
    put(tmp_path, "SegmentationClass", [[8, 0, 8, 255], [0, 15, 0, 0]])
    back, notes = FORMATS["voc"].read(tmp_path, photos=PHOTOS)
    assert [each.label for each in back.images[0].objects] == ["cat", "person"]
    assert notes == ("Photos without objects, where each class became one object: 1 (in a.jpg).",)


def test_objects_alone_have_no_class(tmp_path: Path) -> None:
    put(tmp_path, "SegmentationObject", [[1, 0, 0, 0], [0, 0, 0, 0]])
    back, notes = FORMATS["voc"].read(tmp_path, photos=PHOTOS)
    assert [each.label for each in back.images[0].objects] == ["object"]
    assert notes == ('Objects without a class, now of the class "object": 1 (in a.jpg).',)


def test_objects_beyond_254_and_classes_beyond_254(tmp_path: Path) -> None:
    pixels = [AnnotatedObject(MaskRuns((x, 0, x + 1, 1), (0, 1)), "cup") for x in range(255)]
    image = AnnotatedImage("a.jpg", (1, 300), tuple(pixels))
    losses = FORMATS["voc"].write(AnnotatedSet((image,), ("cup",)), tmp_path / "out")
    assert losses[-1] == (
        "A palette image holds 254 objects; objects beyond that are left out: 1 (in a.jpg)."
    )
    names = tuple(str(number) for number in range(255))
    with pytest.raises(DataError, match="room for 254 classes, these are 255"):
        FORMATS["voc"].write(AnnotatedSet((), names), tmp_path / "other")


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no PNGs in folders SegmentationClass"):
        FORMATS["voc"].read(tmp_path, photos=PHOTOS)
