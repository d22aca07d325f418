from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from extremecut.annotations.found import FoundObject
from extremecut.annotations.overlay import COLOURS_RGB, TINT, OverlaySheet
from extremecut.errors import DataError
from extremecut.geometry.boxes import Box

GREY = np.full((40, 60, 3), 100, np.uint8)


def square() -> FoundObject:
    mask = np.zeros((40, 60), bool)
    mask[10:30, 20:50] = True
    return FoundObject(mask, Box.around_mask(mask), np.array([[-500.0, 5.0]] * 4))


def test_objects_are_tinted_and_outlined_and_the_photo_is_left_alone() -> None:
    sheet = OverlaySheet(GREY)
    sheet.add(square())
    colour = np.array(COLOURS_RGB[0])
    assert sheet.picture[5, 5].tolist() == [100, 100, 100]
    assert sheet.picture[10, 30].tolist() == colour.tolist()
    expected = 100 * (1 - TINT) + colour * TINT
    assert np.abs(sheet.picture[20, 30] - expected).max() <= 0.5
    assert (GREY == 100).all()


def test_the_outline_follows_the_image_frame() -> None:
    mask = np.ones((40, 60), bool)
    sheet = OverlaySheet(GREY)
    sheet.add(FoundObject(mask, Box.around_mask(mask), np.array([[-500.0, 5.0]] * 4)))
    colour = np.array(COLOURS_RGB[0])
    assert np.array_equal(sheet.picture[0, 30], colour)
    assert not np.array_equal(sheet.picture[1, 30], colour)


def test_points_are_marked_and_the_next_object_has_the_next_colour() -> None:
    sheet = OverlaySheet(GREY)
    sheet.add(FoundObject(np.zeros((40, 60), bool), None, np.array([[30.2, 19.8]] * 4)))
    assert sheet.picture[20, 30].tolist() == [220, 30, 30]
    sheet.add(square())
    assert sheet.picture[29, 49].tolist() == list(COLOURS_RGB[1])


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".JPEG", ".webp"])
def test_the_file_is_rgb_of_the_photos_size(suffix: str) -> None:
    red = np.zeros((40, 60, 3), np.uint8)
    red[:, :, 0] = 200
    with Image.open(io.BytesIO(OverlaySheet(red, suffix=suffix).to_bytes())) as picture:
        assert picture.size == (60, 40)
        assert np.abs(np.array(picture.convert("RGB"))[20, 30].astype(int) - [200, 0, 0]).max() < 12


def test_other_endings_are_refused() -> None:
    with pytest.raises(DataError, match=r"got \.txt"):
        OverlaySheet(GREY, suffix=".txt")


def test_a_grey_photos_read_only_view_can_be_drawn_on() -> None:
    view = np.broadcast_to(np.zeros((40, 60, 1), np.uint8), (40, 60, 3))
    sheet = OverlaySheet(view)
    sheet.add(square())
    assert sheet.picture[20, 30].any()
