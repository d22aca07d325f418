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


class ImageCache:
    """The most recently used images, at most `limit_bytes` of them.

    Used from several threads at once. A copy sent to another process starts out empty with the
    same limit; a forked one shares the parent's images until either changes them.
    """

    def __init__(self, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> None:
        if limit_bytes < 0:
            raise ValueError(f"limit_bytes must not be negative, got {limit_bytes}")
        self.limit_bytes = limit_bytes
        self.used_bytes = 0
        self._images: OrderedDict[Path, NDArray[np.uint8]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._images)

    def __reduce__(self) -> tuple[Any, ...]:
        return (ImageCache, (self.limit_bytes,))

    def load(self, path: Path) -> NDArray[np.uint8]:
        """The image at `path`: (H, W, 3) uint8 RGB, read-only, decoded at most once while kept.

        Raises:
            DataError: the file is missing or cannot be decoded; names the file.
        """
        with self._lock:
            known = self._images.get(path)
            if known is not None:
                self._images.move_to_end(path)
                return known
        # Decoded outside the lock, so that several threads decode several images at once.
        try:
            image = load_image(path)
        except (ImageError, OSError) as error:
            raise DataError(f"the image {path} cannot be read: {error}") from None
        image.flags.writeable = False
        with self._lock:
            if path not in self._images and image.nbytes <= self.limit_bytes:
                self._images[path] = image
                self.used_bytes += image.nbytes
                while self.used_bytes > self.limit_bytes:
                    _, oldest = self._images.popitem(last=False)
                    self.used_bytes -= oldest.nbytes
        return image


SHARED_CACHE = ImageCache()
"""What sets use that were given no cache of their own."""
