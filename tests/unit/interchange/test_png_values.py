from __future__ import annotations

import io
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image

from extremecut.errors import DataError
from extremecut.interchange.png_values import palette_png, png_values, voc_colours


def png(values: np.ndarray, mode: str | None = None) -> bytes:
    picture = Image.fromarray(values)
    buffer = io.BytesIO()
    (picture if mode is None else picture.convert(mode)).save(buffer, "PNG")
    return buffer.getvalue()


GREY = np.array([[0, 1], [200, 255]], np.uint8)


@pytest.mark.parametrize(
    ("data", "values"),
    [
        (png(GREY), GREY),
        (png(GREY, "RGB"), GREY),
        (png(GREY, "RGBA"), GREY),
        (png(GREY, "LA"), GREY),
        (png(GREY > 0), GREY > 0),
        (png(GREY.astype(np.uint16) * 257), GREY.astype(np.uint16) * 257),
        (palette_png(GREY, voc_colours()), GREY),
    ],
)
def test_values_are_as_they_are_stored(data: bytes, values: np.ndarray) -> None:
    found = png_values(data, "here", (2, 2))
    assert (found.values == values).all() and not found.in_colour


def test_values_know_their_colours() -> None:
    indexed = png_values(palette_png(GREY, voc_colours()), "here", (2, 2))
    assert indexed.colour_of(1) == (128, 0, 0) and indexed.colour_of(300) is None
    assert png_values(png(GREY), "here", None).colour_of(1) is None
    rgb = png_values(png(np.array([[[1, 2, 3]]], np.uint8)), "here", (1, 1), colour=True)
    assert rgb.values.tolist() == [[0x010203]] and rgb.colour_of(0x010203) == (1, 2, 3)


def test_vocs_colours_are_those_of_the_challenge() -> None:
    colours = voc_colours()
    assert len(set(colours)) == 256
    assert (colours[15], colours[20], colours[255]) == (
        (192, 128, 128), (0, 64, 128), (224, 224, 192),
    )  # fmt: skip


def _grey_png(width: int, height: int, rows: bytes, *, bits: int = 8) -> bytes:
    """A header with rows of pixels that need not fit it."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body).to_bytes(4, "big")
        return len(body).to_bytes(4, "big") + kind + body + check

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([bits, 0, 0, 0, 0])
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _bomb(width: int, height: int) -> bytes:
    """A header that promises a huge picture."""
    return _grey_png(width, height, bytes(99))


@pytest.mark.parametrize(
    ("bits", "row", "values"),
    [(1, b"\x60", [0, 1, 1, 0]), (2, b"\x1b", [0, 1, 2, 3]), (4, b"\x01\x2f", [0, 1, 2, 15])],
)
def test_greys_of_few_bits_are_as_they_are_stored(bits: int, row: bytes, values: list[int]) -> None:
    data = _grey_png(4, 1, b"\0" + row, bits=bits)
    assert png_values(data, "here", (1, 4)).values.tolist() == [values]


def test_labels_of_16_bits_stored_as_colour_are_refused() -> None:
    deep = np.array([[[300] * 3, [1] * 3]], np.uint16)
    data = cv2.imencode(".png", deep)[1].tobytes()
    with pytest.raises(DataError, match="here is stored as colour of 16 bits"):
        png_values(data, "here", (1, 2), colour=True)


def _jpeg() -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(GREY).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a PNG"),
        (b"nonsense", "not a PNG"),
        (_jpeg(), "not a PNG"),
        (png(GREY)[:-24], "cannot be read as PNG"),
        (_bomb(100_000, 100_000), "100000 x 100000 pixels, the photo has 2 x 2"),
        (_bomb(2, 3), "2 x 3 pixels"),
        (png(np.array([[[1, 2, 3]] * 2] * 2, np.uint8)), "is a picture in colour"),
    ],
)
def test_what_is_no_label_image_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(DataError, match=f"here .*{message}"):
        png_values(data, "here", (2, 2))
