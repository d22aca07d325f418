from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from extremecut.annotator.thumbnails import thumbnail
from extremecut.errors import ImageError


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_the_longer_side_is_as_asked(tmp_path: Path) -> None:
    Image.new("RGB", (400, 200), "red").save(tmp_path / "a.png")
    assert opened(thumbnail(tmp_path / "a.png", 100)).size == (100, 50)


def test_small_photos_stay_as_they_are(tmp_path: Path) -> None:
    Image.new("L", (40, 20)).save(tmp_path / "a.png")
    assert opened(thumbnail(tmp_path / "a.png", 100)).size == (40, 20)


def test_jpeg_files_are_turned_upright(tmp_path: Path) -> None:
    photo = Image.new("RGB", (400, 200), "blue")
    photo.paste("red", (0, 0, 200, 200))  # left half
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise: left becomes top
    photo.save(tmp_path / "a.jpg", exif=exif)
    small = opened(thumbnail(tmp_path / "a.jpg", 100))
    assert small.size == (50, 100)
    top, bottom = (np.array(small.getpixel((25, y))) for y in (10, 90))
    assert top.argmax() == 0 and bottom.argmax() == 2


def test_decoded_pixels_are_used_where_there_are_some(tmp_path: Path) -> None:
    pixels = np.zeros((30, 60, 3), np.uint8)
    assert opened(thumbnail(tmp_path / "missing", 20, pixels=pixels)).size == (20, 10)


def test_a_damaged_photo_is_an_image_error(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0 nothing")
    with pytest.raises(ImageError):
        thumbnail(tmp_path / "a.jpg", 100)
