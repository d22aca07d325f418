from __future__ import annotations

import os
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFile

from extremecut.errors import ImageError
from extremecut.images import image_size_hw, load_image
from extremecut.images.image_files import pillow_lock

COLOURS = np.array([[[10, 20, 30], [200, 100, 0]], [[0, 0, 0], [255, 255, 255]]], np.uint8)


def scene(height: int = 60, width: int = 80) -> np.ndarray:
    """Smooth enough for lossy formats, different in every corner and channel."""
    y, x = np.mgrid[:height, :width]
    return np.stack([255 * x // width, 255 * y // height, 255 - 255 * x // width], 2).astype(
        np.uint8
    )


@pytest.mark.parametrize("as_pil", [False, True], ids=["file", "pil"])
@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P", "LA", "RGBA", "CMYK", "I;16", "I", "F"])
def test_every_mode_comes_out_as_rgb(tmp_path: Path, mode: str, as_pil: bool) -> None:
    picture = Image.fromarray(scene())
    if mode == "P":
        picture = picture.quantize(64)
    elif mode in ("I;16", "I", "F"):
        picture = picture.convert("L").convert("I").point(lambda value: value * 200)
        picture = picture.convert(mode)
    else:
        picture = picture.convert(mode)
    path = tmp_path / ("a.tif" if mode in ("CMYK", "F", "I") else "a.png")
    picture.save(path)
    image = load_image(picture if as_pil else path)
    assert image.shape == (60, 80, 3) and image.dtype == np.uint8
    reference = scene() if mode in ("RGB", "RGBA", "CMYK", "P") else scene().mean(axis=2)[..., None]
    if mode != "1":  # which is dithered
        assert (
            np.corrcoef(image.ravel(), np.broadcast_to(reference, image.shape).ravel())[0, 1] > 0.9
        )


def test_rgb_pixels_come_through_unchanged(tmp_path: Path) -> None:
    Image.fromarray(COLOURS).save(tmp_path / "a.png")
    assert np.array_equal(load_image(tmp_path / "a.png"), COLOURS)
    assert np.array_equal(load_image(str(tmp_path / "a.png")), COLOURS)
    assert np.array_equal(load_image(Image.fromarray(COLOURS)), COLOURS)
    assert np.array_equal(load_image(COLOURS), COLOURS)


def test_bgr_is_for_arrays_and_never_guessed(tmp_path: Path) -> None:
    Image.fromarray(COLOURS).save(tmp_path / "a.png")
    assert np.array_equal(load_image(COLOURS[:, :, ::-1], channel_order="BGR"), COLOURS)
    assert np.array_equal(load_image(tmp_path / "a.png", channel_order="BGR"), COLOURS)
    assert np.array_equal(load_image(Image.fromarray(COLOURS), channel_order="BGR"), COLOURS)
    with pytest.raises(ImageError, match="channel_order must be one of"):
        load_image(COLOURS, channel_order="bgr")


def test_transparent_palette_entries_are_white(tmp_path: Path) -> None:
    picture = Image.fromarray(np.array([[0, 1]], np.uint8), "L").convert("P")
    picture.putpalette([9, 9, 9, 200, 0, 0])
    picture.save(tmp_path / "a.png", transparency=0)
    assert load_image(tmp_path / "a.png").tolist() == [[[255, 255, 255], [200, 0, 0]]]
    grey = Image.fromarray(np.array([[0, 7]], np.uint8))
    grey.save(tmp_path / "b.png", transparency=0)
    assert load_image(tmp_path / "b.png")[0, :, 0].tolist() == [255, 7]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_exif_orientation_is_applied_exactly_once(
    tmp_path: Path, suffix: str, orientation: int
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"a{suffix}"
    Image.fromarray(COLOURS[:, :1]).save(path, exif=exif)  # 2 rows, 1 column
    image = load_image(path)
    assert image.shape == ((1, 2, 3) if orientation >= 5 else (2, 1, 3))
    first = image.reshape(-1, 3)[0].tolist()
    # In 3, 4, 6 and 7 the stored first row is shown last (6, 7: on the right).
    assert first == (COLOURS[1, 0] if orientation in (3, 4, 6, 7) else COLOURS[0, 0]).tolist()
    with Image.open(path) as lazy:
        assert np.array_equal(load_image(lazy), image)
    with Image.open(path) as loaded:
        loaded.load()
        assert np.array_equal(load_image(loaded), image)
        assert np.array_equal(load_image(loaded), image)  # the caller's image is not changed


def test_premultiplied_opacity_is_laid_over_white() -> None:
    grey = Image.fromarray(np.array([[[100, 255], [100, 0]]], np.uint8), "LA")
    assert load_image(grey.convert("La"))[0, :, 0].tolist() == [100, 255]
    colour = grey.convert("RGBA").convert("RGBa")
    assert load_image(colour)[0, :, 0].tolist() == [100, 255]


def test_the_transparent_grey_of_a_deep_png_is_white(tmp_path: Path) -> None:
    values = np.array([[1000, 0, 4000, 1000]], np.uint16)
    picture = Image.fromarray(values)
    picture.save(tmp_path / "a.png", transparency=1000)
    wanted = np.where(values[..., None] == 1000, 255, load_image(values))
    assert np.array_equal(load_image(tmp_path / "a.png"), wanted)
    assert np.array_equal(load_image(picture), load_image(values))


def test_paths_may_be_of_bytes(tmp_path: Path) -> None:
    class BytesPath:
        def __fspath__(self) -> bytes:
            return os.fsencode(tmp_path / "a.png")

    Image.fromarray(COLOURS).save(tmp_path / "a.png")
    assert np.array_equal(load_image(BytesPath()), COLOURS)
    assert image_size_hw(BytesPath()) == (2, 2)


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def deep_png(values: np.ndarray, orientation: int | None = None) -> bytes:
    """A PNG with 16 bits a channel, which Pillow can neither write nor fully read."""
    height, width = values.shape[:2]
    kind = {3: 2, 4: 6}[values.shape[2]]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    data = b"\x89PNG\r\n\x1a\n" + png_chunk(
        b"IHDR", struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0)
    )
    if orientation is not None:
        entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
        exif = b"MM\0*" + struct.pack(">I", 8) + struct.pack(">H", 1) + entry + bytes(4)
        data += png_chunk(b"eXIf", exif)
    return data + png_chunk(b"IDAT", zlib.compress(rows)) + png_chunk(b"IEND", b"")


def test_sixteen_bit_colour_keeps_its_lower_bits(tmp_path: Path) -> None:
    # 12-bit data: its upper bytes alone would be 0 to 15, a black picture.
    values = scene().astype(np.uint16) * 16
    path = tmp_path / "a.png"
    path.write_bytes(deep_png(values))
    assert np.array_equal(load_image(path), load_image(values))
    assert np.abs(load_image(path).astype(int) - scene()).max() <= 4
    path.write_bytes(deep_png(values, orientation=6))
    assert np.array_equal(load_image(path), np.rot90(load_image(values), -1))
    opaque = np.concatenate([values, np.full((60, 80, 1), 65535, np.uint16)], axis=2)
    path.write_bytes(deep_png(opaque))
    assert np.array_equal(load_image(path), load_image(values))
    path.write_bytes(deep_png(values)[:-200])
    with pytest.raises(ImageError, match="truncated"):
        load_image(path)


@pytest.mark.parametrize("greatest", [4095, 65535])
def test_sixteen_bit_colour_of_netpbm_files_keeps_its_lower_bits(
    tmp_path: Path, greatest: int
) -> None:
    values = scene().astype(np.uint16) * 16
    head = f"P6 80 60 {greatest}\n".encode()
    (tmp_path / "a.ppm").write_bytes(head + values.astype(">u2").tobytes())
    plain = " ".join(map(str, values.ravel().tolist()))
    (tmp_path / "plain.ppm").write_text(f"P3 80 60 {greatest}\n{plain}\n")
    for name in ("a.ppm", "plain.ppm"):
        assert np.array_equal(load_image(tmp_path / name), load_image(values))


@pytest.mark.parametrize("dtype", ["uint16", "float32"])
def test_where_zero_is_white_the_picture_is_no_negative(tmp_path: Path, dtype: str) -> None:
    ramp = np.arange(256).reshape(16, 16).astype(dtype)
    Image.fromarray(ramp).save(tmp_path / "a.tif", tiffinfo={262: 0})
    assert np.abs(load_image(tmp_path / "a.tif")[:, :, 0] - (255.0 - ramp)).max() <= 3


TRUNCATED = {
    "jpg": {}, "png": {}, "tif": {}, "webp": {"lossless": True}, "gif": {}, "bmp": {}, "ppm": {}
}  # fmt: skip


@pytest.mark.parametrize("lenient", [False, True], ids=["", "while Pillow is told to allow it"])
@pytest.mark.parametrize("suffix", TRUNCATED)
def test_a_truncated_file_is_refused_wherever_it_is_cut(
    tmp_path: Path, suffix: str, lenient: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)
    path = tmp_path / f"whole.{suffix}"
    Image.fromarray(scene()).save(path, **TRUNCATED[suffix])
    data = path.read_bytes()
    whole = load_image(path)
    cut = tmp_path / f"cut.{suffix}"
    refused = 0
    for end in [1, 4, 12, *np.linspace(20, len(data) - 1, 12).astype(int).tolist()]:
        cut.write_bytes(data[:end])
        try:
            image = load_image(cut)
        except ImageError as error:
            assert str(cut) in str(error)
            refused += 1
        else:  # only what stands after the last pixel may be missing
            assert np.array_equal(image, whole), f"half an image from {end} of {len(data)} bytes"
    assert refused >= 12


def test_the_first_frame_of_an_animation_is_read(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (6, 4), colour) for colour in ("red", "lime", "blue")]
    for suffix in (".gif", ".webp", ".png"):
        path = tmp_path / f"a{suffix}"
        options = {} if suffix != ".webp" else {"lossless": True}
        frames[0].save(path, save_all=True, append_images=frames[1:], duration=100, **options)
        assert load_image(path)[0, 0].tolist() == [255, 0, 0]
    with Image.open(tmp_path / "a.gif") as animation:
        animation.seek(2)
        assert load_image(animation)[0, 0].tolist() == [0, 0, 255]


