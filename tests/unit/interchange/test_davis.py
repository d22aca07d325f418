from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.errors import DataError
from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject, AnnotatedSet
from extremecut.interchange.formats import FORMATS

PHOTOS = {"walk/00000.jpg": (1, 4)}


def put(folder: Path, *values: int) -> None:
    (folder / "Annotations" / "480p" / "walk").mkdir(parents=True, exist_ok=True)
    path = folder / "Annotations" / "480p" / "walk" / "00000.png"
    Image.fromarray(np.array([values], np.uint8)).save(path)


def read(folder: Path) -> tuple[list[tuple[str | None, int]], tuple[str, ...]]:
    back, notes = FORMATS["davis"].read(folder, photos=PHOTOS)
    found = back.images[0].objects
    return [(each.identity, each.mask.box_xyxy[0]) for each in found], notes


def test_numbers_are_identities_and_255_is_void(tmp_path: Path) -> None:
    put(tmp_path, 2, 1, 255, 254)
    assert read(tmp_path) == (
        [("1", 1), ("2", 0)],
        ("Void areas are left out: 2 (in walk/00000.jpg).",),
    )


def test_the_official_layout_is_found_by_its_videos(tmp_path: Path) -> None:
    for video in ("bear", "walk"):
        folder = tmp_path / "DAVIS" / "Annotations" / "480p" / video
        folder.mkdir(parents=True)
        Image.fromarray(np.array([[0, 255, 255, 0]], np.uint8)).save(folder / "00000.png")
    for photos in (
        ("JPEGImages/480p/bear/00000.jpg", "JPEGImages/480p/walk/00000.jpg"),
        ("bear/00000.jpg", "walk/00000.jpg"),
    ):
        for source in (tmp_path, tmp_path / "DAVIS" / "Annotations"):
            back, notes = FORMATS["davis"].read(source, photos=dict.fromkeys(photos, (1, 4)))
            assert tuple(image.file_name for image in back.images) == photos and notes == ()


def test_255_alone_is_the_object_of_2016(tmp_path: Path) -> None:
    put(tmp_path, 0, 255, 255, 0)
    assert read(tmp_path) == ([("255", 1)], ())


def test_an_object_keeps_its_number_through_its_video(tmp_path: Path, samples: Any) -> None:
    left, right = (
        AnnotatedObject(MaskRuns((x, 0, x + 1, 1), (0, 1)), "cup", identity=name)
        for x, name in ((0, "left"), (3, "right"))
    )
    anonymous = AnnotatedObject(MaskRuns((1, 0, 2, 1), (0, 1)), "cup")
    frames = tuple(
        AnnotatedImage(name, (1, 4), objects)
        for name, objects in (
            ("walk/0.jpg", (left, right)),
            ("walk/1.jpg", (anonymous, right)),
            ("run/0.jpg", (right, replace(left, mask=anonymous.mask))),
        )
    )
    FORMATS["davis"].write(AnnotatedSet(frames, ("cup",)), tmp_path / "out")
    folder = tmp_path / "out" / "Annotations" / "Full-Resolution"
    pixels = {}
    for path in sorted(folder.rglob("*.png")):
        with Image.open(path) as picture:
            assert picture.mode == "P"
            name = path.relative_to(folder).with_suffix("").as_posix()
            pixels[name] = np.array(picture)[0].tolist()
    assert pixels == {"walk/0": [1, 0, 0, 2], "walk/1": [0, 3, 0, 2], "run/0": [0, 2, 0, 1]}


def test_the_254th_object_comes_back_and_the_255th_is_said_to_be_lost(tmp_path: Path) -> None:
    pixels = [AnnotatedObject(MaskRuns((x, 0, x + 1, 1), (0, 1))) for x in range(255)]
    image = AnnotatedImage("a.jpg", (1, 300), tuple(pixels))
    losses = FORMATS["davis"].write(AnnotatedSet((image,), ("object",)), tmp_path / "out")
    assert losses[-1] == (
        "A palette image holds 254 objects; objects beyond that are left out: 1 (in a.jpg)."
    )
    back, notes = FORMATS["davis"].read(tmp_path / "out", photos={"a.jpg": (1, 300)})
    assert list(back.images[0].objects) == pixels[:254] and notes == ()


def test_a_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds no .png file"):
        FORMATS["davis"].read(tmp_path, photos=PHOTOS)


@pytest.mark.parametrize("out", ["out", "out.zip"])
def test_frames_that_would_take_each_others_place_are_refused(
    out: str, tmp_path: Path, samples: Any
) -> None:
    images = tuple(
        AnnotatedImage(name, samples.size_hw, (samples.plain,))
        for name in ("b.jpg", "sequence/b.jpg")
    )
    with pytest.raises(DataError, match=r"one place for the frames 'b\.jpg' and 'sequence/b\.jpg'"):
        FORMATS["davis"].write(AnnotatedSet(images, ("cup",)), tmp_path / out)
    assert list(tmp_path.iterdir()) == []
