"""A mask's outline as polygons, exact along the edges of its pixels, and back.

Coordinates are the package's: (0, 0) is the centre of the top-left pixel, so the corners of
pixels, and with them the vertices of an exact outline, have halves: -0.5, 0.5, 1.5. A polygon
holds the pixels whose centres lie inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extremecut.geometry.boxes import Box

MINIMUM_IOU = 0.95
"""What a simplified outline must keep of its mask; else it is simplified less, or not at all."""


@dataclass(frozen=True, slots=True)
class Polygon:
    """One connected part of an object: an outer ring and the rings of its holes."""

    outer: NDArray[np.float64]
    """(N, 2), x right and y down; clockwise as seen, not closed by a repeated point."""
    holes: tuple[NDArray[np.float64], ...] = ()
    """(M, 2) each, counter-clockwise."""

    @property
    def rings(self) -> tuple[NDArray[np.float64], ...]:
        """The outer ring, then the holes'."""
        return (self.outer, *self.holes)


def trace(mask: NDArray[np.bool_], box: Box | None = None) -> list[Polygon]:
    """The exact outlines of a mask, one polygon for each part connected by pixel edges.

    Holes are connected by corners too, so a hole's ring may pass through a corner twice.

    Args:
        mask: (H, W) bool.
        box: the mask's box, if known.

    Returns:
        Polygons with vertices on pixel corners, from top to bottom; none for an empty mask.
    """
    box = Box.around_mask(mask) if box is None else box
    if box is None:
        return []
    inside = np.pad(mask[box.slices], 1)
    _, parts = cv2.connectedComponents(inside.astype(np.uint8), connectivity=4)
    outers: dict[int, NDArray[np.float64]] = {}
    holes: dict[int, list[NDArray[np.float64]]] = {}
    # Corner (x, y) of the padded array is at (x - 1.5, y - 1.5) of the unpadded one.
    shift = np.array([box.x0 - 1.5, box.y0 - 1.5])
    for ring in _rings(inside):
        # Below a ring's top-most, then left-most corner lies the object, or it is a hole.
        x, y = ring[0]
        if inside[y, x]:
            outers[int(parts[y, x])] = ring + shift
        else:
            holes.setdefault(int(parts[y - 1, x]), []).append(ring + shift)
    return [Polygon(ring, tuple(holes.get(part, ()))) for part, ring in outers.items()]


