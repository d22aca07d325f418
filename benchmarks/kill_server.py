"""`kill -9` in the middle of a session, many times. Run: python benchmarks/kill_server.py

A scripted person adds objects as fast as the server takes them; at a random moment the server is
killed. After each restart every object that was accepted must be there, the one that was on its
way at most once, and the database must be whole. The request that got no answer is sent again
under its id, as the page does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import sqlite3
import subprocess
import tempfile
from pathlib import Path

from annotator_server import Connection, load_average, make_photos, running_server

IMAGES = 200
OBJECTS_PER_IMAGE = 50
"""After which the next image is worked on."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    print("load average", *load_average())
    rng = random.Random(arguments.seed)
    numbers: list[int] = []
    in_flight = 0
    with tempfile.TemporaryDirectory() as folder:
        photos = Path(folder) / "photos"
        make_photos(photos, IMAGES, size_hw=(300, 400))
        for time in range(1, arguments.times + 1):
            with running_server(photos) as (process, port):
                in_flight += asyncio.run(session(process, port, numbers, rng.uniform(0.05, 1.0)))
            check_whole(photos / ".extremecut" / "project.sqlite")
            print(f"\r{time} kills, {len(numbers)} objects accepted", end="", flush=True)
        with running_server(photos) as (_, port):
            found = asyncio.run(stored(port))
    print()
    lost = set(numbers) - set(found)
    twice = len(found) - len(set(found))
    # The last kill may cut off the answer to an object that is already stored; nobody asks again.
    unasked = set(found) - set(range(len(numbers) + 1))
    print(f"kills                  {arguments.times}")
    print(f"accepted objects       {len(numbers)}")
    print(f"stored objects         {len(found)}")
    print(f"lost                   {len(lost)}")
    print(f"stored twice           {twice}")
    print(f"killed while answering {in_flight}, each sent again under its id")
    if lost or twice or unasked:
        raise SystemExit("objects were lost or stored twice")


async def session(
    process: subprocess.Popen[str], port: int, numbers: list[int], after_s: float
) -> int:
    """Add objects until the server is killed; 1 when a request was on its way then."""
    connection = Connection(port)
    version, killer = 0, None
    try:
        while True:
            number = len(numbers)
            image = image_of(number)
            if version == 0 or number % OBJECTS_PER_IMAGE == 0:
                version = await version_of(connection, image)
            status, data = await connection.ask(
                "POST", f"/api/images/{image}/actions", action(number, version)
            )
            if status == 409 and json.loads(data)["code"] == "conflict":
                raise SystemExit(f"conflict with nobody: {data!r}")
            if status != 200:
                raise SystemExit(f"{status}: {data!r}")
            numbers.append(number)
            if killer is None:  # counted from the first answer: a slow start kills nothing
                loop = asyncio.get_running_loop()
                killer = loop.call_later(after_s, process.send_signal, signal.SIGKILL)
            version = json.loads(data)["version"]
    except (OSError, asyncio.IncompleteReadError):
        return 1
    finally:
        connection.close()


def action(number: int, version: int) -> dict[str, object]:
    """Adds the object of this number: its mask's box holds it. Sent again, it is the same."""
    x, y = number % 390, number // 390
    mask = {"box": [x, y, x + 2, y + 2], "runs": [0, 4]}
    change = {"id": None, "object": {"mask": mask, "class_id": 1}}
    return {
        "version": version, "action": "add", "changes": [change], "request_id": f"object-{number}",
    }  # fmt: skip


def image_of(number: int) -> int:
    return 1 + number // OBJECTS_PER_IMAGE % IMAGES


async def version_of(connection: Connection, image: int) -> int:
    _, data = await connection.ask("GET", f"/api/images/{image}")
    return int(json.loads(data)["version"])


async def stored(port: int) -> list[int]:
    connection = Connection(port)
    numbers: list[int] = []
    for image in range(1, IMAGES + 1):
        _, data = await connection.ask("GET", f"/api/images/{image}")
        boxes = [found["mask"]["box"] for found in json.loads(data)["objects"]]
        numbers += [box[0] + 390 * box[1] for box in boxes]
    connection.close()
    return numbers


def check_whole(path: Path) -> None:
    with sqlite3.connect(path) as database:
        (answer,) = database.execute("PRAGMA integrity_check").fetchone()
    database.close()
    if answer != "ok":
        raise SystemExit(f"the database is damaged: {answer}")


if __name__ == "__main__":
    main()
