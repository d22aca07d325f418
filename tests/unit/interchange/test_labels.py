from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.errors import DataError
from extremecut.interchange import labels
from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject, AnnotatedSet
from extremecut.interchange.formats import FORMATS

PHOTOS = {"a.jpg": (1, 4)}


def test_labels_have_16_bits_and_count_from_one(tmp_path: Path, samples: Any) -> None:
    objects = (samples.nothing, samples.plain, samples.holed)
    FORMATS["labels"].write(samples.set_of(*objects), tmp_path / "out")
    values = cv2.imread(str(tmp_path / "out" / "sub" / "a.png"), cv2.IMREAD_UNCHANGED)
    assert values.dtype == np.uint16
    assert (values == 1).sum() == 25 and (values == 2).sum() == samples.holed.mask.area_px


def test_large_values_of_a_single_file_are_objects(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), np.array([[0, 65535, 300, 300]], np.uint16))
    back, notes = FORMATS["labels"].read(tmp_path / "a.png", photos=PHOTOS)
    assert back.images[0].objects == (
        AnnotatedObject(MaskRuns((2, 0, 4, 1), (0, 2))),
        AnnotatedObject(MaskRuns((1, 0, 2, 1), (0, 1))),
    )
    assert notes == () and back.classes == ("object",)


def test_objects_added_in_another_program_come_last(tmp_path: Path, samples: Any) -> None:
    FORMATS["labels"].write(samples.set_of(samples.plain), tmp_path / "out")
    path = tmp_path / "out" / "sub" / "a.png"
    values = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    values[11, 15] = 9
    cv2.imwrite(str(path), values)
    back, _ = FORMATS["labels"].read(tmp_path / "out", photos={"sub/a.jpg": samples.size_hw})
    assert [each.label for each in back.images[0].objects] == ["cup", "object"]
    values[values == 1] = 0
    cv2.imwrite(str(path), values)
    back, notes = FORMATS["labels"].read(tmp_path / "out", photos={"sub/a.jpg": samples.size_hw})
    assert [each.label for each in back.images[0].objects] == ["object"]
    assert notes == (
        "Objects of which no pixel is left are left out: 1 (in sub/a.jpg).",
        'Objects that objects.csv does not name, now of the class "object": 1 (in sub/a.jpg).',
    )


def test_objects_beyond_65535_are_said_to_be_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    assert labels.MAX_LABEL == 65535
    monkeypatch.setattr(labels, "MAX_LABEL", 3)
    pixels = tuple(AnnotatedObject(MaskRuns((x, 0, x + 1, 1), (0, 1))) for x in range(5))
    image = AnnotatedImage("a.jpg", (1, 9), pixels)
    losses = FORMATS["labels"].losses(AnnotatedSet((image,), ("object",)))
    assert losses[-1] == (
        "A label image holds 3 objects; objects beyond that are left out: 2 (in a.jpg)."
    )


def test_pictures_in_colour_and_other_files_are_refused(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), np.array([[[1, 2, 3]] * 4], np.uint8))
    with pytest.raises(DataError, match=r"a.png is a picture in colour"):
        FORMATS["labels"].read(tmp_path, photos=PHOTOS)
    (tmp_path / "a.png").rename(tmp_path / "a.txt")
    with pytest.raises(DataError, match=r"holds no .png file"):
        FORMATS["labels"].read(tmp_path, photos=PHOTOS)
