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
    inside = np.zeros((box.height + 2, box.width + 2), np.bool_)
    inside[1:-1, 1:-1] = mask[box.slices]
    # Corner (x, y) of the padded array is at (x - 1.5, y - 1.5) of the unpadded one.
    shift = np.array([box.x0 - 1.5, box.y0 - 1.5])
    outers: list[tuple[int, int, NDArray[np.float64]]] = []
    holes: list[tuple[int, int, NDArray[np.float64]]] = []
    for ring in _rings(inside):
        # Below a ring's top-most, then left-most corner lies the object, or it is a hole.
        x, y = ring[0].tolist()
        if inside[y, x]:
            outers.append((x, y, ring + shift))
        else:
            holes.append((x, y - 1, ring + shift))
    if len(outers) == 1:
        return [Polygon(outers[0][2], tuple(ring for _, _, ring in holes))]
    holes_of: dict[int, list[NDArray[np.float64]]] = {}
    if not holes:
        return [Polygon(ring) for _, _, ring in outers]
    _, parts = cv2.connectedComponents(inside.view(np.uint8), connectivity=4)
    for x, y, hole in holes:
        holes_of.setdefault(int(parts[y, x]), []).append(hole)
    return [Polygon(ring, tuple(holes_of.get(int(parts[y, x]), ()))) for x, y, ring in outers]


def _rings(inside: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    """All outlines of a mask with an empty border, as corners (x, y); the object on the right."""
    above = inside[:-1]
    level = above ^ inside[1:]  # the horizontal edges
    left, right = level[:, :-1], level[:, 1:]  # of each inner corner of the pixel grid
    crossings = left & right & (above[:, :-1] ^ above[:, 1:])
    places = np.flatnonzero((left ^ right) | crossings)
    ys, xs = np.divmod(places, crossings.shape[1])
    crossing = crossings.ravel()[places]
    if crossing.any():
        x, y, by_column = _nodes(inside, xs, ys, crossing)
    else:
        x, y, by_column = xs, ys, np.argsort(xs, kind="stable")
    # In each row, corners pair up as the ends of horizontal edges; in each column of vertical ones.
    across = np.arange(len(x)) ^ 1
    along = np.empty_like(by_column)
    along[by_column] = by_column[across]
    corners = np.stack([x + 1, y + 1], axis=1)
    return [corners[ring] for ring in _walk(across.tolist(), along.tolist(), inside, corners)]


def _nodes(
    inside: NDArray[np.bool_],
    xs: NDArray[np.intp],
    ys: NDArray[np.intp],
    crossing: NDArray[np.bool_],
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """The corners' x and y with those twice where outlines cross, and their order by column."""
    # Where two pixels touch by a corner alone, two outlines pass: the corner becomes two nodes,
    # the first the end of the edge from the left, the second the start of the edge to the right.
    copies = np.where(crossing, 2, 1)
    y, x = np.repeat(ys, copies), np.repeat(xs, copies)
    second = np.arange(len(x)) - np.repeat(np.cumsum(copies) - copies, copies)
    # Of the vertical edges there, the left node takes the upper one if the upper left pixel is
    # set, so that each pixel is walked around and parts stay connected by edges only.
    falling = np.repeat(crossing & inside[ys, xs], copies)
    order = np.where(np.repeat(crossing, copies), np.where(falling, second, 1 - second), 0)
    return x, y, np.lexsort((order, y, x))


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
    area = np.count_nonzero(inside)
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
        common = np.count_nonzero(filled & inside)
        if common >= MINIMUM_IOU * (area + np.count_nonzero(filled) - common):
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
    crossings = np.zeros(box.height * (box.width + 1), np.uint8)
    for polygon in polygons:
        for ring in polygon.rings:
            start = ring - (box.x0, box.y0)
            end = np.concatenate([start[1:], start[:1]])
            # From its upper end, whichever way it is walked: an edge walked both ways is none.
            upward = end[:, 1] < start[:, 1]
            top, bottom = np.minimum(start[:, 1], end[:, 1]), np.maximum(start[:, 1], end[:, 1])
            first = np.minimum(np.maximum(np.ceil(top), 0), box.height).astype(np.intp)
            counts = np.minimum(np.maximum(np.ceil(bottom), 0), box.height).astype(np.intp) - first
            edges = np.flatnonzero(counts)
            top, bottom, first, counts = top[edges], bottom[edges], first[edges], counts[edges]
            start_x, end_x, upward = start[edges, 0], end[edges, 0], upward[edges]
            left = np.where(upward, end_x, start_x)
            slope = (np.where(upward, start_x, end_x) - left) / (bottom - top)
            skipped = np.cumsum(counts) - counts - first
            edge = np.repeat(np.arange(len(edges)), counts)
            rows = np.arange(len(edge)) - skipped[edge]
            x = left[edge] + (rows - top[edge]) * slope[edge]
            columns = np.minimum(np.maximum(np.ceil(x), 0), box.width).astype(np.intp)
            np.add.at(crossings, rows * (box.width + 1) + columns, np.uint8(1))
    odd = (crossings & 1).view(np.bool_).reshape(box.height, box.width + 1)
    return np.logical_xor.accumulate(odd, axis=1)[:, :-1]
