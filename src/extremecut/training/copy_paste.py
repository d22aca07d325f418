"""Copy-paste: objects on other backgrounds, behind, before and beside other objects.

In photos of crowded places the salient thing in the box of the points is often not what was
clicked: a bat before a helmet, a chair behind the child on it. These compositions show the network
more of that than its photos do.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from extremecut.datasets.sample import ObjectSample
from extremecut.geometry.boxes import Box

LEAST_LEFT_AT_BORDER = 0.4
"""How much of an object must stay visible behind an occluder near its border."""
LEAST_LEFT_INSIDE = 0.15
"""The same where the occluder stands in its midst: what is left still reaches around it."""


def paste_onto(
    sample: ObjectSample, background: NDArray[np.uint8], rng: np.random.Generator
) -> ObjectSample:
    """The object on a random piece of another image, with a soft seam."""
    height, width = sample.mask.shape
    piece = _random_piece(background, (height, width), rng)
    alpha = _soft(sample.mask, rng)[:, :, None]
    image = np.rint(sample.image * alpha + piece * (1 - alpha)).astype(np.uint8)
    return replace(sample, image=image)


def paste_over(sample: ObjectSample, other: ObjectSample, rng: np.random.Generator) -> ObjectSample:
    """Another object laid over a part of this one: what it hides leaves the mask.

    Its centre falls near the border of this object's box, where most real occluders stand. Returns
    the sample unchanged where more than `1 - LEAST_LEFT_AT_BORDER` would be hidden.
    """
    cover = _Cover.placed(other, sample, (0.3, 0.8), _point_at_border, rng)
    return sample if cover is None else cover.over(sample, LEAST_LEFT_AT_BORDER)


def paste_inside(
    sample: ObjectSample, other: ObjectSample, rng: np.random.Generator
) -> ObjectSample:
    """Another object laid over the midst of this one: what is left is in pieces, or hollow.

    Returns the sample unchanged where more than `1 - LEAST_LEFT_INSIDE` would be hidden.
    """
    cover = _Cover.placed(other, sample, (0.4, 1.0), partial(_point_inside, reach=0.3), rng)
    return sample if cover is None else cover.over(sample, LEAST_LEFT_INSIDE)


def paste_behind(
    sample: ObjectSample, other: ObjectSample, rng: np.random.Generator
) -> ObjectSample:
    """Another object laid into this one's box, but behind it: the mask stays as it is."""
    cover = _Cover.placed(other, sample, (0.4, 1.0), partial(_point_inside, reach=0.5), rng)
    return sample if cover is None else cover.behind(sample, _soft(sample.mask, rng))


@dataclass(frozen=True, slots=True)
class _Cover:
    """An object cut out, scaled and put somewhere in an image."""

    image: NDArray[np.uint8]
    """(h, w, 3), its part within the image."""
    opacity: NDArray[np.float32]
    """(h, w) in [0, 1]."""
    place: Box

    @classmethod
    def placed(
        cls,
        other: ObjectSample,
        sample: ObjectSample,
        sizes: tuple[float, float],
        centre: Callable[[Box, np.random.Generator], tuple[float, float]],
        rng: np.random.Generator,
    ) -> _Cover | None:
        """None where one of the two masks is empty, or nothing of it would be in the image.

        Args:
            sizes: range of its longer side, over that of the sample's box.
            centre: draws where its centre stands, from the sample's box.
        """
        box, other_box = Box.around_mask(sample.mask), Box.around_mask(other.mask)
        if box is None or other_box is None:
            return None
        longer = rng.uniform(*sizes) * max(box.width, box.height)
        centre_x, centre_y = centre(box, rng)
        factor = longer / max(other_box.width, other_box.height)
        width = max(2, round(other_box.width * factor))
        height = max(2, round(other_box.height * factor))
        place = Box(0, 0, width, height).shifted(
            round(centre_x - width / 2), round(centre_y - height / 2)
        )
        inside = place.intersection(Box.of_image(sample.mask.shape))
        if inside is None:
            return None
        source, size = inside.shifted(-place.x0, -place.y0).slices, (width, height)
        image = cv2.resize(other.image[other_box.slices], size, interpolation=cv2.INTER_AREA)
        cover = cv2.resize(
            other.mask[other_box.slices].view(np.uint8) * np.uint8(255),
            size,
            interpolation=cv2.INTER_AREA,
        )
        return cls(image[source], cover[source].astype(np.float32) / 255, inside)

    def over(self, sample: ObjectSample, least_left: float) -> ObjectSample:
        mask = sample.mask.copy()
        mask[self.place.slices] &= self.opacity < 0.5
        if mask.sum() < least_left * sample.mask.sum():
            return sample
        return replace(sample, image=self._blended(sample.image, self.opacity), mask=mask)

    def behind(self, sample: ObjectSample, opacity: NDArray[np.float32]) -> ObjectSample:
        """`opacity` is the sample's own object's, (H, W)."""
        seen = self.opacity * (1 - opacity[self.place.slices])
        return replace(sample, image=self._blended(sample.image, seen))

    def _blended(self, image: NDArray[np.uint8], opacity: NDArray[np.float32]) -> NDArray[np.uint8]:
        alpha = opacity[:, :, None]
        merged = image.copy()
        below = merged[self.place.slices]
        merged[self.place.slices] = np.rint(below * (1 - alpha) + self.image * alpha).astype(
            np.uint8
        )
        return merged


def _point_at_border(box: Box, rng: np.random.Generator) -> tuple[float, float]:
    """A point on the ellipse in the box."""
    angle = rng.uniform(0, 2 * math.pi)
    return (
        (box.x0 + box.x1) / 2 + 0.5 * box.width * math.cos(angle),
        (box.y0 + box.y1) / 2 + 0.5 * box.height * math.sin(angle),
    )


def _point_inside(box: Box, rng: np.random.Generator, *, reach: float) -> tuple[float, float]:
    """A point at most `reach` of the box's sides from its centre."""
    dx, dy = rng.uniform(-reach, reach, 2)
    return (box.x0 + box.x1) / 2 + dx * box.width, (box.y0 + box.y1) / 2 + dy * box.height


def _soft(mask: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.float32]:
    return cv2.GaussianBlur(mask.astype(np.float32), (0, 0), rng.uniform(0.4, 1.2))


def _random_piece(
    image: NDArray[np.uint8], size_hw: tuple[int, int], rng: np.random.Generator
) -> NDArray[np.uint8]:
    """A random part of an image, of the wanted aspect, resized to (h, w)."""
    height, width = image.shape[:2]
    zoom = rng.uniform(0.5, 1.0) * min(height / size_hw[0], width / size_hw[1])
    part_h = max(1, min(height, round(size_hw[0] * zoom)))
    part_w = max(1, min(width, round(size_hw[1] * zoom)))
    y0 = int(rng.integers(height - part_h + 1))
    x0 = int(rng.integers(width - part_w + 1))
    part = image[y0 : y0 + part_h, x0 : x0 + part_w]
    rule = cv2.INTER_AREA if zoom > 1 else cv2.INTER_LINEAR
    return cv2.resize(part, (size_hw[1], size_hw[0]), interpolation=rule)