def _rings(inside: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    """All outlines of a mask with an empty border, as corners (x, y); the object on the right."""
    a, b = inside[:-1, :-1], inside[:-1, 1:]  # above each inner corner of the pixel grid
    c, d = inside[1:, :-1], inside[1:, 1:]  # below it
    turns = (a ^ b ^ c ^ d) | ((a == d) & (b == c) & (a != b))
    ys, xs = np.nonzero(turns)
    # Where two pixels touch by a corner alone, two outlines pass: the corner becomes two nodes,
    # the first the end of the edge from the left, the second the start of the edge to the right.
    crossing = (a[ys, xs] == d[ys, xs]) & (b[ys, xs] == c[ys, xs])
    copies = np.where(crossing, 2, 1)
    y, x = np.repeat(ys, copies), np.repeat(xs, copies)
    second = np.arange(len(x)) - np.repeat(np.cumsum(copies) - copies, copies)
    # Of the vertical edges there, the left node takes the upper one if the upper left pixel is
    # set, so that each pixel is walked around and parts stay connected by edges only.
    falling = np.repeat(crossing & a[ys, xs], copies)
    order = np.where(np.repeat(crossing, copies), np.where(falling, second, 1 - second), 0)
    # In each row, corners pair up as the ends of horizontal edges; in each column of vertical ones.
    across = np.arange(len(x)) ^ 1
    by_column = np.lexsort((order, y, x))
    along = np.empty_like(by_column)
    along[by_column] = by_column[np.arange(len(x)) ^ 1]
    corners = np.stack([x + 1, y + 1], axis=1)
    return [corners[ring] for ring in _walk(across.tolist(), along.tolist(), inside, corners)]


def _walk(
    across: list[int], along: list[int], inside: NDArray[np.bool_], corners: NDArray[np.intp]
) -> list[list[int]]:
    """Nodes of each ring, taking a horizontal and a vertical edge in turn."""
    seen = bytearray(len(across))
    below = inside[corners[:, 1], corners[:, 0]].tolist()  # the pixel to the lower right
    rings = []
    for start in range(len(across)):
        if seen[start]:
            continue
        # An outer ring leaves its first corner to the right, a hole's downwards.
        first, then = (across, along) if below[start] else (along, across)
        ring = []
        node = start
        while not seen[node]:
            other = first[node]
            seen[node] = seen[other] = 1
            ring += [node, other]
            node = then[other]
        rings.append(ring)
    return rings


def simplified(
    polygons: Sequence[Polygon], *, tolerance_px: float, mask: NDArray[np.bool_], box: Box
) -> list[Polygon]:
    """Outlines with fewer vertices, none further than `tolerance_px` from the exact ones.

    What is left is compared with the mask: if its IoU is below `MINIMUM_IOU`, as it would be for
    small and thin objects, half the tolerance is tried, then the exact outlines are returned.

    Args:
        polygons: from `trace`.
        mask: (H, W) bool, what was traced.
        box: its box.
    """
    inside = mask[box.slices]
    for tolerance in (tolerance_px, tolerance_px / 2):
        if tolerance <= 0:
            break
        fewer = [
            Polygon(
                _fewer_vertices(polygon.outer, tolerance),
                tuple(_fewer_vertices(hole, tolerance) for hole in polygon.holes),
            )
            for polygon in polygons
        ]
        filled = fill(fewer, box)
        union = np.count_nonzero(filled | inside)
        if np.count_nonzero(filled & inside) >= MINIMUM_IOU * union:
            return fewer
    return list(polygons)


def _fewer_vertices(ring: NDArray[np.float64], tolerance_px: float) -> NDArray[np.float64]:
    """Douglas and Peucker's rule; the ring itself where it would collapse."""
    origin = ring[0]
    kept = cv2.approxPolyDP((ring - origin).astype(np.float32), tolerance_px, closed=True)[:, 0]
    return kept.astype(np.float64) + origin if len(kept) >= 3 else ring


def fill(polygons: Sequence[Polygon], box: Box) -> NDArray[np.bool_]:
    """The pixels of a box whose centres lie inside an odd number of rings.

    Returns:
        (box.height, box.width) bool.
    """
    # One bit where each row crosses an edge; running along the row then tells inside from outside.
    crossings = np.zeros((box.height, box.width + 1), np.bool_)
    for polygon in polygons:
        for ring in polygon.rings:
            start = ring - (box.x0, box.y0)
            end = np.roll(start, -1, axis=0)
            # From its upper end, whichever way it is walked: an edge walked both ways is none.
            upward = (end[:, 1] < start[:, 1])[:, None]
            start, end = np.where(upward, end, start), np.where(upward, start, end)
            first = np.clip(np.ceil(start[:, 1]), 0, box.height).astype(np.intp)
            counts = np.clip(np.ceil(end[:, 1]), 0, box.height).astype(np.intp) - first
            edge = np.repeat(np.arange(len(ring)), counts)
            rows = (
                np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts) + first[edge]
            )
            slope = (end[edge, 0] - start[edge, 0]) / (end[edge, 1] - start[edge, 1])
            x = start[edge, 0] + (rows - start[edge, 1]) * slope
            columns = np.clip(np.ceil(x), 0, box.width).astype(np.intp)
            np.logical_xor.at(crossings, (rows, columns), True)
    return np.logical_xor.accumulate(crossings, axis=1)[:, :-1]
