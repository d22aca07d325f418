"""labelme's shapes, one at a time."""

from __future__ import annotations

from typing import Any

import pytest

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.errors import DataError
from extremecut.interchange.labelme_shapes import SHAPE_READERS
from extremecut.interchange.limits import Allowance

PHOTO_HW = (4, 6)


def mask_of(kind: str, points: Any) -> MaskRuns:
    shape = {"shape_type": kind, "points": points}
    return SHAPE_READERS[kind](
        shape, "in.json, shapes[0]", PHOTO_HW, Allowance(PHOTO_HW, "in.json")
    )


def test_a_rectangle_is_the_polygon_of_its_four_corners() -> None:
    corners = [[1, 1], [4, 1], [4, 3], [1, 3]]
    assert mask_of("rectangle", [[4, 3], [1, 1]]) == mask_of("polygon", corners)
    assert mask_of("rectangle", corners) == MaskRuns((1, 1, 4, 3), (0, 6))


@pytest.mark.parametrize("kind", ["rectangle", "circle"])
def test_two_points_are_needed(kind: str) -> None:
    with pytest.raises(DataError, match=f"a {kind} needs two points, .*, got 1"):
        mask_of(kind, [[1, 1]])


def test_a_mask_needs_the_corners_of_its_box() -> None:
    with pytest.raises(DataError, match="two points near the photo"):
        mask_of("mask", [[1, 1], [99, 99]])
