"""A few rows of numbers, stretched to many image rows by straight lines between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Values are computed one by one where at most one in so many is wanted.
_FEW_OPEN = 16


@dataclass(frozen=True, slots=True)
class Bands:
    """Neighbouring image rows; those of a band lie between the same two rows of numbers."""

    upper: NDArray[np.float32]
    """(n, w), of each band."""
    lower: NDArray[np.float32]
    """(n, w), C-contiguous as `upper`."""
    borders: NDArray[np.intp]
    """(n + 1,), the first image row of each band, counted from 0; last, how many rows there are."""
    weights: NDArray[np.float32]
    """(h,), how much of `lower` each image row takes, 0 to 1."""

    @property
    def height(self) -> int:
        """In image rows."""
        return len(self.weights)

    def values(self) -> Iterator[tuple[slice, NDArray[np.float32]]]:
        """Image rows of one band after the other, and their values, (rows, w) float32."""
        for band, rows in self._each():
            yield rows, _between(self.upper[band], self.lower[band], self.weights[rows, None])

    def write_mask(self, part: NDArray[np.bool_], threshold: float) -> None:
        """Whether values exceed a threshold, computing only those that a band's ends leave open.

        Args:
            part: (h, w), written to.
        """
        highest, lowest = np.maximum(self.upper, self.lower), np.minimum(self.upper, self.lower)
        slack = 1e-5 * max(1.0, abs(threshold))  # far above what rounding can do
        inside = lowest > threshold + slack
        places = np.flatnonzero((highest > threshold - slack) & ~inside)
        if _FEW_OPEN * places.size > highest.size:
            for rows, values in self.values():
                np.greater(values, threshold, out=part[rows])
            return
        for band, rows in self._each():
            part[rows] = inside[band]
        # Each open place is as many pixels, one below the other, as its band has rows.
        bands, columns = np.divmod(places, highest.shape[1])
        heights = np.diff(self.borders)[bands]
        first = np.cumsum(heights) - heights
        down = np.arange(heights.sum()) + np.repeat(self.borders[bands] - first, heights)
        upper, lower = (
            np.repeat(each.ravel()[places], heights) for each in (self.upper, self.lower)
        )
        values = _between(upper, lower, self.weights[down])
        part[down, np.repeat(columns, heights)] = values > threshold

    def _each(self) -> Iterator[tuple[int, slice]]:
        borders = self.borders.tolist()
        return enumerate(map(slice, borders[:-1], borders[1:]))


def bands_of(
    rows: NDArray[np.float32], ys: NDArray[np.floating], *, most_px: int
) -> Iterator[tuple[int, Bands]]:
    """The bands of all image rows, some at a time, each time with the first image row.

    Args:
        rows: (S, w) float32.
        ys: (h,), where among `rows` each image row lies, growing; beyond the ends it counts as
            the end.
        most_px: bounds the memory: what is held at a time is of this order.
    """
    last = len(rows) - 1
    ys = np.clip(ys, 0, last)
    above = ys.astype(np.intp)
    weights = (ys - above).astype(np.float32)
    borders = np.append(np.flatnonzero(np.diff(above, prepend=-1)), len(above))
    at_once = max(1, most_px // (4 * rows.shape[1]))
    for first in range(0, len(borders) - 1, at_once):
        here = borders[first : first + at_once + 1]
        start, end = int(here[0]), int(here[-1])
        upper = above[here[:-1]]
        lower = np.minimum(upper + 1, last)
        yield start, Bands(rows[upper], rows[lower], here - start, weights[start:end])


def _between(
    upper: NDArray[np.float32], lower: NDArray[np.float32], weights: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Element by element the same, however many are asked for."""
    return upper * (1 - weights) + lower * weights
