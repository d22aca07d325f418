"""Measures of one mask against the truth. Pure functions; void pixels count nowhere."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from extremecut.geometry.boxes import Box, share_of_box

BOUNDARY_TOLERANCE = 0.008
"""DAVIS: boundaries match within this fraction of the image diagonal, rounded up to pixels."""

SIZE_LIMITS_PX = (("small", 32**2), ("medium", 96**2), ("large", math.inf))
"""COCO's size classes: (name, the area that is too large for it)."""

SIZES = tuple(name for name, _ in SIZE_LIMITS_PX)

FILL_LIMITS = (("sparse", 0.4), ("half", 0.6), ("full", math.inf))
"""(name, the share of its tight box that an object must fill to be too full for the class)."""

FILLS = tuple(name for name, _ in FILL_LIMITS)

Mask = NDArray[np.bool_]


def iou(predicted: Mask, truth: Mask, void: Mask | None = None) -> float:
    """Intersection over union outside void, in [0, 1]; 1 where both are empty there.

    Args:
        predicted, truth, void: (H, W) bool.
    """
    intersection = predicted & truth
    union = predicted | truth
    if void is not None:
        intersection &= ~void
        union &= ~void
    total = np.count_nonzero(union)
    return np.count_nonzero(intersection) / total if total else 1.0


def iou_at_thresholds(
    probability: NDArray[np.float32],
    truth: Mask,
    void: Mask | None,
    thresholds: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The IoU of `probability > t` for each threshold, from one pass over the map.

    Args:
        probability: (H, W) float32 in [0, 1].
        thresholds: (T,) ascending.

    Returns:
        (T,) float64 in [0, 1].
    """
    known = np.ones(truth.shape, np.bool_) if void is None else ~void
    inside = _counts_above(probability[truth & known], thresholds)
    outside = _counts_above(probability[~truth & known], thresholds)
    union = np.count_nonzero(truth & known) + outside
    return np.where(union > 0, inside / np.maximum(union, 1), 1.0)


def _counts_above(
    values: NDArray[np.float32], thresholds: NDArray[np.float64]
) -> NDArray[np.int64]:
    # float32 > float64 compares in float32, as the mask itself is made.
    edges = thresholds.astype(np.float32)
    bins = np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(edges) + 1)
    # Bin k: above the thresholds 0..k-1 and no further.
    return values.size - np.cumsum(bins)[: len(edges)]


def grabcut_error(predicted: Mask, truth: Mask, void: Mask | None = None) -> float:
    """Wrong pixels in the tight box of the truth, as a share of its pixels; void counts in neither.

    The measure of the paper's Table 5 (section 4.3), in [0, 1]. 0 for an empty truth.
    """
    box = Box.around_mask(truth)
    if box is None:
        return 0.0
    wrong = predicted[box.slices] ^ truth[box.slices]
    if void is None:
        return np.count_nonzero(wrong) / box.area
    known = ~void[box.slices]
    return float(np.count_nonzero(wrong & known) / np.maximum(np.count_nonzero(known), 1))


def boundary_f(
    predicted: Mask,
    truth: Mask,
    void: Mask | None = None,
    *,
    tolerance: float = BOUNDARY_TOLERANCE,
) -> float:
    """The F measure of the boundaries, as in DAVIS, in [0, 1].

    A boundary pixel is matched when the other boundary has a pixel within `tolerance` times the
    image diagonal, rounded up. 1 when neither has a boundary, 0 when only one has. Void pixels
    are taken out of both masks first.
    """
    height, width = truth.shape
    reach_px = math.ceil(tolerance * math.hypot(height, width))
    if void is not None:
        predicted, truth = predicted & ~void, truth & ~void
    window = Box.around_boxes([Box.around_mask(predicted), Box.around_mask(truth)])
    if window is None:
        return 1.0
    # Everything further off is background; one more pixel of it keeps the boundaries at the rim.
    near = window.padded(1, 1).intersection(Box.of_image((height, width)))
    assert near is not None
    ours, theirs = _boundary(predicted[near.slices]), _boundary(truth[near.slices])
    our_count, their_count = np.count_nonzero(ours), np.count_nonzero(theirs)
    if our_count == 0 or their_count == 0:
        return 1.0 if our_count == their_count else 0.0
    precision = np.count_nonzero(ours & _within(theirs, reach_px)) / our_count
    recall = np.count_nonzero(theirs & _within(ours, reach_px)) / their_count
    total = precision + recall
    return 2 * precision * recall / total if total else 0.0


def size_class(area_px: int) -> str:
    """ "small", "medium" or "large", by COCO's limits of 32 x 32 and 96 x 96 pixels."""
    return next(name for name, limit in SIZE_LIMITS_PX if area_px < limit)


def fill_class(mask: Mask) -> str:
    """ "sparse", "half" or "full": how much of its tight box an object fills.

    Where it is little, something else stands in the box that could be meant as well.

    Raises:
        ValueError: an empty mask.
    """
    filled = share_of_box(mask)
    if not filled:
        raise ValueError("an empty mask has no box to fill")
    return next(name for name, limit in FILL_LIMITS if filled < limit)


def _boundary(part: Mask) -> Mask:
    """One-pixel boundaries: pixels that differ from their right, lower or lower right neighbour.

    `part` ends at the image's frame or with background. At the image's last row and column only
    the neighbour inside the image counts, so that an object cut by the frame has no boundary
    along it: there is no neighbour beyond, which repeating the last row and column expresses.
    """
    grown = np.pad(part, ((0, 1), (0, 1)), mode="edge")
    here = grown[:-1, :-1]
    return np.asarray((here ^ grown[:-1, 1:]) | (here ^ grown[1:, :-1]) | (here ^ grown[1:, 1:]))


def _within(boundary: Mask, reach_px: int) -> Mask:
    """The pixels at most `reach_px` from a boundary pixel: its dilation by a disk."""
    distance = cv2.distanceTransform((~boundary).view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    # Distances are square roots of whole numbers: half a step of room for their rounding.
    return np.asarray(distance <= reach_px + 0.25 / max(reach_px, 1))
