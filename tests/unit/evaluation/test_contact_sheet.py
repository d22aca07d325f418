from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from extremecut.evaluation.contact_sheet import (
    CAPTION_PX,
    COLUMNS,
    POINT_RGB,
    PREDICTED_RGB,
    TILE_PX,
    TRUTH_RGB,
    Case,
    contact_sheet,
    tile,
    worst_rows,
)
from extremecut.evaluation.evaluate import ObjectRow

TILE_HEIGHT = TILE_PX + CAPTION_PX


def case(*, predicted: bool = True, void: bool = False) -> Case:
    truth = np.zeros((60, 80), bool)
    truth[20:40, 20:60] = True
    found = np.zeros_like(truth)
    found[25:45, 20:60] = predicted
    points = np.array([[20.0, 30], [40, 20], [59, 30], [40, 39]])
    image = np.full((60, 80, 3), 100, np.uint8)
    image.flags.writeable = False
    return Case(image, truth, found, ~truth if void else None, points, ("IoU 60", "größe"))


def has_colour(picture: np.ndarray, colour: tuple[int, int, int]) -> bool:
    return bool((np.abs(picture.astype(int) - colour).max(axis=2) < 60).any())


def test_a_tile_shows_both_outlines() -> None:
    picture = tile(case())

    assert picture.shape == (TILE_HEIGHT, TILE_PX, 3)
    assert has_colour(picture, TRUTH_RGB)
    assert has_colour(picture, PREDICTED_RGB)


def test_a_tile_shows_some_surroundings() -> None:
    shown = case()
    white = (255, 255, 255)
    for column, seen in ((11, True), (7, False)):  # 0.2 of 40 pixels and two more: from 10 on
        image = shown.image.copy()
        image[:, column : column + 2] = white
        drawn = tile(Case(image, shown.truth, shown.predicted, None, shown.points_xy, ("", "")))
        assert has_colour(drawn[:TILE_PX], white) == seen


def test_points_are_drawn_where_they_are() -> None:
    # The window is 60 x 45 pixels from (10, 10), shown 4.2 times enlarged as 252 x 189 in the
    # middle of the tile, from (2, 33): the centre of (20, 30) is at 10.5 and 20.5 of the window.
    assert tuple(tile(case())[33 + 86, 2 + 44]) == POINT_RGB


def test_an_empty_prediction_is_drawn_without_its_outline() -> None:
    assert not has_colour(tile(case(predicted=False)), PREDICTED_RGB)


def test_void_is_greyed() -> None:
    plain, greyed = tile(case()), tile(case(void=True))

    assert (plain != greyed).any()


def test_the_void_of_an_object_as_wide_as_its_read_only_image_is_greyed() -> None:
    shown = case(void=True)
    wide = np.zeros((60, 80), bool)
    wide[20:40] = True
    across = Case(shown.image, wide, wide, ~wide, shown.points_xy, ("a", "b"))

    picture = tile(across)

    assert (shown.image == 100).all()
    assert (picture == round(100 * 0.6 + 128 * 0.4 - 0.5)).all(axis=2).any()


def test_points_outside_the_image_do_no_harm() -> None:
    shown = case()
    outside = Case(
        shown.image, shown.truth, shown.predicted, None, shown.points_xy - (50, 50), ("a", "b")
    )

    assert tile(outside).shape == (TILE_HEIGHT, TILE_PX, 3)


@pytest.mark.parametrize(
    ("count", "size_hw"),
    [(1, (1, 1)), (COLUMNS, (1, COLUMNS)), (COLUMNS + 1, (2, COLUMNS))],
)
def test_the_sheet_grows_row_by_row(count: int, size_hw: tuple[int, int]) -> None:
    sheet = contact_sheet([case()] * count)

    assert sheet.shape == (size_hw[0] * TILE_HEIGHT, size_hw[1] * TILE_PX, 3)


def test_a_sheet_of_nothing_says_so() -> None:
    assert contact_sheet([]).std() > 0


def test_the_worst_come_first(make_row: Callable[..., ObjectRow]) -> None:
    rows = [make_row(name=name, iou=value) for name, value in zip("abcd", (0.5, 0.1, 0.9, 0.1))]  # noqa: B905

    assert [row.name for row in worst_rows(rows, 3)] == ["b", "d", "a"]
    assert worst_rows(rows, 0) == []
