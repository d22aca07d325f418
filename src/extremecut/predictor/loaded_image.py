"""The latest image of a batch, kept for the next item as long as that has the same."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extremecut.images import load_image


@dataclass(frozen=True, slots=True)
class LoadedImage:
    """An image as a caller gave it, and its pixels as they were then."""

    source: Any
    frame: int | None
    """Where a PIL image stood; None for others."""
    pixels: NDArray[np.uint8]
    """(H, W, 3) RGB."""

    @classmethod
    def of(cls, source: Any, channel_order: str) -> LoadedImage:
        """Raises: ImageError: see `load_image`."""
        return cls(source, _frame(source), load_image(source, channel_order=channel_order))

    def still_shows(self, image: Any) -> bool:
        """Whether loading this one would give the same pixels.

        A caller may have written into an array since: a view has seen that, a copy has not.
        """
        if isinstance(image, (str, os.PathLike)) and isinstance(self.source, (str, os.PathLike)):
            return os.fspath(image) == os.fspath(self.source)
        if image is not self.source:
            return False
        if isinstance(image, np.ndarray):
            return np.may_share_memory(image, self.pixels)
        return self.frame is not None and self.frame == _frame(image)


def _frame(source: Any) -> int | None:
    return source.tell() if hasattr(source, "getexif") else None
