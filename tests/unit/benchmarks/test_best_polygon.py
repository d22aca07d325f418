from __future__ import annotations

import numpy as np
import pytest
from scripted_annotator.best_polygon import best_polygons, outer_outline, refined
from scripted_annotator.edge_scores import EdgeScores

SQUARE = np.zeros((60, 60), np.bool_)
SQUARE[15:45, 15:45] = True


def test_an_outline_runs_clockwise_as_seen() -> None:
    ring = outer_outline(SQUARE)
    x, y = ring.T
    assert np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) > 0
    assert ring.min() == 15 and ring.max() == 44


def test_four_vertices_hold_a_square() -> None:
    scores = EdgeScores.of(SQUARE, None, 0.9)
    found = best_polygons(SQUARE, scores, most=5)
    assert set(found.rings) == {3, 4, 5}
    assert found.scores[4] == pytest.approx(900, rel=0.06)
    assert found.scores[3] < 0.8 * 900


def test_refining_finds_the_corners() -> None:
    scores = EdgeScores.of(SQUARE, None, 0.9)
    rough = np.array([[17.0, 13.0], [46.0, 16.0], [42.0, 46.0], [14.0, 42.0]])
    ring = refined(rough, scores, first_step_px=4)
    assert scores.of_ring(ring) > 0.98 * 900 > scores.of_ring(rough)
    corners = np.array([[14.5, 14.5], [44.5, 14.5], [44.5, 44.5], [14.5, 44.5]])
    assert np.abs(ring - corners).max() < 1
