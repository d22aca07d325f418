from __future__ import annotations

import io
import struct
import zlib

import pytest

from extremecut.images.png_chunks import has_late_exif


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*chunks: bytes) -> io.BytesIO:
    handle = io.BytesIO(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + b"".join(chunks))
    handle.seek(5)
    return handle


PIXELS = chunk(b"IDAT", bytes(100)) + chunk(b"IDAT", bytes(50))
END = chunk(b"IEND")


@pytest.mark.parametrize(
    "late",
    [
        chunk(b"eXIf", b"MM\0*"),
        chunk(b"tEXt", b"Raw profile type exif\0\nexif\n"),
        chunk(b"zTXt", b"Raw profile type exif\0\0x"),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x/>"),
    ],
    ids=["eXIf", "tEXt", "zTXt", "XMP"],
)
def test_what_tells_an_orientation_is_found_behind_the_pixels_only(late: bytes) -> None:
    date = chunk(b"tEXt", b"date:create\0today")
    assert has_late_exif(png(PIXELS, date, late, END))
    assert not has_late_exif(png(late, PIXELS, date, END))


def test_the_file_stands_where_it_stood() -> None:
    for handle in (png(PIXELS, chunk(b"eXIf"), END), png(PIXELS, END)):
        has_late_exif(handle)
        assert handle.tell() == 5


@pytest.mark.parametrize("length", [4, 30, 60, 170])
def test_a_cut_file_has_nothing_late(length: int) -> None:
    assert not has_late_exif(io.BytesIO(png(PIXELS, END).getvalue()[:length]))
