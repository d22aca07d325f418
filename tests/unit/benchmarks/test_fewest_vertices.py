from __future__ import annotations

import numpy as np
from scripted_annotator.fewest_vertices import FewestVertices, painted


def blank() -> np.ndarray:
    return np.zeros((80, 100), np.bool_)


def square() -> np.ndarray:
    truth = blank()
    truth[20:60, 30:70] = True
    return truth


def test_a_square_takes_four_vertices() -> None:
    drawing = FewestVertices(square(), None, 0.95).perfectly_placed()
    assert drawing.vertices == 4
    assert drawing.iou >= 0.95


def test_a_triangle_is_enough_for_a_low_wish() -> None:
    assert FewestVertices(square(), None, 0.6).perfectly_placed().vertices == 3


def test_parts_take_a_polygon_each_unless_the_wish_does_without() -> None:
    truth = square()
    truth[20:40, 80:90] = True  # 200 of 1,800 pixels
    both = FewestVertices(truth, None, 0.95).perfectly_placed()
    assert len(both.rings) == 2
    assert both.vertices <= 8  # seven: a triangle does for the small one
    one = FewestVertices(truth, None, 0.85).perfectly_placed()
    assert (len(one.rings), one.vertices) == (1, 4)


def test_void_is_not_drawn_around() -> None:
    truth = square()
    void = blank()
    truth[:20, 30:50] = void[:20, 30:50] = True  # a tower, all uncertain
    assert FewestVertices(truth, void, 0.95).perfectly_placed().vertices == 4


def test_an_object_cut_by_the_frame_may_be_drawn_beyond_it() -> None:
    truth = blank()
    truth[40:, :] = True
    drawing = FewestVertices(truth, None, 0.97).perfectly_placed()
    assert drawing.vertices <= 4


def test_a_hand_that_misses_needs_no_fewer_vertices() -> None:
    search = FewestVertices(square(), None, 0.85)
    missed = search.missing_by(3, np.random.default_rng(0))
    assert missed is not None
    assert missed.iou >= 0.85
    assert missed.vertices >= search.perfectly_placed().vertices


def test_what_no_such_hand_can_draw_is_none() -> None:
    truth = blank()
    truth[30:34, 30:34] = True
    assert FewestVertices(truth, None, 0.95).missing_by(30, np.random.default_rng(0)) is None


def test_overlapping_polygons_are_painted_once() -> None:
    ring = np.array([[-0.5, -0.5], [3.5, -0.5], [3.5, 3.5], [-0.5, 3.5]])
    assert painted((ring, ring), (6, 6)).sum() == 16
