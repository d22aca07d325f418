"""Closed-loop clients against a real server. Run: python benchmarks/load.py [--minutes 10]

Each client thinks for a second, then asks for a mask; every tenth time it opens another image
first (the image, its tiles at the size of a screen), every fifth mask is accepted. Everything
stays on 127.0.0.1. Prints the load average first: on a busy machine the times mean little.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from annotator_server import Connection, load_average, make_photos, resident_mb, running_server

SETTLED_S = 60.0
"""Memory is compared with what it was after this long."""


@dataclass
class Seen:
    """What all clients saw."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    memory_mb: list[tuple[float, float]] = field(default_factory=list)

    def note(self, kind: str, seconds: float) -> None:
        self.seconds.setdefault(kind, []).append(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--think", type=float, default=1.0, help="seconds")
    parser.add_argument("--photos", type=int, default=40)
    parser.add_argument("--size", default="4000x3000", help="of the photos, WIDTHxHEIGHT")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    arguments = parser.parse_args()
    if arguments.clients > arguments.photos:
        parser.error("each client has photos of its own: give at least as many --photos")
    print("load average", *load_average())
    width, height = map(int, arguments.size.split("x"))
    with tempfile.TemporaryDirectory() as folder:
        photos = Path(folder) / "photos"
        make_photos(photos, arguments.photos, size_hw=(height, width))
        with running_server(photos) as (process, port):
            seen = asyncio.run(session(arguments, process, port, (height, width)))
    figures = {"clients": arguments.clients, "minutes": arguments.minutes, **summary(seen)}
    for name, value in figures.items():
        print(f"{name:28} {value}")
    print("load average", *load_average())
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")


async def session(
    arguments: argparse.Namespace,
    process: subprocess.Popen[str],
    port: int,
    size_hw: tuple[int, int],
) -> Seen:
    seen, end = Seen(), time.monotonic() + 60 * arguments.minutes
    clients = [
        client(number, arguments, port, size_hw, seen, end) for number in range(arguments.clients)
    ]
    await asyncio.gather(watch(process, seen, end), *clients)
    return seen


async def watch(process: subprocess.Popen[str], seen: Seen, end: float) -> None:
    began = time.monotonic()
    while time.monotonic() < end:
        seen.memory_mb.append((time.monotonic() - began, resident_mb(process)))
        await asyncio.sleep(1.0)


async def client(
    number: int,
    arguments: argparse.Namespace,
    port: int,
    size_hw: tuple[int, int],
    seen: Seen,
    end: float,
) -> None:
    """One person's work, on images that nobody else works on at that time."""
    rng = np.random.default_rng(number)
    mine = range(1 + number, arguments.photos + 1, arguments.clients)
    connection = Connection(port, f"extremecut-client=client{number}")
    await asyncio.sleep(float(rng.uniform(0, arguments.think)))
    turn, version = 0, 0
    while time.monotonic() < end:
        image = mine[turn // 10 % len(mine)]
        try:
            if turn % 10 == 0:
                version = await opened(connection, image, seen)
            mask = await asked(connection, image, points_in(size_hw, rng), f"s{number}", seen)
            if turn % 5 == 4 and mask is not None:
                version = await accepted(connection, image, version, mask, seen)
        except (OSError, asyncio.IncompleteReadError) as error:
            seen.errors[type(error).__name__] += 1
            connection.close()
            connection = Connection(port, f"extremecut-client=client{number}")
        turn += 1
        await asyncio.sleep(arguments.think)
    connection.close()


async def opened(connection: Connection, image: int, seen: Seen) -> int:
    began = time.perf_counter()
    status, data = await connection.ask("GET", f"/api/images/{image}")
    told = json.loads(data)
    good(status, told, seen)
    level = max(0, told["levels"] - 2)
    columns, rows = (-(-(told[side] >> level) // told["tile_px"]) for side in ("width", "height"))
    for row in range(rows):
        for column in range(columns):
            status, _ = await connection.ask(
                "GET", f"/api/images/{image}/tiles/{level}/{column}/{row}?v={told['content']}"
            )
            good(status, {}, seen)
    seen.note("open", time.perf_counter() - began)
    return int(told["version"])


async def asked(
    connection: Connection, image: int, points: list[list[float]], stream: str, seen: Seen
) -> dict[str, Any] | None:
    began = time.perf_counter()
    body = {"image_id": image, "points": points, "stream": stream}
    status, data = await connection.ask("POST", "/api/segment", body)
    seen.note("segment", time.perf_counter() - began)
    told = json.loads(data)
    return told if good(status, told, seen) else None


async def accepted(
    connection: Connection, image: int, version: int, found: dict[str, Any], seen: Seen
) -> int:
    began = time.perf_counter()
    new = {"mask": found["mask"], "points": found["points"], "class_id": 1}
    action = {"version": version, "action": "add", "changes": [{"id": None, "object": new}]}
    status, data = await connection.ask("POST", f"/api/images/{image}/actions", action)
    seen.note("accept", time.perf_counter() - began)
    told = json.loads(data)
    return int(told["version"]) if good(status, told, seen) else version


def good(status: int, told: dict[str, Any], seen: Seen) -> bool:
    if status != 200:
        seen.errors[f"{status} {told.get('code', '')}"] += 1
    return status == 200


def points_in(size_hw: tuple[int, int], rng: np.random.Generator) -> list[list[float]]:
    """Extreme points of something of a tenth of the image's sides, somewhere."""
    height, width = size_hw
    w, h = width / 10, height / 10
    x, y = rng.uniform(0, width - w - 1), rng.uniform(0, height - h - 1)
    return [[x, y + h / 2], [x + w / 2, y], [x + w, y + h / 2], [x + w / 2, y + h]]


def summary(seen: Seen) -> dict[str, Any]:
    figures: dict[str, Any] = {"errors": dict(seen.errors)}
    for kind, seconds in seen.seconds.items():
        ordered = sorted(seconds)
        figures[f"{kind}_count"] = len(ordered)
        figures[f"{kind}_p50_ms"] = round(1000 * statistics.median(ordered), 1)
        figures[f"{kind}_p95_ms"] = round(1000 * ordered[int(0.95 * (len(ordered) - 1))], 1)
    settled = [mb for at, mb in seen.memory_mb if at >= SETTLED_S]
    figures["memory_mb"] = round(seen.memory_mb[-1][1], 1)
    if settled:
        figures["growth_after_a_minute_mb"] = round(settled[-1] - settled[0], 1)
        figures["most_after_a_minute_mb"] = round(max(settled) - settled[0], 1)
    minutes = range(int(seen.memory_mb[-1][0] // 60) + 1)
    figures["memory_by_minute_mb"] = [
        round(next(mb for at, mb in seen.memory_mb if at >= 60 * minute)) for minute in minutes
    ]
    return figures


if __name__ == "__main__":
    main()
