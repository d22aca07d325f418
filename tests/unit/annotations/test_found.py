from __future__ import annotations

import numpy as np

from extremecut.annotations.found import FoundObject, left_top_right_bottom
from extremecut.geometry.boxes import Box


def test_the_part_inside_the_box_is_a_view() -> None:
    mask = np.zeros((5, 6), bool)
    mask[1:3, 2:5] = True
    found = FoundObject(mask, Box.around_mask(mask), np.zeros((4, 2)))
    assert found.inside.shape == (2, 3) and np.shares_memory(found.inside, mask)
    assert found.area_px == 6


def test_an_empty_object_has_no_inside() -> None:
    found = FoundObject(np.zeros((5, 6), bool), None, np.zeros((4, 2)))
    assert found.inside.shape == (0, 0) and found.area_px == 0


def test_the_extremes_are_found_among_any_points() -> None:
    points = np.array([[5.0, 9], [9, 5], [4, 4], [1, 5], [5, 1], [6, 6]])
    assert left_top_right_bottom(points).tolist() == [[1, 5], [5, 1], [9, 5], [5, 9]]
    diagonal = np.array([[1.0, 1], [1, 1], [7, 7], [7, 7]])
    assert left_top_right_bottom(diagonal).tolist() == [[1, 1], [1, 1], [7, 7], [7, 7]]
