from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.errors import DataError
from extremecut.interchange.formats import FORMATS

PHOTOS = {"a.jpg": (1, 4)}


def put(path: Path, *values: int) -> None:
    path.parent.mkdir(exist_ok=True)
    cv2.imwrite(str(path), np.array([values], np.uint8))


def test_a_file_an_object_with_0_and_255(tmp_path: Path, samples: Any) -> None:
    FORMATS["masks"].write(samples.set_of(samples.plain, samples.holed), tmp_path / "out")
    names = sorted(path.name for path in (tmp_path / "out" / "sub" / "a").iterdir())
    assert names == ["0001.png", "0002.png"]
    picture = cv2.imread(str(tmp_path / "out" / "sub" / "a" / "0002.png"), cv2.IMREAD_UNCHANGED)
    assert picture.shape == samples.size_hw and set(np.unique(picture)) == {0, 255}
    assert ((picture > 0) == samples.holed.mask.mask(samples.size_hw)).all()


def test_folders_called_like_the_photo_are_read_in_order_of_name(tmp_path: Path) -> None:
    put(tmp_path / "a.jpg" / "dog.png", 0, 0, 1, 0)
    put(tmp_path / "a.jpg" / "cup.png", 255, 255, 0, 0)
    put(tmp_path / "a.jpg" / "empty.png", 0, 0, 0, 0)
    back, _ = FORMATS["masks"].read(tmp_path, photos=PHOTOS)
    assert [each.mask for each in back.images[0].objects] == [
        MaskRuns((0, 0, 2, 1), (0, 2)),
        MaskRuns((2, 0, 3, 1), (0, 1)),
        MaskRuns((0, 0, 0, 0), ()),
    ]


def test_a_label_image_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "a" / "1.png", 0, 1, 2, 2)
    with pytest.raises(DataError, match=r"1.png must hold one value beside 0, got 1, 2"):
        FORMATS["masks"].read(tmp_path, photos=PHOTOS)


def test_two_files_of_one_number_are_refused(tmp_path: Path, samples: Any) -> None:
    FORMATS["masks"].write(samples.set_of(samples.plain), tmp_path / "out")
    folder = tmp_path / "out" / "sub" / "a"
    (folder / "1.png").write_bytes((folder / "0001.png").read_bytes())
    with pytest.raises(DataError, match="the same number as another file"):
        FORMATS["masks"].read(tmp_path / "out", photos={"sub/a.jpg": samples.size_hw})


def test_files_outside_of_folders_are_refused(tmp_path: Path) -> None:
    put(tmp_path / "a.png", 0, 1, 0, 0)
    with pytest.raises(DataError, match=r"a.png lies in no folder"):
        FORMATS["masks"].read(tmp_path, photos=PHOTOS)
    with pytest.raises(DataError, match=r"holds no .png file"):
        (tmp_path / "empty").mkdir()
        FORMATS["masks"].read(tmp_path / "empty", photos=PHOTOS)


def test_an_ambiguous_folder_is_left_out_and_said(tmp_path: Path, samples: Any) -> None:
    FORMATS["masks"].write(samples.set_of(samples.plain), tmp_path / "out")
    photos = dict.fromkeys(("sub/a.jpg", "sub/a.png"), samples.size_hw)
    back, notes = FORMATS["masks"].read(tmp_path / "out", photos=photos)
    assert len(back.images) == 0
    assert notes == (
        "Ambiguous, since several photos are called so, and left out: sub/a (sub/a.jpg, "
        "sub/a.png) (1 of 1). Give such a file its photo's whole name, with folders and ending.",
        "Objects of objects.csv without a folder of masks are left out: 1 (in sub/a.jpg).",
    )
