"""Decoded photos, kept while they are needed: each decoded once, within a bound on memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extremecut.annotator.memory import photo_budget_bytes
from extremecut.annotator.tiles import Pyramid
from extremecut.errors import ImageError
from extremecut.images import load_image

DECODERS = 2
"""Photos decoded at the same time."""


class PhotoChangedError(ImageError):
    """A photo's file is not, or no longer, what the project knows by its hash."""


Check = Callable[[str, Path], None]
"""Of a content hash and the file just read: raises PhotoChangedError."""
Explain = Callable[[str, Path, ImageError], ImageError]
"""Of a content hash, its file and why it cannot be read: what is said instead."""


@dataclass(slots=True)
class _Coming:
    """A photo that is decoded, or waits for that."""

    future: Future[Pyramid]
    waiters: int = 0


class Photos:
    """The photos in use, the least recently asked for dropped first.

    The photo asked for last is kept whatever its size. Can be used from several threads.
    """

    def __init__(
        self,
        *,
        load: Callable[[Path], NDArray[np.uint8]] = load_image,
        budget_bytes: int | None = None,
        decoders: int = DECODERS,
        check: Check | None = None,
        explain: Explain | None = None,
    ) -> None:
        """
        Args:
            load: reads a photo.
            budget_bytes: of decoded photos with all their levels; None for a share of the memory.
            decoders: photos decoded at the same time.
            check: called, from any thread, after each photo that was read.
            explain: called, from any thread, with each photo that cannot be read.
        """
        self._load = load
        self._check = check
        self._explain = explain
        self._budget_bytes = photo_budget_bytes() if budget_bytes is None else budget_bytes
        self._held: OrderedDict[str, Pyramid] = OrderedDict()
        self._coming: dict[str, _Coming] = {}
        self._next: tuple[str, Path] | None = None
        self._closed = False
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(decoders, "extremecut-decode")

    def ask(self, content: str, path: Path) -> Future[Pyramid]:
        """The photo, at once or when it is decoded; several waiters share one decoding.

        Args:
            content: a hash of the file, by which the photo is known here.
            path: where the file is.

        Returns:
            A future that no waiter may cancel; who waits no more says so by `leave`. It raises
            ImageError when the file cannot be read.
        """
        with self._lock:
            if content in self._held:
                self._held.move_to_end(content)
                ready: Future[Pyramid] = Future()
                ready.set_result(self._held[content])
                return ready
            if content not in self._coming:
                self._begin(content, path)
            self._coming[content].waiters += 1
            return self._coming[content].future

    def leave(self, content: str, future: Future[Pyramid]) -> None:
        """One who asked waits no more; what is then wanted by nobody need not be decoded.

        Args:
            content: as it was asked for.
            future: the answer to that.
        """
        with self._lock:
            coming = self._coming.get(content)
            if coming is None or coming.future is not future:
                return
            coming.waiters -= 1
            if coming.waiters == 0 and future.cancel():  # else it is being decoded already
                del self._coming[content]
                self._begin_next()

    def peek(self, content: str) -> Pyramid | None:
        """The photo if it is decoded; does not count as use."""
        with self._lock:
            return self._held.get(content)

    def prefetch(self, content: str, path: Path) -> None:
        """Decode a photo that is likely to be asked for next, once nobody waits for another.

        Only the last one asked for in this way is remembered.
        """
        with self._lock:
            if content in self._held or content in self._coming:
                return
            if self._coming:
                self._next = (content, path)
            else:
                self._begin(content, path)

    def close(self) -> None:
        """Stop decoding; what is under way is finished."""
        with self._lock:
            self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)

    @property
    def held_bytes(self) -> int:
        with self._lock:
            return sum(pyramid.nbytes for pyramid in self._held.values())

    def _begin(self, content: str, path: Path) -> None:
        """With the lock held."""
        self._coming[content] = _Coming(self._pool.submit(self._decode, content, path))

    def _begin_next(self) -> None:
        """With the lock held."""
        if self._next is not None and not self._coming and not self._closed:
            (content, path), self._next = self._next, None
            if content not in self._held:
                self._begin(content, path)

    def _decode(self, content: str, path: Path) -> Pyramid:
        pyramid = None
        try:
            pixels = self._load(path)
            if self._check is not None:
                self._check(content, path)
            pyramid = Pyramid(pixels)
            return pyramid
        except ImageError as error:
            raise (self._explain(content, path, error) if self._explain else error) from None
        finally:
            with self._lock:  # from "coming" to "held" in one step: nobody decodes it again
                del self._coming[content]
                if pyramid is not None:
                    self._keep(content, pyramid)
                self._begin_next()

    def _keep(self, content: str, pyramid: Pyramid) -> None:
        """With the lock held."""
        self._held[content] = pyramid
        total = sum(held.nbytes for held in self._held.values())
        while total > self._budget_bytes and len(self._held) > 1:
            total -= self._held.popitem(last=False)[1].nbytes
