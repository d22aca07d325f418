"""The picture to look at: the photo with objects tinted, outlined, and their points marked."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from extremecut.annotations.found import FoundObject
from extremecut.errors import DataError

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")

# Okabe and Ito's colours, told apart by colour-blind people too.
COLOURS_RGB = (
    (86, 180, 233),
    (230, 159, 0),
    (0, 158, 115),
    (240, 228, 66),
    (0, 114, 178),
    (213, 94, 0),
    (204, 121, 167),
)
TINT = 0.55


class OverlaySheet:
    """Draws objects over a copy of the photo."""

    def __init__(self, image: NDArray[np.uint8], *, suffix: str = ".png") -> None:
        """Start with the plain photo.

        Args:
            image: (H, W, 3) uint8 RGB.
            suffix: of the file to be, one of `SUFFIXES`.

        Raises:
            DataError: another suffix.
        """
        if suffix.lower() not in SUFFIXES:
            raise DataError(f"an overlay is written as one of {', '.join(SUFFIXES)}; got {suffix}")
        self.picture: NDArray[np.uint8] = np.array(image, order="C")
        self._suffix = suffix.lower()
        self._count = 0

    def add(self, found: FoundObject) -> None:
        """Tint the object, draw its rim and its points."""
        colour = np.array(COLOURS_RGB[self._count % len(COLOURS_RGB)], np.uint8)
        self._count += 1
        line = max(1, round(max(self.picture.shape[:2]) / 500))
        if found.box is not None:
            # Surroundings as wide as the line, so that erosion knows the object ends at its box.
            inside = np.pad(found.inside, line).astype(np.uint8)
            kernel = np.ones((2 * line + 1, 2 * line + 1), np.uint8)
            core = cv2.erode(inside, kernel)[line:-line, line:-line].astype(bool)
            part = self.picture[found.box.slices]
            tinted = part[core] * np.float32(1 - TINT) + colour * np.float32(TINT)
            part[core] = np.rint(tinted).astype(np.uint8)
            part[found.inside & ~core] = colour
        for x, y in np.rint(found.points_xy).astype(int).tolist():
            cv2.circle(self.picture, (x, y), 4 * line, (255, 255, 255), -1, cv2.LINE_AA)
            cv2.circle(self.picture, (x, y), 3 * line, (220, 30, 30), -1, cv2.LINE_AA)

    def to_bytes(self) -> bytes:
        """The whole file.

        Raises:
            DataError: the picture is larger than the file's kind can hold.
        """
        options = [cv2.IMWRITE_PNG_COMPRESSION, 3] if self._suffix == ".png" else []
        done, data = cv2.imencode(self._suffix, self.picture[:, :, ::-1], options)
        if not done:
            height, width = self.picture.shape[:2]
            instead = "leave the overlay out" if self._suffix == ".png" else "use .png"
            raise DataError(
                f"a {self._suffix} file cannot hold {width} x {height} pixels: {instead}"
            )
        return bytes(data)
