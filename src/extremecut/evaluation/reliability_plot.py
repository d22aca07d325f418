"""The reliability plot: what the confidence promised against what came."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from extremecut.evaluation.sheet import sheet_of, write
from extremecut.evaluation.statistics import Reliability

PANEL_PX = 300
SIDE_PX = 220
LEFT_PX, TOP_PX = 46, 44
COLUMNS = 4

_PAPER = (255, 255, 255)
_INK = (40, 40, 40)
_GRID = (225, 225, 225)
_DIAGONAL = (160, 160, 160)
_BAR = (70, 120, 200)


def reliability_plot(
    panels: Sequence[tuple[str, Reliability]], *, columns: int = COLUMNS
) -> NDArray[np.uint8]:
    """A panel for each (title, reliability): mean IoU over confidence, in tenths.

    On the diagonal the confidence is right; above it the masks are better than promised. Discs
    grow with the number of objects.

    Returns:
        (H, W, 3) uint8 RGB; one line of text without panels.
    """
    if not panels:
        sheet = np.full((40, PANEL_PX, 3), _PAPER, np.uint8)
        write(sheet, "no confidence to plot", (10, 24), ink_rgb=_INK)
        return sheet
    drawn = [_panel(title, found) for title, found in panels]
    return sheet_of(drawn, columns=columns, back_rgb=_PAPER)


def _panel(title: str, found: Reliability) -> NDArray[np.uint8]:
    panel = np.full((PANEL_PX, PANEL_PX, 3), _PAPER, np.uint8)
    rank = "-" if found.spearman is None else f"{found.spearman:.2f}"
    write(panel, f"{title}: {found.count} objects", (LEFT_PX, 16), ink_rgb=_INK)
    write(
        panel,
        f"Spearman {rank}, mean |conf - IoU| {found.mean_difference:.3f}",
        (8, 34),
        ink_rgb=_INK,
    )
    for step in range(6):
        value = step / 5
        cv2.line(panel, _place(value, 0), _place(value, 1), _GRID, 1)
        cv2.line(panel, _place(0, value), _place(1, value), _GRID, 1)
        x, y = _place(value, 0)
        write(panel, f"{value:.1f}", (x - 10, y + 14), ink_rgb=_INK)
        x, y = _place(0, value)
        write(panel, f"{value:.1f}", (x - 28, y + 4), ink_rgb=_INK)
    write(panel, "confidence", (LEFT_PX + 72, PANEL_PX - 6), ink_rgb=_INK)
    write(panel, "IoU", (4, TOP_PX + SIDE_PX // 2 + 4), ink_rgb=_INK)
    cv2.line(panel, _place(0, 0), _place(1, 1), _DIAGONAL, 1, cv2.LINE_AA)
    places = [_place(b.mean_confidence, b.mean_iou) for b in found.bins]
    cv2.polylines(panel, [np.array(places, np.int32)], False, _BAR, 1, cv2.LINE_AA)
    for place, filled in zip(places, found.bins, strict=True):
        radius = 2 + round(12 * math.sqrt(filled.count / found.count))
        cv2.circle(panel, place, radius, _BAR, 2, cv2.LINE_AA)
        cv2.circle(panel, place, 2, _BAR, -1, cv2.LINE_AA)
    return panel


def _place(x: float, y: float) -> tuple[int, int]:
    return (LEFT_PX + round(x * SIDE_PX), TOP_PX + round((1 - y) * SIDE_PX))
