from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

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


MakePhotos = Callable[..., Photos]


@pytest.fixture
def photos_of() -> Iterator[MakePhotos]:
    """Makes caches that are closed at the end."""
    made: list[Photos] = []

    def make(loader: Loader, **options: Any) -> Photos:
        made.append(Photos(load=loader, **options))
        return made[-1]

    yield make
    for photos in made:
        photos.close()


def test_several_waiters_share_one_decoding(photos_of: MakePhotos) -> None:
    loader = Loader()
    loader.open.clear()
    photos = photos_of(loader)
    futures = [photos.ask("a", Path("a")) for _ in range(5)]
    loader.open.set()
    assert len({id(future.result(10)) for future in futures}) == 1
    assert photos.ask("a", Path("a")).result(0).pixels is PIXELS
    assert loader.loaded == ["a"]


def test_the_least_recently_used_photo_is_dropped(photos_of: MakePhotos) -> None:
    loader = Loader()
    photos = photos_of(loader, budget_bytes=2 * KB)
    for name in ("a", "b", "a", "c"):
        photos.ask(name, Path(name)).result(10)
    assert photos.peek("b") is None
    assert photos.peek("a") is not None and photos.peek("c") is not None
    assert photos.held_bytes == 2 * 768


def test_the_photo_asked_for_last_is_kept_whatever_its_size(photos_of: MakePhotos) -> None:
    photos = photos_of(Loader(), budget_bytes=1)
    for name in ("a", "b"):
        photos.ask(name, Path(name)).result(10)
    assert photos.peek("a") is None and photos.peek("b") is not None


def test_a_photo_that_cannot_be_read_is_tried_again(photos_of: MakePhotos) -> None:
    loader = Loader()
    photos = photos_of(loader)
    for _ in range(2):
        with pytest.raises(ImageError):
            photos.ask("bad", Path("bad")).result(10)
    assert loader.loaded == ["bad", "bad"]


def test_prefetching_waits_until_nobody_waits(photos_of: MakePhotos) -> None:
    loader = Loader()
    loader.open.clear()
    photos = photos_of(loader)
    waited_for = photos.ask("a", Path("a"))
    photos.prefetch("skipped", Path("skipped"))
    photos.prefetch("b", Path("b"))
    photos.prefetch("a", Path("a"))
    loader.open.set()
    waited_for.result(10)
    while photos.peek("b") is None:
        time.sleep(0.005)
    photos.prefetch("c", Path("c"))
    photos.ask("c", Path("c")).result(10)
    assert loader.loaded == ["a", "b", "c"]


def test_what_nobody_waits_for_any_more_is_not_decoded(photos_of: MakePhotos) -> None:
    loader = Loader()
    loader.open.clear()
    photos = photos_of(loader, decoders=1)
    under_way = photos.ask("a", Path("a"))
    left, shared = photos.ask("left", Path("left")), photos.ask("shared", Path("shared"))
    assert photos.ask("shared", Path("shared")) is shared
    for content, future in (("a", under_way), ("left", left), ("shared", shared)):
        photos.leave(content, future)
    photos.prefetch("next", Path("next"))
    loader.open.set()
    assert under_way.result(10).pixels is PIXELS  # had begun
    assert shared.result(10).pixels is PIXELS
    assert left.cancelled()
    while photos.peek("next") is None:
        time.sleep(0.005)
    assert photos.ask("left", Path("left")).result(10).pixels is PIXELS  # wanted after all
    assert loader.loaded == ["a", "shared", "next", "left"]


def test_who_leaves_late_takes_nothing_from_others(photos_of: MakePhotos) -> None:
    loader = Loader()
    photos = photos_of(loader, budget_bytes=1)
    early = photos.ask("a", Path("a"))
    early.result(10)
    photos.ask("b", Path("b")).result(10)  # "a" is dropped
    loader.open.clear()
    occupied = photos.ask("c", Path("c")), photos.ask("d", Path("d"))
    again = photos.ask("a", Path("a"))
    photos.leave("a", early)
    loader.open.set()
    assert again.result(10).pixels is PIXELS and all(future.result(10) for future in occupied)


def test_after_closing_nothing_is_begun(photos_of: MakePhotos) -> None:
    loader = Loader()
    loader.open.clear()
    photos = photos_of(loader)
    waited_for = photos.ask("a", Path("a"))
    photos.prefetch("b", Path("b"))
    threading.Timer(0.05, loader.open.set).start()
    photos.close()
    assert waited_for.result(10).pixels is PIXELS
    assert loader.loaded == ["a"]
