from __future__ import annotations

import numpy as np
import pytest

from extremecut.geometry.boxes import Box, Margin, boxes_of_labels, share_of_box


def test_a_box_is_half_open() -> None:
    box = Box(2, 3, 5, 4)
    assert (box.width, box.height, box.area) == (3, 1, 3)
    image = np.arange(30).reshape(5, 6)
    assert image[box.slices].tolist() == [[20, 21, 22]]


def test_the_box_around_points_holds_each_points_pixel() -> None:
    assert Box.around_points(np.array([[1.0, 2.0], [4.0, 0.0]])).xyxy == (1, 0, 5, 3)
    # 1.4 lies in pixel 1 (0.5 to 1.5), 1.6 in pixel 2, and an edge belongs to the pixel after it.
    assert Box.around_points(np.array([[1.4, 1.6], [1.5, 2.5]])).xyxy == (1, 2, 3, 4)
    assert Box.around_points(np.array([[-0.5, -0.6], [0.0, 0.0]])).xyxy == (0, -1, 1, 1)


def test_the_box_around_a_mask_touches_its_outermost_pixels() -> None:
    mask = np.zeros((6, 8), bool)
    mask[1, 3] = mask[4, 6] = True
    assert Box.around_mask(mask) == Box(3, 1, 7, 5)
    assert Box.around_mask(np.zeros((6, 8), bool)) is None
    assert Box.around_mask(np.zeros((0, 0), bool)) is None


def test_the_box_around_boxes_leaves_out_those_that_are_none() -> None:
    assert Box.around_boxes([Box(5, 6, 7, 8), None, Box(0, 7, 6, 20)]) == Box(0, 6, 7, 20)
    assert Box.around_boxes([None]) is None


def test_boxes_that_share_no_pixel_have_no_intersection() -> None:
    assert Box(0, 0, 4, 4).intersection(Box(2, 1, 9, 3)) == Box(2, 1, 4, 3)
    assert Box(0, 0, 4, 4).intersection(Box(4, 0, 8, 4)) is None


def test_a_box_shifts_and_grows() -> None:
    assert Box(1, 2, 3, 4).shifted(10, -2) == Box(11, 0, 13, 2)
    assert Box(1, 2, 3, 4).padded(1, 5) == Box(0, -3, 4, 9)
    assert Box.of_image((480, 640)) == Box(0, 0, 640, 480)


def test_a_box_cannot_be_inside_out() -> None:
    with pytest.raises(ValueError, match="x0 <= x1"):
        Box(3, 0, 2, 5)


def test_the_papers_margin_is_the_same_on_all_sides() -> None:
    assert Margin(50).around(Box(100, 200, 120, 300)) == Box(50, 150, 170, 350)
    assert Margin(2.4).around(Box(0, 0, 1, 1)) == Box(-2, -2, 3, 3)  # to whole pixels


def test_a_relative_margin_follows_each_side_and_has_a_floor() -> None:
    margin = Margin(0.15, "box", minimum_px=4)
    assert margin.around(Box(0, 0, 100, 10)) == Box(-15, -4, 115, 14)
    # 0.15 * 21 = 3.15 is rounded up, so that the crop never gets tighter than asked for.
    assert Margin(0.15, "box").around(Box(0, 0, 21, 20)) == Box(-4, -3, 25, 23)


@pytest.mark.parametrize(
    ("amount", "unit", "minimum"),
    [
        (-1, "image_px", 0),
        (float("nan"), "box", 0),
        (1, "px", 0),
        (1, "box", -1),
        (11, "box", 0),
        (10_001, "image_px", 0),
        (1, "box", 10_001),
    ],
)
def test_impossible_margins_are_refused(amount: float, unit: str, minimum: int) -> None:
    with pytest.raises(ValueError, match="margin"):
        Margin(amount, unit, minimum)


def test_the_share_of_its_box_that_a_mask_fills() -> None:
    mask = np.zeros((6, 8), bool)
    assert share_of_box(mask) == 0
    mask[1:5, 3:7] = np.eye(4, dtype=bool)
    assert share_of_box(mask) == 0.25
    mask[1:5, 3:7] = True
    assert share_of_box(mask) == 1


@pytest.mark.parametrize("strip_px", [1, 40, 1 << 20])
@pytest.mark.parametrize("values", [(0, 1, 2, 9), (0, 3, 65535), (0, 5, 1 << 24), (-3, 0, 7)])
def test_the_boxes_of_labels_are_those_of_each_ones_mask(
    values: tuple[int, ...], strip_px: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extremecut.geometry.boxes._STRIP_PX", strip_px)
    rng = np.random.default_rng(0)
    labels = np.zeros((13, 17), np.int32)
    labels[2:11, 3:15] = rng.choice(
        values, (9, 12), p=[0.9, *[0.1 / (len(values) - 1)] * (len(values) - 1)]
    )
    expected = {
        value: Box.around_mask(labels == value)
        for value in sorted(values)
        if value != 0 and (labels == value).any()
    }
    found = boxes_of_labels(labels)
    assert found == expected and list(found) == list(expected)


def test_an_image_without_labels_has_no_boxes() -> None:
    assert boxes_of_labels(np.zeros((3, 4), np.uint8)) == {}
