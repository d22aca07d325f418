from __future__ import annotations

import numpy as np
from scripted_annotator.drawing import Ring, painted, parts_of, window

from extremecut.geometry.boxes import Box


def square(low: float, high: float) -> np.ndarray:
    return np.array([[low, low], [high, low], [high, high], [low, high]])


def test_overlapping_polygons_are_painted_once_and_holes_cut_out() -> None:
    ring = Ring(square(-0.5, 3.5))
    assert painted([ring, ring], (6, 6)).sum() == 16
    hole = Ring(square(0.5, 2.5), hole=True)
    assert painted([hole, ring], (6, 6)).sum() == 12


def test_parts_come_before_holes_and_specks_are_left_out() -> None:
    truth = np.zeros((40, 60), np.bool_)
    truth[5:35, 5:35] = True
    truth[15:25, 15:25] = False
    truth[5:15, 40:50] = True
    truth[38, 58] = True
    parts = parts_of(truth)
    assert [(part.mask.sum(), part.hole) for part in parts] == [
        (800, False),
        (100, False),
        (100, True),
    ]


def test_a_window_may_reach_beyond_the_image() -> None:
    mask = np.ones((4, 4), np.bool_)
    part = window(mask, Box(-1, 2, 3, 6))
    assert part.shape == (4, 4)
    assert part[:2, 1:].all() and part.sum() == 6
