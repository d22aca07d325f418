"""Work on the whole project, such as exports: one after the other, while all else goes on."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar, overload

from fastapi import Request

from extremecut.annotator.failures import server_stops
from extremecut.annotator.waiting import unless_gone
from extremecut.interchange.annotated import AnnotatedImage, AnnotatedSet

T = TypeVar("T")
GivenUp = Callable[[], bool]
"""Whether nobody wants the result any more."""


class Lane:
    """A thread of its own: those that answer clicks and saves must not wait for an export."""

    def __init__(self, name: str) -> None:
        """
        Args:
            name: the thread's.
        """
        self._stopping = threading.Event()
        self._pool = ThreadPoolExecutor(1, name)

    async def run(
        self, work: Callable[[GivenUp], T], request: Request, *, folder: Path | None = None
    ) -> T:
        """Wait for a turn and run `work`, which is told when to give up.

        Args:
            request: whose client must wait for it; its body must have been read.
            folder: where the work puts files; removed when there is no result.

        Raises:
            Refused: the client has gone away, or the server stops.
        """
        left = threading.Event()
        future = self._pool.submit(work, lambda: left.is_set() or self._stopping.is_set())
        try:
            return await unless_gone(asyncio.wrap_future(future), request)
        except BaseException:
            left.set()
            if folder is not None:  # not before the work has let go of it
                future.add_done_callback(lambda done: shutil.rmtree(folder, ignore_errors=True))
            raise

    def unless_stopped(self) -> None:
        """For work that goes on when its client leaves, but not when the server stops.

        Raises:
            Refused: the server stops.
        """
        if self._stopping.is_set():
            raise server_stops()

    def close(self, *, wait: bool = True) -> None:
        """Have what is under way given up, and start no more; `wait` for its end."""
        self._stopping.set()
        self._pool.shutdown(wait=wait, cancel_futures=True)


def while_wanted(annotated: AnnotatedSet, given_up: GivenUp) -> AnnotatedSet:
    """The same set, whose images come until the work is given up.

    Asking for another one then raises Refused.
    """
    return replace(annotated, images=_WhileWanted(annotated.images, given_up))


class _WhileWanted(Sequence[AnnotatedImage]):
    def __init__(self, images: Sequence[AnnotatedImage], given_up: GivenUp) -> None:
        self._images, self._given_up = images, given_up

    def __len__(self) -> int:
        return len(self._images)

    @overload
    def __getitem__(self, index: int) -> AnnotatedImage: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[AnnotatedImage]: ...

    def __getitem__(self, index: int | slice) -> AnnotatedImage | Sequence[AnnotatedImage]:
        if self._given_up():
            raise server_stops()
        return self._images[index]
