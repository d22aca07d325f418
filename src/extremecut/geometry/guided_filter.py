"""The guided filter: a probability map takes over the edges of the photo.

The network answers at a quarter of the crop's resolution, so its edges are soft and its corners
round. Within every window of a few pixels the filter fits the map as a linear function of the
photo's colours, p = a . I + b with a small penalty on a, and answers with that function, the
windows around each pixel averaged: where colours change, so does the map, and where they do not
it stays smooth. He, Sun and Tang, Guided Image Filtering, 2010, equations 19 to 21 (colour); the
fit at half the resolution, as in their Fast Guided Filter, 2015.

Not in the paper. Measured on validation objects, it is worth most where masks are exact, and
nothing where the crop shows a photo more than twice enlarged, whose edges are soft themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extremecut.errors import ConfigError

Map = NDArray[np.float32]


MOST_RADIUS_PX = 1000
"""Larger windows see a whole crop as well."""

LEAST_SOFTNESS = 1e-5
MOST_SOFTNESS = 1e5
"""Between them the fit's float32 determinants neither vanish nor overflow."""


@dataclass(frozen=True, slots=True)
class GuidedFilter:
    """How a map follows the photo's edges."""

    radius_px: int = 4
    """Half the side of the windows, pixels of the crop; even, since the fit sees every second."""
    softness: float = 0.01
    """Penalty on the slopes: what varies less (variance of normalised colours) is no edge."""
    most_enlarged: float = 2.0
    """Crops that show the photo more than so many times enlarged are left as they are."""

    def __post_init__(self) -> None:
        whole = isinstance(self.radius_px, int)
        if not whole or not 2 <= self.radius_px <= MOST_RADIUS_PX or self.radius_px % 2:
            raise ConfigError(
                f"radius_px must be even and in 2..{MOST_RADIUS_PX}, got {self.radius_px}"
            )
        if not LEAST_SOFTNESS <= self.softness <= MOST_SOFTNESS:
            raise ConfigError(
                f"softness must be in {LEAST_SOFTNESS:g}..{MOST_SOFTNESS:g}, got {self.softness}"
            )
        if not self.most_enlarged > 0:
            raise ConfigError(f"most_enlarged must be positive, got {self.most_enlarged}")


def follow_edges(probability: Map, rgb: Map, settings: GuidedFilter) -> Map:
    """The map with the photo's edges.

    Args:
        probability: (S, S) float32 in [0, 1]; not changed.
        rgb: (3, S, S) float32, the colours that the network saw, normalised.

    Returns:
        (S, S) float32 in [0, 1].

    Example:
        >>> rgb = np.zeros((3, 16, 16), np.float32)
        >>> rgb[:, :, 8:] = 1.0
        >>> soft = np.tile(np.linspace(0, 1, 16, dtype=np.float32), (16, 1))
        >>> sharp = follow_edges(soft, rgb, GuidedFilter())
        >>> bool(sharp[8, 8] - sharp[8, 7] > 3 * (soft[8, 8] - soft[8, 7]))
        True
    """
    height, width = probability.shape
    half = ((width + 1) // 2, (height + 1) // 2)
    shrink = cv2.INTER_AREA
    small = cv2.resize(probability, half, interpolation=shrink)
    colours = [cv2.resize(channel, half, interpolation=shrink) for channel in rgb]
    *slopes, offset = _linear_fit(small, colours, settings.radius_px // 2, settings.softness)
    answer = np.zeros_like(probability)
    for slope, channel in zip(slopes, rgb, strict=True):
        answer += cv2.resize(slope, (width, height), interpolation=cv2.INTER_LINEAR) * channel
    answer += cv2.resize(offset, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.clip(answer, 0.0, 1.0, out=answer)


def _linear_fit(target: Map, colours: list[Map], radius: int, softness: float) -> list[Map]:
    """Slopes for the three colours and the offset, each averaged over its windows."""
    mean = [_window_mean(channel, radius) for channel in colours]
    target_mean = _window_mean(target, radius)

    def covariance(first: int, second: int) -> Map:
        product = _window_mean(colours[first] * colours[second], radius)
        return product - mean[first] * mean[second]

    with_target = [
        _window_mean(channel * target, radius) - average * target_mean
        for channel, average in zip(colours, mean, strict=True)
    ]
    rr, gg, bb = (covariance(index, index) + np.float32(softness) for index in range(3))
    rg, rb, gb = covariance(0, 1), covariance(0, 2), covariance(1, 2)
    # The inverse of the symmetric 3 x 3 matrix by its cofactors: a third of the time of a solver.
    c_rr, c_rg, c_rb = gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb
    c_gg, c_gb, c_bb = rr * bb - rb * rb, rb * rg - rr * gb, rr * gg - rg * rg
    scale = np.float32(1.0) / (rr * c_rr + rg * c_rg + rb * c_rb)
    slopes = [
        (row[0] * with_target[0] + row[1] * with_target[1] + row[2] * with_target[2]) * scale
        for row in ((c_rr, c_rg, c_rb), (c_rg, c_gg, c_gb), (c_rb, c_gb, c_bb))
    ]
    offset = target_mean - sum(slope * average for slope, average in zip(slopes, mean, strict=True))
    return [_window_mean(part, radius) for part in (*slopes, offset)]


def _window_mean(values: Map, radius: int) -> Map:
    side = 2 * radius + 1
    averaged: Map = cv2.blur(values, (side, side), borderType=cv2.BORDER_REFLECT)
    return averaged
