"""A real `extremecut annotate` for measurements, and a small HTTP client that costs little."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

HOST = "127.0.0.1"


@contextmanager
def running_server(folder: Path, *options: object) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """(process, port) once it answers; killed at the end if it still runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "extremecut", "annotate", str(folder), "--no-browser",
         "--port", "0", *map(str, options)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("annotate at "):
                break
        else:
            raise SystemExit("the server did not start")
        yield process, int(line.split()[2].strip("/").rsplit(":", 1)[1])
    finally:
        process.kill()
        process.communicate()


class Connection:
    """One client's keep-alive connection."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self._port = port
        self._cookie = cookie
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        """(status, body)."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(HOST, self._port)
        reader, writer = self._streams
        data = b"" if body is None else json.dumps(body).encode()
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {HOST}:{self._port}\r\nCookie: {self._cookie}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
        )
        writer.write(head.encode() + data)
        await writer.drain()
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:] if line)
        answer = await reader.readexactly(int(headers.get("content-length", "0")))
        return int(lines[0].split()[1]), answer

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()


def make_photos(folder: Path, count: int, *, size_hw: tuple[int, int]) -> None:
    """JPEG files of soft shapes and some noise, each another one."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    small = Image.fromarray(rng.integers(0, 256, (12, 16, 3), np.uint8))
    base = np.asarray(small.resize(size_hw[::-1], Image.Resampling.BICUBIC)).astype(np.int16)
    grain = rng.integers(-8, 9, (256, 256, 1), np.int16)
    repeats = (-(-size_hw[0] // 256), -(-size_hw[1] // 256), 1)
    base += np.tile(grain, repeats)[: size_hw[0], : size_hw[1]]
    for number in range(count):
        pixels = np.clip(np.roll(base, 97 * number, axis=1), 0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(folder / f"photo{number:03}.jpg", quality=88)


def resident_mb(process: subprocess.Popen[str]) -> float:
    """Memory of a process on Linux, MB of 10^6 bytes."""
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    return float("nan")


def load_average() -> list[float]:
    return [round(value, 2) for value in os.getloadavg()]
