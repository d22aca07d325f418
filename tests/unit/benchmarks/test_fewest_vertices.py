from __future__ import annotations

import numpy as np
from scripted_annotator.fewest_vertices import FewestVertices


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


def test_a_hole_is_cut_out_by_a_polygon_of_its_own() -> None:
    truth = square()
    truth[30:50, 40:60] = False  # 400 of 1,600 pixels
    drawing = FewestVertices(truth, None, 0.95).perfectly_placed()
    assert [ring.hole for ring in drawing.rings] == [False, True]
    assert drawing.vertices <= 8


def test_vertices_on_the_outline_are_as_many_or_more() -> None:
    truth = blank()
    rows, columns = np.indices(truth.shape)
    truth |= np.hypot(rows - 40, columns - 50) < 30
    search = FewestVertices(truth, None, 0.9)
    on_the_outline = search.on_the_outline()
    assert on_the_outline.iou >= 0.9
    assert on_the_outline.vertices >= search.perfectly_placed().vertices


def test_a_hand_that_misses_needs_no_fewer_vertices() -> None:
    search = FewestVertices(square(), None, 0.85)
    for missed, exact in (
        (
            search.perfectly_placed_missing_by(3, np.random.default_rng(0)),
            search.perfectly_placed(),
        ),
        (search.on_the_outline_missing_by(3, np.random.default_rng(0)), search.on_the_outline()),
    ):
        assert missed is not None
        assert missed.iou >= 0.85
        assert missed.vertices >= exact.vertices


def test_what_no_such_hand_can_draw_is_none() -> None:
    truth = blank()
    truth[30:34, 30:34] = True
    search = FewestVertices(truth, None, 0.95)
    assert search.perfectly_placed_missing_by(30, np.random.default_rng(0)) is None
    assert search.on_the_outline_missing_by(30, np.random.default_rng(0)) is None
