"""Methods without a network: OpenCV's GrabCut and an ellipse, from the same four points."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from extremecut.annotations.found import left_top_right_bottom
from extremecut.evaluation.methods import Method, Outcome
from extremecut.geometry.boxes import Box

GRABCUT_ITERATIONS = 5


class GrabCutFromBox:
    """OpenCV GrabCut, 5 iterations on the whole image, started from the tight box of the points.

    Outside the box is background for good; everything inside is probably the object at first.
    """

    name = "GrabCut from the box"

    def segment(self, image: NDArray[np.uint8], points_xy: NDArray[np.float64]) -> Outcome:
        labels, inside = _box_labels(image, points_xy)
        return Outcome(_grabcut(image, labels, inside))


class GrabCutFromPoints:
    """GrabCut that is told more at the start, all of it from the four points.

    Certain object: the lines from each point to the mean of the four, one pixel wide. Probably
    background at first: what lies in the box but outside `EllipseThroughPoints`. On
    validation images lines between opposite points, shorter lines, and either part of this alone
    did worse.
    """

    name = "GrabCut from the points"

    def segment(self, image: NDArray[np.uint8], points_xy: NDArray[np.float64]) -> Outcome:
        labels, inside = _box_labels(image, points_xy)
        outside = (labels == cv2.GC_PR_FGD) & ~_filled_ellipses(points_xy, labels.shape)
        labels[outside] = cv2.GC_PR_BGD
        points = left_top_right_bottom(points_xy)
        middle = np.rint(points.mean(axis=0)).astype(int).tolist()
        for point in np.rint(points).astype(int).tolist():
            cv2.line(labels, point, middle, int(cv2.GC_FGD), 1)
        return Outcome(_grabcut(image, labels, inside))


class EllipseThroughPoints:
    """Four quarter ellipses, each joining two neighbouring extreme points.

    Each arc starts and ends parallel to the sides of the box, so that all four points lie on
    the outline and the outline stays inside the box; for points in the middle of the sides it is
    the box's ellipse.
    """

    name = "ellipse through the points"

    def segment(self, image: NDArray[np.uint8], points_xy: NDArray[np.float64]) -> Outcome:
        return Outcome(_filled_ellipses(points_xy, image.shape[:2]))


BASELINES: Mapping[str, type[Method]] = {
    "grabcut-box": GrabCutFromBox,
    "grabcut-points": GrabCutFromPoints,
    "ellipse": EllipseThroughPoints,
}


def quarter_ellipses(
    points_xy: NDArray[np.float64], xs: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where the outline of `EllipseThroughPoints` runs at each x between left and right point.

    Args:
        points_xy: (N, 2), N >= 4.
        xs: (K,), image pixels; clipped to the points' range.

    Returns:
        (upper, lower): the outline's two heights y at each x, (K,) each.
    """
    left, top, right, bottom = left_top_right_bottom(points_xy)
    heights = []
    for peak in (top, bottom):
        base = np.where(xs <= peak[0], left[1], right[1])
        reach = np.where(xs <= peak[0], peak[0] - left[0], right[0] - peak[0])
        along = np.clip(np.abs(xs - peak[0]) / np.maximum(reach, 1e-9), 0.0, 1.0)
        heights.append(base + (peak[1] - base) * np.sqrt(1.0 - along**2))
    return heights[0], heights[1]


def _filled_ellipses(points_xy: NDArray[np.float64], size_hw: tuple[int, ...]) -> NDArray[np.bool_]:
    """The pixels whose centres lie inside or on `quarter_ellipses`: (H, W) bool."""
    mask = np.zeros(size_hw, np.bool_)
    inside = Box.around_points(points_xy).intersection(Box.of_image((size_hw[0], size_hw[1])))
    if inside is not None:
        upper, lower = quarter_ellipses(points_xy, np.arange(inside.x0, inside.x1, dtype=float))
        ys = np.arange(inside.y0, inside.y1)[:, None]
        mask[inside.slices] = (ys >= upper - 1e-6) & (ys <= lower + 1e-6)
    return mask


def _box_labels(
    image: NDArray[np.uint8], points_xy: NDArray[np.float64]
) -> tuple[NDArray[np.uint8], Box | None]:
    """GrabCut's start: background, and probably object inside the points' box."""
    labels = np.full(image.shape[:2], cv2.GC_BGD, np.uint8)
    inside = Box.around_points(points_xy).intersection(Box.of_image(image.shape[:2]))
    if inside is not None:
        labels[inside.slices] = cv2.GC_PR_FGD
    return labels, inside


def _grabcut(
    image: NDArray[np.uint8], labels: NDArray[np.uint8], inside: Box | None
) -> NDArray[np.bool_]:
    """Run GrabCut on started labels; the whole box where it has nothing to learn from."""
    mask = np.zeros(labels.shape, np.bool_)
    if inside is None:
        return mask
    mask[inside.slices] = True
    # Its k-means draws from OpenCV's global generator: the same start for every object.
    cv2.setRNGSeed(0)
    background, foreground = np.zeros((1, 65)), np.zeros((1, 65))
    try:
        cv2.grabCut(
            image, labels, None, background, foreground, GRABCUT_ITERATIONS, cv2.GC_INIT_WITH_MASK
        )
    except cv2.error:
        # Fewer pixels of object or background than mixture components: too few to learn from. A
        # box as large as the image leaves none.
        return mask
    return np.asarray((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD))
