from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from extremecut.cli.import_ import photo_sizes


class Pages:
    """A project of 2,500 photos, some of which cannot be read."""

    def images(self, *, missing: bool, offset: int, limit: int) -> Any:
        assert missing is False
        numbers = range(offset, min(2500, offset + limit))
        images = [
            SimpleNamespace(path=f"{n}.jpg", size_hw=(n, 1), problem="damaged" if n == 7 else None)
            for n in numbers
        ]
        return SimpleNamespace(total=2500, images=tuple(images))


def test_the_sizes_of_all_pages_are_gathered() -> None:
    sizes = photo_sizes(Pages())  # type: ignore[arg-type]
    assert len(sizes) == 2499 and sizes["2499.jpg"] == (2499, 1) and "7.jpg" not in sizes
