"""The best polygon of k vertices around one connected part of an object, for every k.

First the best choice among points on and beside the part's outline, by dynamic programming over
chains of vertices in the outline's order; then each vertex is moved to where it serves best.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scripted_annotator.edge_scores import EdgeScores, Points

OFFSETS = (-0.03, 0.0, 0.03, 0.07)
"""Where candidate vertices lie outside the outline, as shares of the square root of the area."""
SPACING_LIMITS = (24, 64)
"""At least and at most so many positions along an outline."""
SWEEPS = 8
"""How often each vertex may move by each step."""
ROUNDS = 3
"""How often the chain is started anew, at a vertex of the chain before."""
DIRECTIONS = np.array(
    [(np.cos(angle), np.sin(angle)) for angle in np.arange(8) * np.pi / 4], np.float64
)


@dataclass(frozen=True)
class PartPolygons:
    """Polygons around one part, by their number of vertices."""

    rings: dict[int, Points]
    """Vertices -> (vertices, 2)."""
    scores: dict[int, float]
    """Vertices -> score, see `EdgeScores`."""


def outer_outline(part: NDArray[np.bool_]) -> Points:
    """(N, 2) boundary pixels of the largest outline of a mask, clockwise as seen."""
    found, _ = cv2.findContours(part.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    ring = max(found, key=len)[:, 0].astype(np.float64)
    x, y = ring.T
    area = float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
    return ring if area >= 0 else ring[::-1].copy()


def candidates(part: NDArray[np.bool_]) -> Points:
    """(positions, offsets, 2): where vertices may stand, in the outline's order."""
    ring = outer_outline(part)
    count = int(np.clip(len(ring) / 3, *SPACING_LIMITS))
    even = np.linspace(0, len(ring), count, endpoint=False).astype(int)
    corners = cv2.approxPolyDP(ring.astype(np.float32), 0.02 * np.sqrt(part.sum()), True)[:, 0]
    keys = {tuple(point): index for index, point in enumerate(ring.tolist())}
    sharp = [keys[tuple(corner)] for corner in corners.tolist()][: SPACING_LIMITS[1]]
    chosen = np.unique(np.concatenate([even, np.array(sharp, int)]))
    reach = max(1, len(ring) // 40)
    ahead, behind = ring[(chosen + reach) % len(ring)], ring[(chosen - reach) % len(ring)]
    along = ahead - behind
    length = np.maximum(np.hypot(*along.T), 1e-6)[:, None]
    outward = np.stack([along[:, 1], -along[:, 0]], axis=1) / length
    steps = np.array(OFFSETS) * np.sqrt(part.sum()) + 0.5  # the edge of the boundary pixels
    return ring[chosen][:, None, :] + steps[None, :, None] * outward[:, None, :]


def best_polygons(part: NDArray[np.bool_], scores: EdgeScores, *, most: int) -> PartPolygons:
    """The best polygons found with 3 to `most` vertices.

    Args:
        part: (H, W) bool, one connected part, not empty.
        most: >= 3.
    """
    points = candidates(part)
    positions, offsets = points.shape[:2]
    table = _chords(points, scores)
    rings: dict[int, Points] = {}
    found: dict[int, float] = {}
    start = 0
    for _ in range(ROUNDS):
        chains, totals = _chains(table, start, positions, offsets, most)
        for count, chain in chains.items():
            if totals[count] > found.get(count, -np.inf):
                found[count] = totals[count]
                rings[count] = points.reshape(-1, 2)[chain]
        middle = (
            chains[max(chains)] if len(chains) == 1 else chains[sorted(chains)[len(chains) // 2]]
        )
        start = int(middle[len(middle) // 2]) // offsets
    return PartPolygons(rings, found)


def _chords(points: Points, scores: EdgeScores) -> NDArray[np.float32]:
    """(nodes, nodes): scores of the edges from each candidate to each other."""
    flat = points.reshape(-1, 2)
    nodes = len(flat)
    table = np.zeros((nodes, nodes), np.float32)
    rows, columns = np.triu_indices(nodes, 1)
    for begin in range(0, len(rows), 1 << 15):
        part = slice(begin, begin + (1 << 15))
        table[rows[part], columns[part]] = scores.between(flat[rows[part]], flat[columns[part]])
    return table - table.T


def _chains(
    table: NDArray[np.float32], start: int, positions: int, offsets: int, most: int
) -> tuple[dict[int, NDArray[np.intp]], dict[int, float]]:
    """The best closed chains that begin at position `start` and go once around.

    Returns:
        Vertices -> node numbers, vertices -> score.
    """
    nodes = positions * offsets
    order = np.roll(np.arange(nodes), -start * offsets)
    turned = table[np.ix_(order, order)]
    place = np.arange(nodes) // offsets
    forward = np.where(place[:, None] < place[None, :], turned, -np.inf).astype(np.float32)
    back = turned[:, :offsets]  # closing edges
    chains: dict[int, NDArray[np.intp]] = {}
    totals: dict[int, float] = {}
    value = np.full((offsets, nodes), -np.inf, np.float32)
    value[np.arange(offsets), np.arange(offsets)] = 0
    steps: list[NDArray[np.intp]] = []
    by_end = np.ascontiguousarray(forward.T)
    for count in range(2, min(most, positions) + 1):
        previous = np.empty((offsets, nodes), np.intp)
        following = np.empty_like(value)
        for first in range(offsets):
            reached = by_end + value[first]
            previous[first] = reached.argmax(axis=1)
            following[first] = reached[np.arange(nodes), previous[first]]
        steps.append(previous)
        value = following
        if count < 3:
            continue
        closed = value + back.T
        first, last = divmod(int(closed.argmax()), nodes)
        totals[count] = float(closed[first, last])
        chain = [last]
        for previous in reversed(steps):
            chain.append(int(previous[first, chain[-1]]))
        chains[count] = order[np.array(chain[::-1])]
    return chains, totals


def refined(ring: Points, scores: EdgeScores, *, first_step_px: float) -> Points:
    """Each vertex moved as long as the score grows, by steps down to a twelfth of the first."""
    ring = ring.copy()
    # Vertices with no edge in common move at the same time.
    last_alone = len(ring) - len(ring) % 2
    groups = [np.arange(0, last_alone, 2), np.arange(1, last_alone, 2)]
    if len(ring) % 2:
        groups.append(np.array([last_alone]))
    step = first_step_px
    while step > first_step_px / 12:
        for _ in range(SWEEPS):
            moved = [_move(ring, group, scores, step) for group in groups]
            if not any(moved):
                break
        step /= 2
    return ring


def _move(ring: Points, group: NDArray[np.intp], scores: EdgeScores, step_px: float) -> bool:
    """Moves some vertices in place, each to the best of the places around it."""
    places = np.concatenate([ring[group][None], ring[group] + step_px * DIRECTIONS[:, None]])
    before = np.broadcast_to(ring[group - 1], places.shape)
    after = np.broadcast_to(ring[(group + 1) % len(ring)], places.shape)
    gains = scores.between(before, places) + scores.between(places, after)
    best = gains.argmax(axis=0)
    every = np.arange(len(group))
    better = gains[best, every] > gains[0] + 1e-3
    ring[group[better]] = places[best, every][better]
    return bool(better.any())
