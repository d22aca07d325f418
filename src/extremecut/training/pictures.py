"""Pictures of predictions: the object's surroundings, truth, prediction and points."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from extremecut.datasets.sample import ObjectSample
from extremecut.geometry.boxes import Box

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
    picture = _cut(sample.image, square, size_px, cv2.INTER_AREA)
    for mask, colour in ((sample.mask, TRUTH_RGB), (prediction, PREDICTION_RGB)):
        levels = _cut(mask.astype(np.uint8), square, size_px, cv2.INTER_NEAREST)
        outlines, _ = cv2.findContours(levels, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(picture, outlines, -1, colour, 1, cv2.LINE_AA)
    for x, y in (points_xy - (square.x0, square.y0) + 0.5) * scale - 0.5:
        cv2.circle(picture, (round(x), round(y)), 3, POINTS_RGB, -1, cv2.LINE_AA)
    for colour, width in (((0, 0, 0), 3), ((255, 255, 255), 1)):
        cv2.putText(
            picture, caption, (4, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.42, colour, width, cv2.LINE_AA
        )
    return picture


def _cut(
    image: NDArray[np.uint8], square: Box, size_px: int, interpolation: int
) -> NDArray[np.uint8]:
    """A square of pixels, possibly beyond the image, resized."""
    inside = square.intersection(Box.of_image(image.shape[:2]))
    whole = np.zeros((square.height, square.width, *image.shape[2:]), np.uint8)
    if inside is not None:
        whole[inside.shifted(-square.x0, -square.y0).slices] = image[inside.slices]
    return cv2.resize(whole, (size_px, size_px), interpolation=interpolation)


def contact_sheet(tiles: Sequence[NDArray[np.uint8]], *, columns: int) -> NDArray[np.uint8]:
    """Tiles of one size side by side, row by row; the rest of the last row is black.

    Args:
        tiles: (H, W, 3) uint8 each, at least one.
    """
    height, width = tiles[0].shape[:2]
    rows = -(-len(tiles) // columns)
    sheet = np.zeros((rows * height, columns * width, 3), np.uint8)
    for index, tile in enumerate(tiles):
        y, x = divmod(index, columns)
        sheet[y * height : (y + 1) * height, x * width : (x + 1) * width] = tile
    return sheet
