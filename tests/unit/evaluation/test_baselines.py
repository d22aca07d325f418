from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from extremecut.datasets.synthetic import SyntheticObjects, ellipse_mask
from extremecut.evaluation.baselines import (
    BASELINES,
    EllipseThroughPoints,
    GrabCutFromBox,
    GrabCutFromPoints,
    quarter_ellipses,
)
from extremecut.evaluation.metrics import iou
from extremecut.geometry.extreme_points import extreme_points

CORNERS = np.array([[2.0, 10], [12, 4], [22, 10], [12, 16]])


def photo_of_a_disc() -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    mask = ellipse_mask((50, 70), center_xy=(34, 24), radii_xy=(18, 15))
    noise = np.random.default_rng(0).integers(-10, 11, (50, 70, 3))
    colours = np.where(mask[:, :, None], (200, 60, 60), (60, 160, 60))
    return (colours + noise).astype(np.uint8), mask


@pytest.mark.parametrize("method", [GrabCutFromBox(), GrabCutFromPoints()])
def test_grabcut_finds_a_disc_of_another_colour(method: GrabCutFromBox) -> None:
    image, mask = photo_of_a_disc()

    outcome = method.segment(image, extreme_points(mask))

    assert iou(outcome.mask, mask) > 0.97
    assert outcome.confidence is None


def test_grabcut_gives_the_same_mask_each_time() -> None:
    sample = SyntheticObjects(4, seed=1)[1]
    points = extreme_points(sample.mask)

    first = GrabCutFromBox().segment(sample.image, points).mask
    GrabCutFromPoints().segment(sample.image, points)

    assert np.array_equal(GrabCutFromBox().segment(sample.image, points).mask, first)


def test_grabcut_stays_in_the_box() -> None:
    image, mask = photo_of_a_disc()
    points = extreme_points(mask)

    found = GrabCutFromPoints().segment(image, points).mask

    assert not found[:, : int(points[:, 0].min())].any()
    assert not found[int(points[:, 1].max()) + 1 :].any()


@pytest.mark.parametrize("name", ["grabcut-box", "grabcut-points"])
def test_grabcut_without_background_gives_the_box(name: str) -> None:
    image = np.zeros((8, 9, 3), np.uint8)
    points = np.array([[0.0, 3], [4, 0], [8, 3], [4, 7]])

    assert BASELINES[name]().segment(image, points).mask.all()


@pytest.mark.parametrize("name", BASELINES)
def test_one_pixel_objects_and_points_outside_are_no_problem(name: str) -> None:
    image = np.zeros((8, 9, 3), np.uint8)

    dot = BASELINES[name]().segment(image, np.full((4, 2), 3.0)).mask
    beside = BASELINES[name]().segment(image, CORNERS + np.array([100, 0])).mask

    assert dot.shape == (8, 9)
    assert dot.sum() <= 1
    assert not beside.any()


def test_the_ellipse_of_central_points_is_the_boxs() -> None:
    image = np.zeros((21, 25, 3), np.uint8)

    mask = EllipseThroughPoints().segment(image, CORNERS).mask

    assert np.array_equal(mask, ellipse_mask((21, 25), center_xy=(12, 10), radii_xy=(10, 6)))


def test_the_outline_passes_through_skewed_points_and_stays_in_the_box() -> None:
    points = np.array([[0.0, 15], [4, 2], [30, 5], [22, 20]])

    mask = EllipseThroughPoints().segment(np.zeros((25, 40, 3), np.uint8), points).mask
    upper, lower = quarter_ellipses(points, np.array([0.0, 4, 22, 30]))

    assert np.array_equal(extreme_points(mask), points)
    assert (upper[0], lower[0]) == (15, 15)
    assert (upper[1], lower[2]) == (2, 20)
    assert (upper[3], lower[3]) == (5, 5)


def test_between_two_points_the_outline_is_a_quarter_ellipse() -> None:
    # From (0, 10) to (5, 0): centre (5, 10), radii 5 and 10; at x = 2, sqrt(1 - 0.6**2) = 0.8.
    points = np.array([[0.0, 10], [5, 0], [20, 10], [5, 20]])

    upper, lower = quarter_ellipses(points, np.array([2.0]))

    assert upper.tolist() == pytest.approx([2.0])
    assert lower.tolist() == pytest.approx([18.0])
