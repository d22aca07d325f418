"""Methods without a network: OpenCV's GrabCut and an ellipse, from the same four points."""

from __future__ import annotations

import math
from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from extremecut.evaluation.methods import Method, Outcome
from extremecut.geometry.boxes import Box

GRABCUT_ITERATIONS = 5
ARC_STEPS = 32


class GrabCutFromBox:
    """OpenCV GrabCut, 5 iterations on the whole image, started from the tight box of the points.

    Outside the box is background for good; everything inside is probably the object at first.
    """

    name = "GrabCut from the box"

    def segment(self, image: NDArray[np.uint8], points_xy: NDArray[np.float64]) -> Outcome:
        labels, inside = _box_labels(image, points_xy)
        return Outcome(_grabcut(image, labels, inside))


class GrabCutFromPoints:
    """GrabCut from the box, with the lines that join opposite points as certain object pixels.

    The lines run from the left-most to the right-most and from the top to the bottom point, one
    pixel wide.
    """

    name = "GrabCut from the points"

    def segment(self, image: NDArray[np.uint8], points_xy: NDArray[np.float64]) -> Outcome:
        labels, inside = _box_labels(image, points_xy)
        left, top, right, bottom = np.rint(four_extremes(points_xy)).astype(int)
        for start, end in ((left, right), (top, bottom)):
            cv2.line(labels, start.tolist(), end.tolist(), int(cv2.GC_FGD), 1)
        return Outcome(_grabcut(image, labels, inside))


class EllipseThroughPoints:
    """Four quarter ellipses, each joining two neighbouring extreme points.

    Each arc starts and ends parallel to the sides of the box, so that all four points lie on
    the outline and the outline stays inside the box; for points in the middle of the sides it is
    the box's ellipse.
    """

    name = "ellipse through the points"

    def segment(self, image: NDArray[np.uint8], points_xy: NDArray[np.float64]) -> Outcome:
        shift = 4
        outline = np.rint(quarter_ellipses(points_xy) * 2**shift).astype(np.int32)
        canvas = np.zeros(image.shape[:2], np.uint8)
        cv2.fillPoly(canvas, [outline[:, None, :]], 1, lineType=cv2.LINE_8, shift=shift)
        return Outcome(canvas.view(np.bool_))


BASELINES: Mapping[str, type[Method]] = {
    "grabcut-box": GrabCutFromBox,
    "grabcut-points": GrabCutFromPoints,
    "ellipse": EllipseThroughPoints,
}


def four_extremes(points_xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """The left-most, top, right-most and bottom one of (N, 2) points: (4, 2), in this order."""
    xs, ys = points_xy[:, 0], points_xy[:, 1]
    return points_xy[[xs.argmin(), ys.argmin(), xs.argmax(), ys.argmax()]]


def quarter_ellipses(points_xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """The outline of `EllipseThroughPoints`: (4 * ARC_STEPS, 2), image pixels, clockwise."""
    left, top, right, bottom = four_extremes(points_xy)
    # Along an arc from a to b: at first parallel to the side that a lies on.
    arcs = ((left, top), (top, right), (right, bottom), (bottom, left))
    angles = np.arange(ARC_STEPS) / ARC_STEPS * (math.pi / 2)
    pieces = []
    for number, (start, end) in enumerate(arcs):
        rise, run = np.sin(angles), 1 - np.cos(angles)
        # From the left and right points an arc leaves vertically, from the others horizontally.
        share_x, share_y = (run, rise) if number % 2 == 0 else (rise, run)
        step = end - start
        pieces.append(np.stack([start[0] + share_x * step[0], start[1] + share_y * step[1]], 1))
    return np.concatenate(pieces)


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
    """Run GrabCut on started labels; the whole box where it has nothing to learn from.

    OpenCV refuses to start without background pixels, as for a box as large as the image.
    """
    mask = np.zeros(labels.shape, np.bool_)
    if inside is None:
        return mask
    mask[inside.slices] = True
    if mask.all():
        return mask
    # Its k-means draws from OpenCV's global generator: the same start for every object.
    cv2.setRNGSeed(0)
    background, foreground = np.zeros((1, 65)), np.zeros((1, 65))
    try:
        cv2.grabCut(
            image, labels, None, background, foreground, GRABCUT_ITERATIONS, cv2.GC_INIT_WITH_MASK
        )
    except cv2.error:
        # Fewer pixels on a side than mixture components: too few to learn from.
        return mask
    return np.asarray((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD))
