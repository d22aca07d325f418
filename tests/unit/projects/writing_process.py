"""A program of its own that works on a project; the tests start it, several at once, and kill it.

Usage: writing_process.py PHOTOS STORE COUNT [KILLS]

Draws COUNT objects on image 1, the n-th at x = n, and prints `id x` of each accepted one. With
KILLS, it starts itself that often, counting on, and kills each with SIGKILL in the middle of work.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.errors import ConflictError
from extremecut.projects.project import Project
from extremecut.projects.records import ObjectChange, ObjectFields


def work(photos: str, store: str, count: int, first: int = 0) -> None:
    """Draw the objects number `first` to `first + count`, one action each."""
    with Project.open(photos, store=store) as project:
        number = first
        while number < first + count:
            mask = MaskRuns((number, 0, number + 1, 1), (0, 1))
            change = ObjectChange(None, ObjectFields(mask, (), class_id=1))
            version = project.image(1).version
            try:
                after = project.apply(
                    1, version=version, author="Ann", action="draw", changes=[change]
                )
            except ConflictError:
                continue
            newest = max(found.object_id for found in after.objects)
            os.write(1, f"{newest} {number}\n".encode())
            number += 1


def work_and_die(photos: str, store: str, first: int, chance: random.Random) -> int:
    """Start a worker, kill it after some accepted objects; the next number to draw."""
    reading, writing = os.pipe()
    worker = os.fork()
    if worker == 0:
        os.dup2(writing, 1)
        try:
            work(photos, store, 10**6, first)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as lines:
        accepted = [lines.readline() for _ in range(chance.randint(1, 12))]
        time.sleep(chance.random() * 0.02)
        os.kill(worker, signal.SIGKILL)
        accepted += lines.readlines()
    os.waitpid(worker, 0)
    assert accepted[0], "the worker died by itself"
    os.write(1, b"".join(line for line in accepted if line.endswith(b"\n")))
    # The last action may have been accepted without a word: its place is not used again.
    return first + len(accepted) + 1


if __name__ == "__main__":
    photos, store, count, *kills = sys.argv[1:]
    if not kills:
        work(photos, store, int(count))
    number = 0
    for seed in range(int(kills[0]) if kills else 0):
        number = work_and_die(photos, store, number, random.Random(seed))
