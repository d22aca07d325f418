"""Guidance maps: the points as an image, the network's fourth channel (paper, section 3.1)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

REACH_PER_FWHM = math.sqrt(6.0)
"""Farther away along an axis a Gaussian is below 2 ** -24, which a float32 cannot tell from 0
beside its height of 1, and is not drawn."""


def gaussian_map(
    points_xy: NDArray[np.float64], *, size_hw: tuple[int, int], fwhm_px: float
) -> NDArray[np.float32]:
    """2D Gaussians of height 1 centred on the points, the largest value at each pixel.

    The width is stated as the full width at half maximum, in pixels of the map; the standard
    deviation is `fwhm_px / 2.3548`. (The paper's code calls its 10 px "sigma"; it is an FWHM.)

    Args:
        points_xy: (N, 2), pixels of the map, fractions allowed, points outside allowed.

    Returns:
        (H, W) float32 in [0, 1].
    """
    if fwhm_px <= 0:
        raise ValueError(f"fwhm_px must be positive, got {fwhm_px}")
    height, width = size_hw
    scale = -4.0 * math.log(2.0) / fwhm_px**2
    reach = REACH_PER_FWHM * fwhm_px
    result = np.zeros((height, width), np.float32)
    for x, y in points_xy:
        rows, columns = _reached(y, reach, height), _reached(x, reach, width)
        # A Gaussian is a product of one factor along x and one along y: H + W exponentials, not
        # H W.
        along_y = np.exp(scale * (np.arange(height)[rows] - y) ** 2).astype(np.float32)
        along_x = np.exp(scale * (np.arange(width)[columns] - x) ** 2).astype(np.float32)
        part = result[rows, columns]
        np.maximum(part, np.outer(along_y, along_x), out=part)
    return result


def distance_map(
    points_xy: NDArray[np.float64], *, size_hw: tuple[int, int], limit_px: float = 255.0
) -> NDArray[np.float32]:
    """Distance to the nearest point, cut at `limit_px` and divided by it (paper, Table 2).

    Returns:
        (H, W) float32 in [0, 1]; 0 at the points.
    """
    if limit_px <= 0:
        raise ValueError(f"limit_px must be positive, got {limit_px}")
    height, width = size_hw
    dx2 = ((np.arange(width) - points_xy[:, :1]) ** 2).astype(np.float32)
    dy2 = ((np.arange(height) - points_xy[:, 1:]) ** 2).astype(np.float32)
    nearest = np.full((height, width), np.float32(limit_px**2))
    for row, column in zip(dy2, dx2, strict=True):
        np.minimum(nearest, row[:, None] + column[None, :], out=nearest)
    distance: NDArray[np.float32] = np.sqrt(nearest)
    return distance / np.float32(limit_px)


def _reached(centre: float, reach: float, length: int) -> slice:
    """The whole numbers within `reach` of `centre`, of 0..length-1."""
    start, stop = math.ceil(centre - reach), math.floor(centre + reach) + 1
    return slice(min(max(start, 0), length), min(max(stop, 0), length))
