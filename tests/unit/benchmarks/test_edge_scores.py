from __future__ import annotations

import numpy as np
import pytest
from scripted_annotator.edge_scores import EdgeScores

# A square of 10 x 10 pixels: its outline runs along the pixels' edges.
TRUTH = np.zeros((30, 40), np.bool_)
TRUTH[10:20, 10:20] = True
OUTLINE = np.array([[9.5, 9.5], [19.5, 9.5], [19.5, 19.5], [9.5, 19.5]])


def test_the_exact_outline_scores_its_area() -> None:
    scores = EdgeScores.of(TRUTH, None, 0.85)
    assert scores.of_ring(OUTLINE) == pytest.approx(1.85 * 100 - 0.85 * 100)
    assert scores.wanted == pytest.approx(85)


def test_area_beside_the_object_costs_the_wanted_iou() -> None:
    scores = EdgeScores.of(TRUTH, None, 0.5)
    twice_as_wide = OUTLINE.copy()
    twice_as_wide[1:3, 0] += 10
    assert scores.of_ring(twice_as_wide) == pytest.approx(1.5 * 100 - 0.5 * 200)
    assert scores.of_ring(twice_as_wide) == pytest.approx(scores.wanted)  # IoU is exactly 0.5


def test_a_ring_the_other_way_around_scores_the_opposite() -> None:
    scores = EdgeScores.of(TRUTH, None, 0.85)
    assert scores.of_ring(OUTLINE[::-1]) == pytest.approx(-100)


def test_void_has_no_area() -> None:
    void = np.zeros_like(TRUTH)
    void[:, 20:] = True
    wide = OUTLINE.copy()
    wide[1:3, 0] += 10
    assert EdgeScores.of(TRUTH, void, 0.85).of_ring(wide) == pytest.approx(100)


def test_edges_beyond_the_image_count_only_inside() -> None:
    truth = np.ones((10, 10), np.bool_)
    ring = np.array([[-5.5, -5.5], [14.5, -5.5], [14.5, 14.5], [-5.5, 14.5]])
    assert EdgeScores.of(truth, None, 0.85).of_ring(ring) == pytest.approx(100, rel=0.1)


def test_cutting_out_gains_what_painting_loses() -> None:
    scores = EdgeScores.of(TRUTH, None, 0.85)
    assert scores.negative().of_ring(OUTLINE) == pytest.approx(-scores.of_ring(OUTLINE))
