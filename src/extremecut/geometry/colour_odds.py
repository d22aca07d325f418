"""Colours: a pixel that looks like the places that were clicked more likely belongs to the object.

The four points lie on the object, whatever else is in its box. The network's answer says which
pixels around them are the object's and which in the crop are not; two histograms of colours
follow, and a pixel's log-odds are moved by the log of their ratio at its own colour. That is
Bayes' rule for two sources that were independent. They are not quite (the network has seen the
colours too), so the ratio counts less than whole.

Colour models of object and rest are Boykov and Jolly's (ICCV 2001) and GrabCut's; that a network's
answer fills them, and that they are taken where the clicks are, is ours. Not in the paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from extremecut.errors import ConfigError
from extremecut.geometry.guidance import gaussian_map

Map = NDArray[np.float32]

SMOOTHING = (1 / 6, 2 / 3, 1 / 6)
"""A histogram's bins are averaged with their neighbours along each channel: a cubic B-spline."""

SPARSE_PX = 4.0
"""Pixels added to object and rest alike, spread over all colours: a colour of which there are
fewer says little."""

MOST_LOG_RATIO = 3.0
"""No colour says more than this."""

LEAST_SPAN = 1.0
"""Normalised colours that span less are noise as much as colour: the bins get no finer."""


MOST_WEIGHT = 10.0
"""Ten times Bayes' rule: more would leave nothing but the colours."""

MOST_SHARE = 1.0
"""Of the crop's side, for `near` and `smooth`: wider Gaussians are flat."""


@dataclass(frozen=True, slots=True)
class ColourOdds:
    """How colours count."""

    weight: float = 0.9
    """What the log of the histograms' ratio is multiplied by."""
    bins: int = 16
    """Of each channel, between its darkest and its brightest value in the crop."""
    near: float = 0.12
    """Full width at half maximum of the Gaussians around the points in which the object's colours
    are taken, as a share of the crop's side."""
    elsewhere: float = 0.01
    """What the object's other pixels count, where those at a point count 1."""
    smooth: float = 0.01
    """Sigma of the Gaussian that the log of the ratio is smoothed with, as a share of the crop's
    side: single pixels of another colour leave no holes."""

    def __post_init__(self) -> None:
        if not isinstance(self.bins, int) or not 2 <= self.bins <= 64:
            raise ConfigError(f"bins must be in 2..64, got {self.bins}")
        if not 0 < self.weight <= MOST_WEIGHT:
            raise ConfigError(
                f"weight must be positive and at most {MOST_WEIGHT:g}, got {self.weight}"
            )
        if not (0 < self.near <= MOST_SHARE and 0 < self.smooth <= MOST_SHARE):
            raise ConfigError(
                f"near and smooth must be positive and at most {MOST_SHARE:g}, got {self.near} "
                f"and {self.smooth}"
            )
        if not 0 <= self.elsewhere <= 1:
            raise ConfigError(f"elsewhere must be in 0..1, got {self.elsewhere}")


def weigh_colours(
    probability: Map, rgb: Map, points_xy: NDArray[np.float64], settings: ColourOdds
) -> Map:
    """The map after the colours had their say; they are looked at at half the resolution.

    Args:
        probability: (S, S) float32 in [0, 1]; not changed.
        rgb: (3, S, S) float32, the colours that the network saw, normalised.
        points_xy: (N, 2), pixels of the map, on the object's boundary; some may lie outside.

    Returns:
        (S, S) float32 in [0, 1]. 0 and 1 stay what they are.

    Example:
        Two halves of a box, both half believed; the points lie on the left one.

        >>> rgb = np.zeros((3, 32, 32), np.float32)
        >>> rgb[0, :, 16:] = 2.0
        >>> points = np.array([[2.0, 16.0], [8.0, 4.0], [8.0, 28.0], [14.0, 16.0]])
        >>> found = weigh_colours(np.full((32, 32), 0.5, np.float32), rgb, points, ColourOdds())
        >>> bool(found[16, 8] > 0.6 and found[16, 24] < 0.4)
        True
    """
    side = len(probability)
    half = ((side + 1) // 2, (side + 1) // 2)
    small = cv2.resize(probability, half, interpolation=cv2.INTER_AREA)
    colours = _colour_index(
        [cv2.resize(channel, half, interpolation=cv2.INTER_AREA) for channel in rgb], settings.bins
    )
    points = (points_xy + 0.5) * (half[0] / side) - 0.5
    near = gaussian_map(points, size_hw=half, fwhm_px=settings.near * half[0])
    of_object = _density(colours, small * (near + np.float32(settings.elsewhere)), settings.bins)
    of_rest = _density(colours, 1 - small, settings.bins)
    sparse = SPARSE_PX / small.size
    log_ratio = np.log((of_object + sparse) / (of_rest + sparse))
    log_ratio = settings.weight * np.clip(log_ratio, -MOST_LOG_RATIO, MOST_LOG_RATIO)
    smooth = cv2.GaussianBlur(log_ratio[colours], (0, 0), settings.smooth * half[0])
    odds = cv2.resize(np.exp(smooth), (side, side), interpolation=cv2.INTER_LINEAR)
    odds *= probability
    weighed: Map = odds / (odds + (1 - probability))
    return weighed


def _colour_index(channels: list[Map], bins: int) -> NDArray[np.intp]:
    """(h, h), the bin of every pixel's colour, of bins ** 3."""
    index = np.zeros(channels[0].shape, np.intp)
    for channel in channels:
        low, high = float(channel.min()), float(channel.max())
        scale = np.float32(bins / max(high - low, LEAST_SPAN))
        level = ((channel - np.float32(low)) * scale).astype(np.intp)
        index = index * bins + np.minimum(level, bins - 1)
    return index


def _density(colours: NDArray[np.intp], weights: Map, bins: int) -> Map:
    """(bins ** 3,) float32 of sum 1 (0 where all weights are): a smoothed histogram."""
    counts = np.bincount(colours.ravel(), weights.ravel(), bins**3).astype(np.float32)
    total = counts.sum()
    if total > 0:
        counts /= total
    smooth = _smoothing(bins)
    for _ in range(3):  # each product smooths the first axis and makes it the last
        counts = (smooth @ counts.reshape(bins, -1)).T
    return np.ascontiguousarray(counts.reshape(bins, bins, bins)).ravel()


@cache
def _smoothing(bins: int) -> Map:
    """(bins, bins) float32, not to be written to.

    What the outermost bins would give beyond the end stays in them.
    """
    matrix = np.zeros((bins, bins), np.float32)
    at = np.arange(bins)
    for offset, share in zip((-1, 0, 1), SMOOTHING, strict=True):
        np.add.at(matrix, (np.clip(at + offset, 0, bins - 1), at), np.float32(share))
    return matrix
