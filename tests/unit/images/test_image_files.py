from __future__ import annotations

import os
import struct
import threading
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFile, PngImagePlugin

from extremecut.errors import ImageError
from extremecut.images import load_image
from extremecut.images.image_files import image_size_hw, opened, orientation_of, pillow_settings

PICTURE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8))


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif"])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_the_size_is_that_of_the_upright_picture(
    tmp_path: Path, suffix: str, orientation: int
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"a{suffix}"
    PICTURE.save(path, exif=exif)
    assert image_size_hw(path) == ((30, 20) if orientation in (6, 8) else (20, 30))
    assert load_image(path).shape[:2] == image_size_hw(path)


@pytest.mark.parametrize("text", [False, True], ids=["", "with texts behind its pixels"])
def test_the_size_of_a_png_is_found_without_decoding_it(
    tmp_path: Path, text: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.png"
    PICTURE.save(path)
    if text:  # as ImageMagick writes it
        path.write_bytes(before_the_end(path.read_bytes(), b"tEXt", b"date:create\0today"))
    decoded: list[Image.Image] = []
    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", lambda image: decoded.append(image))
    assert image_size_hw(path) == (20, 30) and not decoded


def test_exif_data_behind_the_pixels_counts_as_it_does_on_loading(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    PICTURE.save(path)
    tiff = b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, 6, 0, 0)
    path.write_bytes(before_the_end(path.read_bytes(), b"eXIf", tiff))
    assert image_size_hw(path) == load_image(path).shape[:2] == (30, 20)


def before_the_end(png: bytes, kind: bytes, data: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + data))
    return png[:-12] + struct.pack(">I", len(data)) + kind + data + checksum + png[-12:]


def test_exif_data_that_cannot_be_read_means_upright(tmp_path: Path) -> None:
    class Broken:
        def getexif(self) -> None:
            raise SyntaxError("not a TIFF file")

    assert orientation_of(Broken()) == 1  # type: ignore[arg-type]
    exif = Image.Exif()
    exif[0x0112] = 77
    PICTURE.save(tmp_path / "a.png", exif=exif)
    assert image_size_hw(tmp_path / "a.png") == (20, 30)


def test_files_that_are_no_pictures_say_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "empty.png").touch()
    (tmp_path / "text.png").write_text("hello")
    (tmp_path / "drawing.eps").write_text(
        "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n"
    )
    for name, message in {
        "missing.png": "no such image",
        "": "is a folder",
        "empty.png": r"empty \(0 bytes\)",
        "text.png": "is not an image, .*: save it as PNG or JPEG",
        "drawing.eps": "is EPS, not a picture",
        "nul\0.png": "cannot open",
        "text.png/a.png": "cannot open",
    }.items():
        with pytest.raises(ImageError, match=message):
            image_size_hw(tmp_path / name)


def tiff(path: Path, tags: dict[int, list[int]], data: bytes, order: str) -> Path:
    """A TIFF of one strip; (16-bit) tags with one value or several."""
    known = {256: [30], 257: [20], 273: [8], 278: [20], 279: [len(data)]} | tags
    entries, values = b"", b""
    start = 8 + len(data)
    after = start + 2 + 12 * len(known) + 4
    for tag, numbers in sorted(known.items()):
        packed = struct.pack(f"{order}{len(numbers)}H", *numbers)
        if len(packed) > 4:
            packed, values = struct.pack(f"{order}I", after + len(values)), values + packed
        entries += struct.pack(f"{order}HHI", tag, 3, len(numbers)) + packed.ljust(4, b"\0")
    head = {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(f"{order}I", start)
    count = struct.pack(f"{order}H", len(known))
    path.write_bytes(head + data + count + entries + bytes(4) + values)
    return path


def test_tiffs_whose_values_would_be_mixed_up_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    deep = np.arange(1800, dtype="<u2") * 36
    colour = {258: [16] * 3, 259: [1], 262: [2], 277: [3]}
    tiff(path, colour | {284: [1]}, deep.tobytes(), "<")
    assert np.array_equal(load_image(path), load_image(deep.reshape(20, 30, 3)))
    tiff(path, colour | {284: [2], 273: [8, 1208, 2408], 279: [1200] * 3}, deep.tobytes(), "<")
    for look in (image_size_hw, load_image):
        with pytest.raises(ImageError, match=r"a\.tif keeps its colours .* in separate planes"):
            look(path)
    grey = np.linspace(0, 1, 600, dtype=">f4")
    fractions = {258: [32], 262: [1], 277: [1], 339: [3]}
    tiff(path, fractions | {259: [1]}, grey.tobytes(), ">")
    assert np.array_equal(load_image(path), load_image(grey.reshape(20, 30)))
    tiff(path, fractions | {259: [8]}, zlib.compress(grey.tobytes()), ">")
    with pytest.raises(ImageError, match="compressed big-endian TIFF of 32 bits"):
        load_image(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_said_to_be_one() -> None:
    reading, writing = os.pipe()
    try:
        with pytest.raises(ImageError, match=r"must be a regular file, but .* is a pipe"):
            image_size_hw(f"/dev/fd/{reading}")
    finally:
        os.close(reading)
        os.close(writing)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.png")
    said: list[str] = []

    def look() -> None:
        try:
            image_size_hw(tmp_path / "a.png")
        except ImageError as error:
            said.append(str(error))

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    looking.join(timeout=60)
    assert said and "a.png is a pipe or a device" in said[0]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may read all")
def test_a_file_without_permission_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    PICTURE.save(path)
    path.chmod(0)
    with pytest.raises(ImageError, match="Permission denied"):
        image_size_hw(path)


def bitmap_header(width: int, height: int) -> bytes:
    return (
        b"BM" + struct.pack("<IHHI", 54, 0, 0, 54)
        + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    )  # fmt: skip


def test_large_photos_pass_where_pillow_would_refuse_them(tmp_path: Path) -> None:
    path = tmp_path / "a.bmp"
    path.write_bytes(bitmap_header(20_000, 10_000))  # 200 megapixels; Pillow stops at 179
    assert image_size_hw(path) == (10_000, 20_000)


def test_beyond_the_limit_a_file_is_refused_before_decoding(tmp_path: Path) -> None:
    path = tmp_path / "a.bmp"
    path.write_bytes(bitmap_header(40_000, 30_000))
    with pytest.raises(ImageError, match="40000 x 30000 pixels, more than the limit"):
        image_size_hw(path)


def test_pillows_settings_come_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 123)
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(ImageError), opened(tmp_path / "missing.png"):
        pass
    with pytest.raises(RuntimeError), pillow_settings():
        assert Image.MAX_IMAGE_PIXELS is None
        assert not ImageFile.LOAD_TRUNCATED_IMAGES
        raise RuntimeError
    assert Image.MAX_IMAGE_PIXELS == 123
    assert ImageFile.LOAD_TRUNCATED_IMAGES