def test_one_pixel_is_an_image(tmp_path: Path) -> None:
    Image.new("RGB", (1, 1), (1, 2, 3)).save(tmp_path / "a.png")
    assert load_image(tmp_path / "a.png").tolist() == [[[1, 2, 3]]]


def test_large_pil_images_are_read_in_pieces() -> None:
    values = np.random.default_rng(0).integers(0, 256, (3000, 1000), np.uint8)
    assert np.array_equal(load_image(Image.fromarray(values))[:, :, 1], values)


def test_an_image_without_pixels_is_refused() -> None:
    with pytest.raises(ImageError, match="no pixels"):
        load_image(Image.new("RGB", (0, 5)))


def test_the_file_is_closed_again(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(COLOURS).save(path)
    load_image(path)  # an open handle would warn, and warnings fail tests
    path.unlink()


def test_one_lazy_image_can_be_loaded_by_several_threads(tmp_path: Path) -> None:
    Image.fromarray(scene(300, 400)).save(tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as lazy, ThreadPoolExecutor(4) as pool:
        for image in pool.map(load_image, [lazy] * 8):
            assert np.array_equal(image, scene(300, 400))


def test_exif_data_is_read_by_one_thread_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = Image.fromarray(COLOURS)
    alone: list[bool] = []

    def getexif() -> dict[int, int]:  # Pillow's shows a second thread what is only half read
        alone.append(pillow_lock.locked())
        return {0x0112: 3}

    monkeypatch.setattr(picture, "getexif", getexif)
    assert np.array_equal(load_image(picture), COLOURS[::-1, ::-1])
    assert alone == [True]
