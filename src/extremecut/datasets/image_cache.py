"""Decoded images, kept as long as they fit: the objects of an image share one decoding."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extremecut.errors import DataError, ImageError
from extremecut.images import load_image

DEFAULT_LIMIT_BYTES = 1 << 30


_Stamp = tuple[int, int] | None


class ImageCache:
    """The most recently used images, at most `limit_bytes` of them; changed files are read anew.

    Used from several threads at once. A copy sent to another process starts out empty with the
    same limit; a forked one shares the parent's images until either changes them.
    """

    def __init__(self, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> None:
        if limit_bytes < 0:
            raise ValueError(f"limit_bytes must not be negative, got {limit_bytes}")
        self.limit_bytes = limit_bytes
        self.used_bytes = 0
        self._images: OrderedDict[Path, tuple[_Stamp, NDArray[np.uint8]]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._images)

    def __reduce__(self) -> tuple[Any, ...]:
        return (ImageCache, (self.limit_bytes,))

    def load(self, path: Path) -> NDArray[np.uint8]:
        """The image at `path`: (H, W, 3) uint8 RGB, read-only.

        Decoded once while it is kept and its file stays what it was.

        Raises:
            DataError: the file is missing or cannot be decoded; names the file.
        """
        stamp = _stamp(path)
        with self._lock:
            known = self._images.get(path)
            if known is not None and stamp in (known[0], None):
                self._images.move_to_end(path)
                return known[1]
        # Decoded outside the lock, so that several threads decode several images at once.
        try:
            image = load_image(path)
        except (ImageError, OSError) as error:
            raise DataError(f"the image {path} cannot be read: {error}") from None
        image.flags.writeable = False
        with self._lock:
            if path in self._images:  # of before the file was changed, or another thread's
                self.used_bytes -= self._images.pop(path)[1].nbytes
            if image.nbytes <= self.limit_bytes:
                self._images[path] = (stamp, image)
                self.used_bytes += image.nbytes
                while self.used_bytes > self.limit_bytes:
                    _, (_, oldest) = self._images.popitem(last=False)
                    self.used_bytes -= oldest.nbytes
        return image


def _stamp(path: Path) -> _Stamp:
    """What changes with a file; None of one that is gone, whose pixels may still be known."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


SHARED_CACHE = ImageCache()
"""What sets use that were given no cache of their own."""
