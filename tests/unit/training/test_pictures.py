from __future__ import annotations

import numpy as np

from extremecut.datasets.sample import ObjectSample
from extremecut.training.pictures import POINTS_RGB, PREDICTION_RGB, draw_prediction


def test_a_picture_shows_outlines_and_points_and_leaves_its_inputs_alone() -> None:
    image = np.zeros((40, 60, 3), np.uint8)
    mask = np.zeros((40, 60), bool)
    mask[10:30, 40:60] = True  # at the image's border: the picture reaches beyond it
    points = np.array([[40.0, 20.0], [50.0, 10.0], [59.0, 20.0], [50.0, 29.0]])
    prediction = np.zeros_like(mask)
    prediction[14:26, 44:56] = True
    tile = draw_prediction(ObjectSample(image, mask), prediction, points, caption="x", size_px=128)
    assert tile.shape == (128, 128, 3) and tile.dtype == np.uint8
    for colour in (POINTS_RGB, PREDICTION_RGB):
        near = np.abs(tile.astype(int) - colour).max(axis=2) < 60
        assert near.any()
    assert not image.any()
