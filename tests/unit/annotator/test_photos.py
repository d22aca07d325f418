from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from extremecut.annotator.photos import Photos
from extremecut.errors import ImageError

KB = 1 << 10
PIXELS = np.zeros((16, 16, 3), np.uint8)  # 768 bytes


class Loader:
    """Counts what is decoded; can be made to wait."""

    def __init__(self) -> None:
        self.loaded: list[str] = []
        self.open = threading.Event()
        self.open.set()

    def __call__(self, path: Path) -> np.ndarray:
        self.open.wait(10)
        self.loaded.append(path.name)
        if path.name == "bad":
            raise ImageError("cannot read bad")
        return PIXELS


def test_several_waiters_share_one_decoding() -> None:
    loader = Loader()
    loader.open.clear()
    photos = Photos(load=loader)
    futures = [photos.ask("a", Path("a")) for _ in range(5)]
    loader.open.set()
    assert len({id(future.result(10)) for future in futures}) == 1
    assert photos.ask("a", Path("a")).result(0).pixels is PIXELS
    assert loader.loaded == ["a"]
    photos.close()


def test_the_least_recently_used_photo_is_dropped() -> None:
    loader = Loader()
    photos = Photos(load=loader, budget_bytes=2 * KB)
    for name in ("a", "b", "a", "c"):
        photos.ask(name, Path(name)).result(10)
    assert photos.peek("b") is None
    assert photos.peek("a") is not None and photos.peek("c") is not None
    assert photos.held_bytes == 2 * 768
    photos.close()


def test_the_photo_asked_for_last_is_kept_whatever_its_size() -> None:
    photos = Photos(load=Loader(), budget_bytes=1)
    for name in ("a", "b"):
        photos.ask(name, Path(name)).result(10)
    assert photos.peek("a") is None and photos.peek("b") is not None
    photos.close()


def test_a_photo_that_cannot_be_read_is_tried_again() -> None:
    loader = Loader()
    photos = Photos(load=loader)
    for _ in range(2):
        with pytest.raises(ImageError):
            photos.ask("bad", Path("bad")).result(10)
    assert loader.loaded == ["bad", "bad"]
    photos.close()


def test_prefetching_gives_way_to_photos_that_are_waited_for() -> None:
    loader = Loader()
    loader.open.clear()
    photos = Photos(load=loader)
    waited_for = photos.ask("a", Path("a"))
    assert not photos.prefetch("b", Path("b"))
    loader.open.set()
    waited_for.result(10)
    assert photos.prefetch("b", Path("b"))
    assert photos.prefetch("a", Path("a"))
    photos.ask("b", Path("b")).result(10)
    photos.close()
    assert loader.loaded == ["a", "b"]
