"""Pictures of predictions: the object's surroundings, truth, prediction and points."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from extremecut.datasets.sample import ObjectSample
from extremecut.geometry.boxes import Box
from extremecut.geometry.crop import window

TRUTH_RGB = (60, 220, 60)
PREDICTION_RGB = (255, 60, 200)
POINTS_RGB = (255, 220, 0)


def draw_prediction(
    sample: ObjectSample,
    prediction: NDArray[np.bool_],
    points_xy: NDArray[np.float64],
    *,
    caption: str,
    size_px: int = 256,
) -> NDArray[np.uint8]:
    """The truth's outline in green, the prediction's in magenta, the points in yellow.

    Args:
        prediction: (H, W) bool.
        points_xy: (N, 2), image pixels.

    Returns:
        (size_px, size_px, 3) uint8 RGB.
    """
    box = Box.around_points(points_xy)
    # A square about a quarter larger than the object, so that nothing is distorted.
    side = round(1.25 * max(box.width, box.height)) + 4
    dx, dy = (side - box.width) // 2, (side - box.height) // 2
    square = box.padded(max(dx, 0), max(dy, 0))
    square = Box(square.x0, square.y0, square.x0 + side, square.y0 + side)
    scale = size_px / side
    size = (size_px, size_px)
    picture = cv2.resize(window(sample.image, square), size, interpolation=cv2.INTER_AREA)
    for mask, colour in ((sample.mask, TRUTH_RGB), (prediction, PREDICTION_RGB)):
        levels = window(mask.astype(np.uint8), square)
        levels = cv2.resize(levels, size, interpolation=cv2.INTER_NEAREST)
        outlines, _ = cv2.findContours(levels, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(picture, outlines, -1, colour, 1, cv2.LINE_AA)
    for x, y in (points_xy - (square.x0, square.y0) + 0.5) * scale - 0.5:
        cv2.circle(picture, (round(x), round(y)), 3, POINTS_RGB, -1, cv2.LINE_AA)
    for colour, width in (((0, 0, 0), 3), ((255, 255, 255), 1)):
        cv2.putText(
            picture, caption, (4, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.42, colour, width, cv2.LINE_AA
        )
    return picture
