"""The crop frame: cuts an object out of an image and pastes its mask back, under one convention.

A frame maps a box of image pixels onto a square of `size_px` pixels a side, each axis by its own
scale, with half-pixel centres: the box's outer edges fall on the square's outer edges. Image
coordinate x becomes ``(x - x0 + 0.5) * size_px / width - 0.5``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extremecut.geometry.bands import Bands, bands_of
from extremecut.geometry.boxes import Box

# Where a crop is more than this many times larger than the square, every pixel of an enlarged
# square is looked up first and then averaged: 4 x 4 samples stand for one input pixel, and a
# 16-megapixel object costs no more than a small one.
SAMPLES_PER_PIXEL = 4

# Pasted values held at a time: what a processor's cache takes.
STRIP_PX = 1 << 18

RESAMPLINGS = ("area", "cubic")


@dataclass(frozen=True, slots=True)
class CropFrame:
    """A box of image pixels (possibly reaching beyond the image) seen as a square.

    `resampling` is "area" (averages when shrinking, bilinear when enlarging) or "cubic" (OpenCV's
    bicubic without antialiasing, as the released 2018 models expect).
    """

    box: Box
    size_px: int
    resampling: str = "area"

    def __post_init__(self) -> None:
        if self.size_px < 1 or self.box.area < 1:
            raise ValueError(f"a crop frame needs a box and a size of at least 1 pixel: {self}")
        if self.resampling not in RESAMPLINGS:
            raise ValueError(f"resampling must be one of {RESAMPLINGS}, got {self.resampling!r}")

    @property
    def _scale_xy(self) -> NDArray[np.float64]:
        return np.array([self.size_px / self.box.width, self.size_px / self.box.height])

    @property
    def enlargement(self) -> float:
        """How many pixels of the square stand for one of the image, along the box's longer side."""
        return self.size_px / max(self.box.width, self.box.height)

    def to_crop(self, points_xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Image pixels -> pixels of the square. (N, 2) in, (N, 2) out."""
        origin = np.array([self.box.x0, self.box.y0])
        return (points_xy - origin + 0.5) * self._scale_xy - 0.5

    def cut(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The crop of an (H, W, C), C > 1, or (H, W) uint8 image, zero beyond the image.

        Returns:
            (size_px, size_px, C) or (size_px, size_px) uint8, always a fresh array.
        """
        many = SAMPLES_PER_PIXEL * self.size_px
        if self.resampling == "area" and max(self.box.width, self.box.height) > 2 * many:
            return _average(self._look_up(image, many), self.size_px)
        whole = window(image, self.box)
        size = (self.size_px, self.size_px)
        if self.resampling == "cubic":
            return cv2.resize(whole, size, interpolation=cv2.INTER_CUBIC)
        if (self.box.width, self.box.height) == size:
            return whole.copy()
        # cv2 averages only when both axes shrink, so each axis is resized by its own rule.
        shrink_x, shrink_y = self.box.width > size[0], self.box.height > size[1]
        if shrink_x == shrink_y:
            rule = cv2.INTER_AREA if shrink_x else cv2.INTER_LINEAR
            return cv2.resize(whole, size, interpolation=rule)
        between = (size[0], self.box.height) if shrink_x else (self.box.width, size[1])
        return cv2.resize(
            cv2.resize(whole, between, interpolation=cv2.INTER_AREA),
            size,
            interpolation=cv2.INTER_LINEAR,
        )

    def _look_up(self, image: NDArray[np.uint8], count: int) -> NDArray[np.uint8]:
        """Nearest-neighbour samples on a `count` x `count` grid, zero beyond the image."""
        if self.box.intersection(Box.of_image((image.shape[0], image.shape[1]))) == self.box:
            size = (count, count)  # the same samples, quicker
            return cv2.resize(image[self.box.slices], size, interpolation=cv2.INTER_NEAREST_EXACT)
        centres = (np.arange(count) + 0.5) / count
        xs = self.box.x0 + np.floor(centres * self.box.width).astype(np.intp)
        ys = self.box.y0 + np.floor(centres * self.box.height).astype(np.intp)
        height, width = image.shape[:2]
        x_in = np.flatnonzero((xs >= 0) & (xs < width))
        y_in = np.flatnonzero((ys >= 0) & (ys < height))
        samples = np.zeros((count, count, *image.shape[2:]), np.uint8)
        if x_in.size and y_in.size:
            # Rows first, then columns: several times quicker than both at once.
            x0, x1 = xs[x_in[0]], xs[x_in[-1]] + 1
            found = image[ys[y_in], x0:x1].take(xs[x_in] - x0, axis=1)
            samples[y_in[0] : y_in[-1] + 1, x_in[0] : x_in[-1] + 1] = found
        return samples

    def paste(
        self, crop: NDArray[np.float32], *, size_hw: tuple[int, int], clip: Box | None = None
    ) -> NDArray[np.float32]:
        """A (size_px, size_px) float32 map resized back into an image of zeros.

        Args:
            size_hw: height and width of the image.
            clip: pixels outside this box stay zero.

        Returns:
            (H, W) float32.
        """
        canvas = np.zeros(size_hw, np.float32)
        target = self._target(size_hw, clip)
        if target is None:
            return canvas
        if self._is_much_larger():
            for place, bands in self._bands(crop, target):
                for rows, values in bands.values():
                    canvas[place][rows] = values
        else:
            for box, values in self._strips(crop, target):
                canvas[box.slices] = values
        return canvas

    def paste_mask(
        self,
        crop: NDArray[np.float32],
        *,
        size_hw: tuple[int, int],
        threshold: float,
        clip: Box | None = None,
    ) -> NDArray[np.bool_]:
        """`paste(...) > threshold`, without ever holding the full-size probabilities.

        Returns:
            (H, W) bool.
        """
        canvas = np.zeros(size_hw, np.bool_)
        target = self._target(size_hw, clip)
        if target is None:
            return canvas
        if self._is_much_larger():
            for place, bands in self._bands(crop, target):
                bands.write_mask(canvas[place], threshold)
        else:
            for box, values in self._strips(crop, target):
                np.greater(values, threshold, out=canvas[box.slices])
        return canvas

    def _target(self, size_hw: tuple[int, int], clip: Box | None) -> Box | None:
        """Where pasting writes to."""
        target = self.box.intersection(Box.of_image(size_hw))
        return target.intersection(clip) if target is not None and clip is not None else target

    def _is_much_larger(self) -> bool:
        return self.resampling == "area" and self.box.height > SAMPLES_PER_PIXEL * self.size_px

    def _enlarged_along_x(self, crop: NDArray[np.float32]) -> NDArray[np.float32]:
        """(size_px, box.width). Both rules are separable, so x and y can go one by one."""
        return cv2.resize(crop, (self.box.width, self.size_px), interpolation=self._rule)

    @property
    def _rule(self) -> int:
        return cv2.INTER_CUBIC if self.resampling == "cubic" else cv2.INTER_LINEAR

    def _strips(
        self, crop: NDArray[np.float32], target: Box
    ) -> Iterator[tuple[Box, NDArray[np.float32]]]:
        """The pasted map, some columns at a time: never more than `STRIP_PX` or one column."""
        wide = self._enlarged_along_x(crop)
        rows = slice(target.y0 - self.box.y0, target.y1 - self.box.y0)
        columns_per_strip = max(1, STRIP_PX // self.box.height)
        for x0 in range(target.x0, target.x1, columns_per_strip):
            strip = Box(x0, target.y0, min(x0 + columns_per_strip, target.x1), target.y1)
            part = wide[:, strip.x0 - self.box.x0 : strip.x1 - self.box.x0]
            tall = cv2.resize(part, (strip.width, self.box.height), interpolation=self._rule)
            yield strip, tall[rows]

    def _bands(
        self, crop: NDArray[np.float32], target: Box
    ) -> Iterator[tuple[tuple[slice, slice], Bands]]:
        """The pasted map as bands of image rows, and where in the image they lie."""
        wide = self._enlarged_along_x(crop)[:, target.x0 - self.box.x0 : target.x1 - self.box.x0]
        centres = np.arange(target.y0, target.y1) - self.box.y0 + 0.5
        ys = centres * (self.size_px / self.box.height) - 0.5
        for top, bands in bands_of(wide, ys, most_px=STRIP_PX):
            y0 = target.y0 + top
            yield Box(target.x0, y0, target.x1, y0 + bands.height).slices, bands


def window(image: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    """The pixels of a box: a view where it lies inside the image, else a copy padded with 0.

    Args:
        image: (H, W) or (H, W, C) uint8.

    Returns:
        (box.height, box.width) or (box.height, box.width, C) uint8.
    """
    inside = box.intersection(Box.of_image(image.shape[:2]))
    if inside == box:
        return image[box.slices]
    padded = np.zeros((box.height, box.width, *image.shape[2:]), np.uint8)
    if inside is not None:
        padded[inside.shifted(-box.x0, -box.y0).slices] = image[inside.slices]
    return padded


def _average(samples: NDArray[np.uint8], size_px: int) -> NDArray[np.uint8]:
    return cv2.resize(samples, (size_px, size_px), interpolation=cv2.INTER_AREA)
