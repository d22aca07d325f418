from __future__ import annotations

from collections import defaultdict

import numpy as np
from further_clicks import Points, Repaired, clicked

from extremecut.datasets.sample import ObjectSample

IMAGE = np.zeros((80, 100, 3), np.uint8)
TRUTH = np.zeros((80, 100), np.bool_)
TRUTH[20:60, 20:80] = True


def test_a_click_that_repairs_half_of_what_is_missing_counts_as_half() -> None:
    asked: list[Points] = []

    def predict(image: np.ndarray, points_xy: Points) -> np.ndarray:
        asked.append(points_xy)
        mask = TRUTH.copy()
        mask[:, {4: 50, 5: 65}.get(len(points_xy), 80) :] = False
        return mask

    repaired: Repaired = defaultdict(list)
    scores = clicked(ObjectSample(IMAGE, TRUTH), predict, 0.0, np.random.default_rng(0), repaired)
    np.testing.assert_allclose(scores, [0.5, 0.75, 1.0, 1.0])
    assert [len(points) for points in asked] == [4, 5, 6]  # nothing is asked of a right mask
    assert asked[1][4][0] == 79  # the far end of what is missing
    assert dict(repaired) == {"missing": [(0.25, 0.5)]}


def test_what_is_too_much_is_told_apart() -> None:
    wide = np.zeros_like(TRUTH)
    wide[20:60, 20:95] = True
    repaired: Repaired = defaultdict(list)
    clicked(
        ObjectSample(IMAGE, TRUTH),
        lambda image, points_xy: wide,
        0.0,
        np.random.default_rng(0),
        repaired,
    )
    assert list(repaired) == ["too much"]
    assert repaired["too much"][0] == (0.0, 0.2)
