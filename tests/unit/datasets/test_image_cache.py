from __future__ import annotations

import copy
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from extremecut.datasets.image_cache import ImageCache
from extremecut.errors import DataError

PHOTO_BYTES = 4 * 6 * 3


def test_an_image_is_decoded_once(write_image: Callable[..., Path]) -> None:
    cache = ImageCache()
    path = write_image("a.png")

    first = cache.load(path)
    path.unlink()

    assert cache.load(path) is first


def test_a_photo_that_was_replaced_is_read_anew(write_image: Callable[..., Path]) -> None:
    cache = ImageCache()
    path = write_image("a.png", grey=7)
    cache.load(path)

    write_image("a.png", size_hw=(5, 6), grey=8)

    assert cache.load(path).shape == (5, 6, 3)
    assert (len(cache), cache.used_bytes) == (1, 5 * 6 * 3)


def test_the_least_recently_used_image_goes_first(write_image: Callable[..., Path]) -> None:
    cache = ImageCache(limit_bytes=2 * PHOTO_BYTES)
    a, b, c = (write_image(name) for name in ("a.png", "b.png", "c.png"))
    kept = cache.load(a)
    cache.load(b)
    cache.load(a)

    cache.load(c)

    assert len(cache) == 2
    assert cache.used_bytes == 2 * PHOTO_BYTES
    assert cache.load(a) is kept


def test_an_image_larger_than_the_limit_is_not_kept(write_image: Callable[..., Path]) -> None:
    cache = ImageCache(limit_bytes=PHOTO_BYTES - 1)

    assert cache.load(write_image("a.png")).shape == (4, 6, 3)
    assert (len(cache), cache.used_bytes) == (0, 0)


def test_images_are_read_only(write_image: Callable[..., Path]) -> None:
    image = ImageCache().load(write_image("a.png"))

    with pytest.raises(ValueError, match="read-only"):
        image[0, 0] = 1


def test_a_copy_for_another_process_starts_empty(write_image: Callable[..., Path]) -> None:
    cache = ImageCache(limit_bytes=1000)
    cache.load(write_image("a.png"))

    copied = copy.deepcopy(cache)

    assert (len(copied), copied.limit_bytes) == (0, 1000)


def test_threads_may_ask_for_the_same_images(write_image: Callable[..., Path]) -> None:
    cache = ImageCache(limit_bytes=3 * PHOTO_BYTES)
    paths = [write_image(f"{grey}.png", grey=grey) for grey in range(5)]

    with ThreadPoolExecutor(4) as pool:
        images = list(pool.map(cache.load, paths * 20))

    assert [int(image[0, 0, 0]) for image in images] == [0, 1, 2, 3, 4] * 20
    assert cache.used_bytes == 3 * PHOTO_BYTES


def test_a_broken_image_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.jpg"
    path.write_bytes(b"no image")

    with pytest.raises(DataError, match=r"the image .*broken\.jpg cannot be read"):
        ImageCache().load(path)


def test_a_negative_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        ImageCache(-1)
