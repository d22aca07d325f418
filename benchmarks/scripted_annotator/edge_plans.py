"""The edges a person would redraw: along the object's true outline beside what is wrong."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from scripted_annotator.edge_stroke import EdgeStroke, Sides
from scripted_annotator.page_actions import Mask
from scripted_annotator.stroke_plans import with_few_bends

MOST_REGIONS = 3
"""Of the wrong pieces, the largest."""
RUN_UP_PX = 4.0
"""The line begins and ends so far beside what is wrong."""
LENGTHENED = (0.0, 0.5, 1.0)
"""Lines tried: longer at each end by these shares, to put right what is wrong beside it too."""
LONGEST = 0.9
"""Share of a whole outline: a line that would close is not drawn in one go."""


def edge_plans(mask: Mask, truth: Mask, known: Mask, open_sides: Sides) -> Iterator[EdgeStroke]:
    """Lines beside the largest pieces that are missing or too much.

    Args:
        mask: (H, W) bool, what the page shows.
        truth, known: (H, W) bool; what is not known is right either way.
        open_sides: of the window, see `EdgeStroke`.
    """
    rings = _rings(truth)
    for region in _regions((mask != truth) & known):
        near = cv2.dilate(region.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        for ring in rings:
            touched = near[ring[:, 1], ring[:, 0]]
            if not touched.any():
                continue
            start, length = _shortest_way_round(touched)
            for share in LENGTHENED:
                run_up = round(RUN_UP_PX + share * length)
                pixels = length + 2 * run_up
                if pixels > LONGEST * len(ring):
                    break
                along = (start - run_up + np.arange(pixels)) % len(ring)
                yield EdgeStroke(with_few_bends(ring[along], 0.75, growth=1.3), open_sides)


def _rings(truth: Mask) -> list[NDArray[np.int32]]:
    found, _ = cv2.findContours(truth.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    return [np.asarray(ring[:, 0], np.int32) for ring in found]


def _regions(wrong: Mask) -> Iterator[Mask]:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(wrong.astype(np.uint8), connectivity=8)
    for label in 1 + np.argsort(-stats[1:, cv2.CC_STAT_AREA], kind="stable")[:MOST_REGIONS]:
        yield np.asarray(labels == label)


def _shortest_way_round(touched: NDArray[np.bool_]) -> tuple[int, int]:
    """(first, length) of the shortest stretch of a ring that holds all the places touched."""
    places = np.flatnonzero(touched)
    gaps = np.diff(np.append(places, places[0] + len(touched)))
    widest = int(gaps.argmax())
    first = int(places[(widest + 1) % len(places)])
    return first, len(touched) - int(gaps[widest]) + 1
