"""Ellipses and polygons with known masks: for tests and for the smallest training recipe."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from extremecut.datasets.sample import ObjectSample
from extremecut.errors import ConfigError


def ellipse_mask(
    size_hw: tuple[int, int],
    *,
    center_xy: tuple[float, float],
    radii_xy: tuple[float, float],
    angle_rad: float = 0.0,
) -> NDArray[np.bool_]:
    """The pixels whose centres lie inside an ellipse.

    Args:
        radii_xy: half axes along x and y before the rotation, pixels.
        angle_rad: rotation about the centre, from x towards y.

    Returns:
        (H, W) bool.
    """
    dy, dx = np.ogrid[: size_hw[0], : size_hw[1]]
    dx, dy = dx - center_xy[0], dy - center_xy[1]
    cosine, sine = math.cos(angle_rad), math.sin(angle_rad)
    u = (dx * cosine + dy * sine) / radii_xy[0]
    v = (dy * cosine - dx * sine) / radii_xy[1]
    return np.asarray(u * u + v * v <= 1.0)


def polygon_mask(size_hw: tuple[int, int], vertices_xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    """The pixels whose centres lie inside a polygon, by the even-odd rule.

    Args:
        vertices_xy: (N, 2), N >= 3, pixels; the last is joined to the first.

    Returns:
        (H, W) bool.
    """
    ys, xs = np.ogrid[: size_hw[0], : size_hw[1]]
    inside = np.zeros(size_hw, np.bool_)
    for (x0, y0), (x1, y1) in zip(vertices_xy, np.roll(vertices_xy, -1, axis=0), strict=True):
        if y0 == y1:
            continue
        crossing = x0 + (ys - y0) * ((x1 - x0) / (y1 - y0))
        inside ^= ((y0 <= ys) != (y1 <= ys)) & (xs < crossing)
    return inside


def star_vertices(
    center_xy: tuple[float, float], radius_px: float, corners: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Corners at evenly spaced angles and random distances from 40 to 100 % of the radius.

    Returns:
        (corners, 2) float64.
    """
    angles = rng.uniform(0, 2 * math.pi) + np.arange(corners) * (2 * math.pi / corners)
    distances = radius_px * rng.uniform(0.4, 1.0, corners)
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return np.asarray(center_xy) + distances[:, None] * directions


class SyntheticObjects:
    """`count` objects on noisy two-colour backgrounds; object n is a function of (seed, n).

    Even ones are ellipses, odd ones polygons, all wholly inside their image.
    """

    def __init__(
        self,
        count: int = 100,
        *,
        seed: int = 0,
        size_hw: tuple[int, int] = (96, 128),
        name: str = "synthetic",
    ) -> None:
        """Nothing is drawn yet.

        Args:
            count: how many objects, from 0.
            seed: from 0.
            size_hw: height and width of every image, 16 px or more.

        Raises:
            ConfigError: other numbers.
        """
        if count < 0 or seed < 0 or min(size_hw) < 16:
            raise ConfigError(
                "synthetic objects need a count and a seed from 0 and sides of 16 px or more, got "
                f"count {count}, seed {seed} and {size_hw[1]} x {size_hw[0]} px"
            )
        self.name = name
        self.count = count
        self.seed = seed
        self.size_hw = size_hw

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> ObjectSample:
        if not 0 <= index < self.count:
            raise IndexError(index)
        rng = np.random.default_rng([self.seed, index])
        mask = self._draw_mask(index, rng)
        image = _paint(mask, rng)
        shape = "polygon" if index % 2 else "ellipse"
        return ObjectSample(image, mask, None, f"{shape}-{index:05d}", {"category": shape})

    def _draw_mask(self, index: int, rng: np.random.Generator) -> NDArray[np.bool_]:
        height, width = self.size_hw
        reach = rng.uniform(0.2, 0.45) * min(height, width)
        center_xy = (rng.uniform(reach, width - 1 - reach), rng.uniform(reach, height - 1 - reach))
        if index % 2:
            vertices = star_vertices(center_xy, reach, int(rng.integers(3, 8)), rng)
            mask = polygon_mask(self.size_hw, vertices)
            if mask.any():
                return mask
        radii_xy = (reach, reach * rng.uniform(0.4, 1.0))
        angle = rng.uniform(0, math.pi)
        return ellipse_mask(self.size_hw, center_xy=center_xy, radii_xy=radii_xy, angle_rad=angle)


def _paint(mask: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Object and background in different colours, a band across the background, noise over all."""
    height, width = mask.shape
    colours = rng.uniform(20, 235, (3, 3))
    # At least 60 grey levels apart in one channel: the task stays solvable.
    channel = int(rng.integers(3))
    colours[0, channel] = (colours[1, channel] + rng.uniform(60, 190)) % 255
    ys, xs = np.ogrid[:height, :width]
    band = (xs * rng.uniform(-1, 1) + ys * rng.uniform(-1, 1)) % 40 < 12
    image = np.where(band[:, :, None], 0.7 * colours[1] + 0.3 * colours[2], colours[1])
    image = np.where(mask[:, :, None], colours[0], image)
    image = image + rng.normal(0.0, 8.0, image.shape)
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)
