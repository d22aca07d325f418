"""How much a file of a stranger may ask for. Far above what people draw, far below what hurts."""

from __future__ import annotations

from extremecut.errors import DataError

MAX_FILE_BYTES = 512 << 20
"""Of one file, unpacked: a JSON file of all of COCO's training set fits."""
MAX_TOTAL_BYTES = 16 << 30
"""Of all the files of an archive, unpacked."""
MAX_FILES = 1_000_000
"""In a folder or an archive."""
MAX_OBJECTS = 100_000
"""Of one image."""
MAX_RUNS = 5_000_000
"""Run lengths of the masks of one image: a hundred times what a thousand objects need."""
MAX_OUTLINE_PX = 2_000_000
"""Length of one object's outline."""

_FREE_PIXELS = 1 << 30
_TIMES_COVERED = 64
_FILE_PIXELS = 1 << 36


class Allowance:
    """What the objects of one image may still ask for."""

    def __init__(self, size_hw: tuple[int, int], where: str) -> None:
        """
        Args:
            size_hw: height and width of the photo.
            where: file and image, for messages.
        """
        self._where = where
        self._pixels = max(_FREE_PIXELS, _TIMES_COVERED * size_hw[0] * size_hw[1])
        self._objects = MAX_OBJECTS
        self._runs = MAX_RUNS
        self._file_pixels = _FILE_PIXELS

    def object_of(self, box_pixels: int) -> None:
        """Take one object whose box has so many pixels.

        Raises:
            DataError: more objects than one image may have, or larger ones.
        """
        self._objects -= 1
        self._pixels -= box_pixels
        if self._objects < 0:
            raise DataError(f"{self._where} holds more than {MAX_OBJECTS} objects, the limit")
        if self._pixels < 0:
            raise DataError(f"{self._where}: its objects cover the photo too many times over")

    def file_of(self, pixels: int) -> None:
        """Take one picture file of so many pixels.

        Raises:
            DataError: more or larger files than one image may have.
        """
        self._file_pixels -= pixels
        if self._file_pixels < 0:
            raise DataError(f"{self._where} has too many files of masks for one photo")

    def runs(self, number: int) -> None:
        """Take so many run lengths.

        Raises:
            DataError: more than masks of one image may have.
        """
        self._runs -= number
        if self._runs < 0:
            raise DataError(
                f"{self._where}: its masks are noise rather than objects, "
                f"with more than {MAX_RUNS} runs of pixels"
            )
