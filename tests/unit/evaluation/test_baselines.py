from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from extremecut.datasets.synthetic import ellipse_mask
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


def test_grabcut_gives_the_same_mask_whatever_was_drawn_before() -> None:
    image = np.random.default_rng(0).integers(0, 256, (40, 50, 3), np.uint8)
    points = np.array([[10.0, 20], [25, 8], [40, 20], [25, 33]])

    masks = []
    for seed in range(5):
        cv2.setRNGSeed(seed)
        masks.append(GrabCutFromPoints().segment(image, points).mask)

    assert masks[0].any()
    assert all(np.array_equal(mask, masks[0]) for mask in masks)


Started = Callable[[Any], tuple[NDArray[np.uint8], int]]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    """What a method hands to OpenCV for `CORNERS`: the labels and the number of iterations."""

    def start(method: Any) -> tuple[NDArray[np.uint8], int]:
        calls: list[tuple[NDArray[np.uint8], int]] = []

        def remember(image: Any, labels: Any, *rest: Any) -> None:
            calls.append((labels.copy(), rest[3]))

        monkeypatch.setattr(cv2, "grabCut", remember)
        method.segment(np.zeros((21, 25, 3), np.uint8), CORNERS)
        [call] = calls
        return call

    return start


def test_grabcut_from_the_box_is_told_the_box_alone(started: Started) -> None:
    labels, iterations = started(GrabCutFromBox())

    assert iterations == 5
    assert (labels[4:17, 2:23] == cv2.GC_PR_FGD).all()
    assert np.count_nonzero(labels == cv2.GC_BGD) == 21 * 25 - 13 * 21


def test_grabcut_from_the_points_is_told_a_cross_and_an_ellipse_too(started: Started) -> None:
    labels, iterations = started(GrabCutFromPoints())

    assert iterations == 5
    cross = np.zeros((21, 25), bool)
    cross[10, 2:23] = cross[4:17, 12] = True
    assert np.array_equal(labels == cv2.GC_FGD, cross)
    ellipse = ellipse_mask((21, 25), center_xy=(12, 10), radii_xy=(10, 6))
    assert (labels[ellipse & ~cross] == cv2.GC_PR_FGD).all()
    assert (labels[4:17, 2:23][~ellipse[4:17, 2:23]] == cv2.GC_PR_BGD).all()


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


def test_an_object_as_large_as_its_image_is_told_from_the_corners() -> None:
    mask = ellipse_mask((41, 61), center_xy=(30, 20), radii_xy=(30, 20))
    noise = np.random.default_rng(0).integers(-10, 11, (41, 61, 3))
    image = (np.where(mask[:, :, None], (200, 60, 60), (60, 160, 60)) + noise).astype(np.uint8)

    assert iou(GrabCutFromPoints().segment(image, extreme_points(mask)).mask, mask) > 0.97
    assert GrabCutFromBox().segment(image, extreme_points(mask)).mask.all()


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
