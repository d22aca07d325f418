"""Refinement: the boundary bends so that it runs through what was clicked on it.

The network sees every point, but it is free to pass a fifth one by. A person who corrects a mask
is not: the click says where the boundary is. So the log-odds of the network's map are shifted
between each further point and the mask's edge nearest to it until the edge runs through the
point: a wedge with its tip at the point comes to the mask or leaves it, and what lies further
away than the edge had to move stays as it is.

Not in the paper, whose extra points only reach the network. For the four extreme points the
network's own answer is left as it is: measured on validation objects, bending there gains nothing.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

LEAST_REACH = 0.01
MOST_REACH = 0.2
"""Limits of how far to the sides a point is heard (a Gaussian's sigma, else the distance that the
edge moves), as shares of the map's side."""

OPENING = 0.25
"""How much more than at the point the map is shifted at the old edge. Without it, nothing but the
point itself would change where the network is equally sure all the way to the edge."""

NEAR = 0.1
"""Log-odds at a point, from those of the edge, that count as none."""

MOST_PASSES = 6
"""A bend moves the edge at the points beside it as well: all are gone through again until the edge
runs through each, which two or three passes reach, but no more often than this."""

MOST_LOG_ODDS = 60.0
"""Points that contradict each other push what lies between them ever further; no further than this,
which a float32 cannot tell from certain."""

SURE = 1e-4
"""Probabilities this close to 0 and 1 count as no closer: their log-odds stay finite."""


def further_points(points_xy: Points) -> Points:
    """Those points that are no extreme point: strictly inside the box of all of them.

    Args:
        points_xy: (N, 2).

    Returns:
        (M, 2), M <= N - 2, in their order.
    """
    inside = (points_xy > points_xy.min(axis=0)) & (points_xy < points_xy.max(axis=0))
    further: Points = points_xy[inside.all(axis=1)]
    return further


def bend_through(
    probability: NDArray[np.float32], points_xy: Points, *, threshold: float
) -> NDArray[np.float32]:
    """A probability map whose edge at `threshold` runs through the points.

    Where points contradict each other, so close that no edge of this kind runs through all of them,
    the later ones are obeyed.

    Args:
        probability: (S, S) float32 in [0, 1]; not changed.
        points_xy: (M, 2), pixels of the map; points outside it say nothing.
        threshold: in (0, 1).

    Returns:
        (S, S) float32; the map itself where nothing is to be bent, as when it has no edge at all.

    Example:
        >>> ramp = np.tile(np.linspace(0, 1, 9, dtype=np.float32), (9, 1))
        >>> bent = bend_through(ramp, np.array([[2.0, 4.0]]), threshold=0.5)
        >>> float(round(ramp[4, 2], 2)), float(round(bent[4, 2], 2))
        (0.25, 0.5)
    """
    side = len(probability)
    level = _log_odds(np.float32(threshold))
    pixels = np.rint(points_xy).astype(int)
    pixels = pixels[((pixels >= 0) & (pixels < side)).all(axis=1)]
    if len(pixels) == 0:
        return probability
    odds = _log_odds(probability) - level
    for _ in range(MOST_PASSES):
        moved = [_bend(odds, column, row) for column, row in pixels.tolist()]
        if not any(moved):
            break
    bent: NDArray[np.float32] = 1 / (1 + np.exp(-(odds + level)))
    return bent


def _bend(odds: NDArray[np.float32], column: int, row: int) -> bool:
    """Bring the odds at one pixel to 0, and with it what lies between it and the edge.

    Returns:
        Whether there was anything to bend.
    """
    side = len(odds)
    height = odds[row, column]
    if abs(height) <= NEAR:
        return False
    ys, xs = np.nonzero((odds > 0) != (height > 0))
    if ys.size == 0:
        return False
    nearest = int(np.argmin((xs - column) ** 2 + (ys - row) ** 2))
    away_x, away_y = int(xs[nearest]) - column, int(ys[nearest]) - row
    distance = math.hypot(away_x, away_y)
    sigma = min(max(distance, LEAST_REACH * side), MOST_REACH * side)
    reach = math.ceil(3 * sigma + distance)
    rows = slice(max(row - reach, 0), row + reach + 1)
    columns = slice(max(column - reach, 0), column + reach + 1)
    y = np.arange(side, dtype=np.float32)[rows, None] - row
    x = np.arange(side, dtype=np.float32)[None, columns] - column
    # How far along the way to the edge each pixel lies, and how far from that way.
    along = np.clip((x * away_x + y * away_y) / distance**2, 0, 1)
    beside_squared = (x - along * away_x) ** 2 + (y - along * away_y) ** 2
    heard = np.exp(beside_squared / (-2 * sigma**2)) * (1 + OPENING * along)
    part = odds[rows, columns]
    part -= height * heard
    np.clip(part, -MOST_LOG_ODDS, MOST_LOG_ODDS, out=part)
    return True


def _log_odds(probability: NDArray[np.float32] | np.float32) -> NDArray[np.float32]:
    sure = np.clip(probability, np.float32(SURE), np.float32(1 - SURE))
    return np.asarray(np.log(sure / (1 - sure)), np.float32)
