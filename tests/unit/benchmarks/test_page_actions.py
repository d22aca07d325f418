from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted_annotator.page_actions import Stroke, fill_holes, grow, keep_largest, shrink


def drawn(*rows: str) -> np.ndarray:
    return np.array([[letter == "#" for letter in row] for row in rows])


def test_a_dab_of_radius_1_is_a_plus() -> None:
    dab = Stroke(np.array([[2.0, 2.0]]), 1).touched((5, 5))
    assert (dab == drawn(".....", "..#..", ".###.", "..#..", ".....")).all()


def test_the_thinnest_brush_leaves_the_nearest_pixel() -> None:
    dab = Stroke(np.array([[1.4, 0.6]]), 0.1).touched((3, 3))
    assert (dab == drawn("...", ".#.", "...")).all()


def test_a_stroke_outside_the_image_changes_nothing() -> None:
    assert not Stroke(np.array([[-9.0, -9.0], [-9.0, 20.0]]), 3).touched((10, 10)).any()


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.floats(-5, 20), st.floats(-5, 20)), min_size=1, max_size=4),
    st.floats(0.75, 6),
)
def test_a_stroke_touches_what_is_within_its_radius(
    path: list[tuple[float, float]], radius_px: float
) -> None:
    touched = Stroke(np.array(path), radius_px).touched((16, 16))
    centres = np.indices((16, 16))[::-1].astype(np.float64)
    ways = zip([path[0], *path], [*path, path[-1]], strict=True)
    away = np.min([distance(centres, start, end) for start, end in ways], axis=0)
    clear = np.abs(away - radius_px) > 1e-6  # at the very edge the last bits of a float decide
    assert (touched == (away < radius_px))[clear].all()


def distance(
    centres: np.ndarray, start: tuple[float, float], end: tuple[float, float]
) -> np.ndarray:
    (ax, ay), (bx, by) = start, end
    length = (bx - ax) ** 2 + (by - ay) ** 2
    dot = (centres[0] - ax) * (bx - ax) + (centres[1] - ay) * (by - ay)
    share = np.clip(dot / length, 0, 1) if length else 0.0
    return np.hypot(centres[0] - ax - share * (bx - ax), centres[1] - ay - share * (by - ay))


def test_the_eraser_takes_away_and_the_brush_adds() -> None:
    path = np.array([[0.0, 1.0], [4.0, 1.0]])
    full, none = np.ones((3, 5), np.bool_), np.zeros((3, 5), np.bool_)
    line = drawn(".....", "#####", ".....")
    assert (Stroke(path, 0.5).applied(none) == line).all()
    assert (Stroke(path, 0.5, erase=True).applied(full) == ~line).all()


def test_a_hole_is_background_that_cannot_leave_over_edges_or_corners() -> None:
    assert (fill_holes(drawn("###", "#.#", "###")) == drawn("###", "###", "###")).all()
    open_at_a_corner = drawn("###.", "#.#.", "##..")
    assert (fill_holes(open_at_a_corner) == open_at_a_corner).all()


def test_parts_that_touch_by_a_corner_are_two() -> None:
    assert (keep_largest(drawn("##..", "##..", "..#.")) == drawn("##..", "##..", "....")).all()


def test_growing_adds_what_touches_by_an_edge() -> None:
    assert (grow(drawn("...", ".#.", "...")) == drawn(".#.", "###", ".#.")).all()


def test_shrinking_leaves_the_frame_alone() -> None:
    assert (shrink(drawn("##..", "##..", "##..")) == drawn("#...", "#...", "#...")).all()
