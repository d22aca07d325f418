"""Masks as PNG: one object as 0 and 255, several as a 16-bit label image."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from extremecut.annotations.found import FoundObject
from extremecut.errors import DataError

MAX_LABEL = 65535

# Masks are flat areas: run lengths pack them as well as anything, and ten times as fast.
_PNG_OPTIONS = [
    cv2.IMWRITE_PNG_COMPRESSION, 1, cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE
]  # fmt: skip
if hasattr(cv2, "IMWRITE_PNG_FILTER"):  # since OpenCV 4.11
    _PNG_OPTIONS += [cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_NONE]


class LabelSheet:
    """A label image: 0 the background, 1 the first object, 2 the second, and so on.

    Where objects overlap, the later one wins. An object with an empty mask keeps its number.
    """

    def __init__(self, size_hw: tuple[int, int], *, always_labels: bool = False) -> None:
        """Start an empty sheet.

        Args:
            always_labels: 16-bit labels for a single object too, instead of 0 and 255.
        """
        self.labels: NDArray[np.uint16] = np.zeros(size_hw, np.uint16)
        self.count = 0
        self._always_labels = always_labels

    def add(self, found: FoundObject) -> None:
        """Add the next object.

        Raises:
            DataError: there are more objects than 16 bits can number.
        """
        if self.count == MAX_LABEL:
            raise DataError(f"a label image holds at most {MAX_LABEL} objects: use --format coco")
        self.count += 1
        if found.box is not None:
            self.labels[found.box.slices][found.inside] = self.count

    def to_bytes(self) -> bytes:
        """The whole file: 0 and 255 in 8 bits for a single object, else labels in 16.

        Raises:
            DataError: a side is longer than PNG files can be written with.
        """
        if self.count == 1 and not self._always_labels:
            return png_bytes((self.labels > 0).astype(np.uint8) * np.uint8(255))
        return png_bytes(self.labels)


def png_bytes(values: NDArray[np.uint8] | NDArray[np.uint16]) -> bytes:
    """An (H, W) array as a grey PNG of its own depth.

    Raises:
        DataError: a side is longer than PNG files can be written with.
    """
    done, data = cv2.imencode(".png", values, _PNG_OPTIONS)
    if not done:
        height, width = values.shape
        raise DataError(
            f"a PNG file cannot hold {width} x {height} pixels (at most 1000000 a side): use "
            "another format, like coco"
        )
    return bytes(data)
