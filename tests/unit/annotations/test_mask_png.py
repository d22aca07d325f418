from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from extremecut.annotations import mask_png
from extremecut.annotations.found import FoundObject
from extremecut.annotations.mask_png import LabelSheet
from extremecut.errors import DataError
from extremecut.geometry.boxes import Box


def found(mask: np.ndarray) -> FoundObject:
    return FoundObject(mask, Box.around_mask(mask), np.zeros((4, 2)))


def block(y0: int, y1: int, x0: int, x1: int) -> np.ndarray:
    mask = np.zeros((8, 10), bool)
    mask[y0:y1, x0:x1] = True
    return mask


def read(data: bytes) -> tuple[str, np.ndarray]:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.mode, np.array(picture)


def test_one_object_is_a_mask_of_0_and_255() -> None:
    sheet = LabelSheet((8, 10))
    sheet.add(found(block(1, 4, 2, 6)))
    mode, values = read(sheet.to_bytes())
    assert mode == "L"
    assert np.array_equal(values, block(1, 4, 2, 6) * np.uint8(255))


def test_several_objects_are_16_bit_labels_in_their_order() -> None:
    sheet = LabelSheet((8, 10))
    for mask in (block(0, 2, 0, 2), block(0, 0, 0, 0), block(5, 8, 5, 8)):
        sheet.add(found(mask))
    mode, values = read(sheet.to_bytes())
    assert mode.startswith("I;16")
    assert values[0, 0] == 1 and values[7, 7] == 3  # the empty second object keeps its number
    assert set(np.unique(values)) == {0, 1, 3}


def test_where_objects_overlap_the_later_one_wins() -> None:
    sheet = LabelSheet((8, 10))
    sheet.add(found(block(0, 5, 0, 5)))
    sheet.add(found(block(3, 8, 3, 8)))
    assert sheet.labels[4, 4] == 2 and sheet.labels[0, 0] == 1


def test_labels_can_be_asked_for_with_one_object() -> None:
    sheet = LabelSheet((8, 10), always_labels=True)
    sheet.add(found(block(0, 2, 0, 2)))
    mode, values = read(sheet.to_bytes())
    assert mode.startswith("I;16") and values.max() == 1


def test_labels_beyond_8_bits_survive(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = LabelSheet((8, 10))
    for _ in range(300):
        sheet.add(found(block(0, 2, 0, 2)))
    assert read(sheet.to_bytes())[1].max() == 300
    monkeypatch.setattr(mask_png, "MAX_LABEL", 300)
    with pytest.raises(DataError, match="at most 300 objects: use --format coco"):
        sheet.add(found(block(0, 2, 0, 2)))


@pytest.mark.parametrize("size_hw", [(1, 1_000_001), (1_000_001, 1)])
def test_what_a_png_cannot_hold_is_refused(size_hw: tuple[int, int]) -> None:
    height, width = size_hw
    with pytest.raises(DataError, match=f"cannot hold {width} x {height} pixels"):
        LabelSheet(size_hw).to_bytes()


def test_an_empty_mask_is_a_black_png() -> None:
    sheet = LabelSheet((8, 10))
    sheet.add(found(block(0, 0, 0, 0)))
    mode, values = read(sheet.to_bytes())
    assert mode == "L" and values.shape == (8, 10) and not values.any()
