"""A photo as the page shows it: levels, each half the size of the one below, in square tiles."""

from __future__ import annotations

import threading

import cv2
import numpy as np
from numpy.typing import NDArray

from extremecut.errors import ImageError, InputError

TILE_PX = 512
"""Side of a tile; those at the right and lower edge are smaller."""
JPEG_QUALITY = 90

_ROWS = 512  # of the level below, halved at a time: bounds what odd sizes cost in memory


def level_count(size_hw: tuple[int, int]) -> int:
    """Levels until one tile holds the whole photo; at least 1.

    Example:
        >>> level_count((512, 512)), level_count((513, 10)), level_count((3000, 4000))
        (1, 2, 4)
    """
    return max(0, (max(size_hw) - 1) // TILE_PX).bit_length() + 1


def level_size_hw(size_hw: tuple[int, int], level: int) -> tuple[int, int]:
    """Height and width of a level: the photo's divided by 2^level, rounded up."""
    return (-(-size_hw[0] >> level), -(-size_hw[1] >> level))


class Pyramid:
    """One decoded photo and its smaller levels, each made when it is first asked for.

    A pixel of level n stands for exactly 2^n x 2^n pixels of the photo, fewer at the right and
    lower edge. Can be used from several threads at once.
    """

    def __init__(self, pixels: NDArray[np.uint8]) -> None:
        """
        Args:
            pixels: (H, W, 3) uint8 RGB; not copied.
        """
        self.pixels = pixels
        self.size_hw: tuple[int, int] = (pixels.shape[0], pixels.shape[1])
        self.levels = level_count(self.size_hw)
        self._made: list[NDArray[np.uint8]] = [pixels]
        self._lock = threading.Lock()

    @property
    def nbytes(self) -> int:
        """Memory of the photo with all its levels, whether they exist yet or not."""
        return sum(3 * h * w for h, w in (level_size_hw(self.size_hw, n) for n in self._numbers))

    @property
    def _numbers(self) -> range:
        return range(self.levels)

    def level(self, number: int) -> NDArray[np.uint8]:
        """(h, w, 3) uint8 RGB.

        Raises:
            InputError: there is no such level.
        """
        if number not in self._numbers:
            raise InputError(f"this photo has the levels 0 to {self.levels - 1}, not {number}")
        with self._lock:
            while len(self._made) <= number:
                self._made.append(halved(self._made[-1]))
            return self._made[number]

    def tile(self, level: int, column: int, row: int) -> NDArray[np.uint8]:
        """A view of one tile, (h, w, 3) uint8 RGB, h and w up to `TILE_PX`.

        Raises:
            InputError: there is no such tile.
        """
        whole = self.level(level)
        columns, rows = -(-whole.shape[1] // TILE_PX), -(-whole.shape[0] // TILE_PX)
        if not (0 <= column < columns and 0 <= row < rows):
            raise InputError(
                f"level {level} has {columns} x {rows} tiles, none at column {column}, row {row}"
            )
        y, x = row * TILE_PX, column * TILE_PX
        return whole[y : y + TILE_PX, x : x + TILE_PX]


def halved(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Each 2 x 2 pixels averaged; an odd last row or column counts twice.

    Returns:
        (ceil(H / 2), ceil(W / 2), 3) uint8.
    """
    height, width = level_size_hw((pixels.shape[0], pixels.shape[1]), 1)
    result = np.empty((height, width, 3), np.uint8)
    for y in range(0, pixels.shape[0], _ROWS):
        strip = np.ascontiguousarray(pixels[y : y + _ROWS])
        odd = (strip.shape[0] % 2, strip.shape[1] % 2)
        if any(odd):
            strip = cv2.copyMakeBorder(strip, 0, odd[0], 0, odd[1], cv2.BORDER_REPLICATE)
        target = result[y // 2 : (y + _ROWS) // 2]
        target[:] = cv2.resize(strip, (width, len(target)), interpolation=cv2.INTER_AREA)
    return result


def to_jpeg(pixels: NDArray[np.uint8], *, quality: int = JPEG_QUALITY) -> bytes:
    """(h, w, 3) uint8 RGB as a JPEG file with full colour resolution.

    Edges of objects are often edges of colour alone, so chroma is not halved.
    """
    options = [
        *(cv2.IMWRITE_JPEG_QUALITY, quality),
        *(cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444),
    ]
    good, data = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), options)
    if not good:
        raise ImageError(f"cannot encode pixels of shape {pixels.shape} as JPEG")
    return data.tobytes()
