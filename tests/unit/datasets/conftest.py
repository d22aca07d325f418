from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

Writer = Callable[..., Path]


def grey_png(values: list[list[int]], bits: int) -> bytes:
    """A grey PNG of 1, 2, 4 or 8 bits, of which Pillow writes the last alone."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    rows = b""
    for row in values:
        digits = "".join(f"{value:0{bits}b}" for value in row)
        digits += "0" * (-len(digits) % 8)
        rows += b"\0" + int(digits, 2).to_bytes(len(digits) // 8, "big")
    header = struct.pack(">IIBBBBB", len(values[0]), len(values), bits, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )  # fmt: skip


@pytest.fixture
def write_grey(tmp_path: Path) -> Writer:
    """Writes values as a grey PNG of so many bits: write_grey("a.png", [[0, 3]], bits=2)."""

    def write(name: str, values: list[list[int]], *, bits: int) -> Path:
        path = tmp_path / name
        path.write_bytes(grey_png(values, bits))
        return path

    return write


@pytest.fixture
def write_image(tmp_path: Path) -> Writer:
    """Writes a constant photo: write_image("images/a.jpg", size_hw=(4, 6), grey=90)."""

    def write(name: str, *, size_hw: tuple[int, int] = (4, 6), grey: int = 90) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.full((*size_hw, 3), grey, np.uint8)).save(path)
        return path

    return write


@pytest.fixture
def write_values(tmp_path: Path) -> Writer:
    """Writes values as a PNG; mode "P" makes it a palette file as DAVIS 2017 has."""

    def write(name: str, values: object, *, mode: str = "L") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        array = np.array(values, np.uint16 if mode == "I;16" else np.uint8)
        picture = Image.fromarray(array)
        if mode == "P":
            picture = Image.frombytes("P", (array.shape[1], array.shape[0]), array.tobytes())
            # Colours that have nothing to do with the indices.
            picture.putpalette([(37 * k + 11) % 256 for k in range(768)])
        picture.save(path)
        return path

    return write
