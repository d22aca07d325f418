from __future__ import annotations

from extremecut.annotator.byte_cache import ByteCache


def test_the_least_recently_used_goes_first() -> None:
    cache = ByteCache(10)
    cache.put("a", b"1234")
    cache.put("b", b"1234")
    assert cache.get("a") == b"1234"
    cache.put("c", b"1234")
    assert cache.get("b") is None
    assert cache.get("a") is not None and cache.get("c") is not None
    assert cache.held_bytes == 8


def test_replacing_counts_once() -> None:
    cache = ByteCache(10)
    cache.put("a", b"123456")
    cache.put("a", b"12345678")
    assert cache.held_bytes == 8


def test_what_never_fits_is_not_kept() -> None:
    cache = ByteCache(3)
    cache.put("a", b"1234")
    assert cache.get("a") is None and cache.held_bytes == 0
