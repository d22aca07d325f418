"""Where a mask is wrong most, and where a person who sees that clicks next."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from extremecut.geometry.extreme_points import inner_boundary

Mask = NDArray[np.bool_]


def largest_region(wrong: Mask) -> Mask | None:
    """The largest connected piece (8-neighbourhood) of an (H, W) mask, None of nothing."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        wrong.astype(np.uint8), connectivity=8
    )
    if count < 2:
        return None
    return np.asarray(labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax()))


def furthest_boundary(truth: Mask, shown: Mask, region: Mask) -> NDArray[np.float64] | None:
    """The true boundary pixel beside a wrong region that is furthest from the shown boundary.

    Args:
        truth: (H, W), the object.
        shown: (H, W), the mask to correct.
        region: (H, W), a piece of what differs.

    Returns:
        (2,) float64, (x, y); None where the region touches no true boundary, or nothing is shown.
    """
    beside = cv2.dilate(region.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    true_edge, shown_edge = inner_boundary(truth) & beside, inner_boundary(shown)
    if not true_edge.any() or not shown_edge.any():
        return None
    away = cv2.distanceTransform((~shown_edge).astype(np.uint8), cv2.DIST_L2, 5)
    y, x = divmod(int(np.where(true_edge, away, -1).argmax()), truth.shape[1])
    return np.array([x, y], np.float64)


def correction_point(truth: Mask, shown: Mask, known: Mask) -> NDArray[np.float64] | None:
    """The next click on the boundary: `furthest_boundary` of the largest wrong region.

    Args:
        known: (H, W), False where right and wrong cannot be told (void).

    Returns:
        (2,) float64, (x, y); None where nothing is wrong, or no boundary is near what is.
    """
    region = largest_region((truth != shown) & known)
    return None if region is None else furthest_boundary(truth, shown, region)
