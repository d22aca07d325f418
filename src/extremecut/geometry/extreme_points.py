"""Extreme points: from a mask, with noise, and validation of what a person clicked."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from extremecut.errors import InputError, PointsError
from extremecut.geometry.boxes import Box

NUMBERS = "iufO"
"""NumPy's kinds of types that points may have: whole numbers, floats, and Python's own objects."""


def extreme_points(
    mask: ArrayLike, *, jitter_px: int = 0, rng: np.random.Generator | None = None
) -> NDArray[np.float64]:
    """The left-most, top, right-most and bottom pixel of a mask.

    Without a generator the middle pixel of the ties on each side is taken. With one, each point
    is drawn uniformly from the mask pixels within `jitter_px` of its side (paper, section 4.1;
    5 in training there).

    Args:
        mask: (H, W) bool, or numbers that are 0 beside the object.
        jitter_px: whole number >= 0; needs `rng` when positive.
        rng: what the draws come from.

    Returns:
        (4, 2) float64, (x, y), in the order left, top, right, bottom.

    Raises:
        PointsError: the mask is empty.
        InputError: the mask has another shape, or holds neither truth values nor numbers.
        ValueError: `jitter_px` is below 0, or above it without `rng`.
    """
    mask = _as_mask(mask)
    if jitter_px < 0:
        raise ValueError(f"jitter_px must be at least 0, got {jitter_px}")
    if jitter_px > 0 and rng is None:
        raise ValueError("jitter_px > 0 needs an explicit rng")
    box = Box.around_mask(mask)
    if box is None:
        raise PointsError("an empty mask has no extreme points: skip this object")
    inside = mask[box.slices]
    depth = jitter_px + 1
    sides = (
        inside[:, :depth],
        inside[:depth, :],
        inside[:, max(box.width - depth, 0) :],
        inside[max(box.height - depth, 0) :, :],
    )
    offsets = (
        (0, 0),
        (0, 0),
        (max(box.width - depth, 0), 0),
        (0, max(box.height - depth, 0)),
    )
    points = np.empty((4, 2))
    for index, (side, (dx, dy)) in enumerate(zip(sides, offsets, strict=True)):
        candidates = np.flatnonzero(side)
        if rng is not None:
            choice = candidates[rng.integers(candidates.size)]
        else:
            choice = candidates[candidates.size // 2]
        y, x = divmod(int(choice), side.shape[1])
        points[index] = (box.x0 + dx + x, box.y0 + dy + y)
    return points


def _as_mask(given: ArrayLike) -> NDArray[np.bool_]:
    try:
        mask = np.asarray(given)
        if mask.dtype.kind not in "buif":
            raise TypeError(f"got {type(given).__name__} (dtype {mask.dtype})")
    except (TypeError, ValueError, RuntimeError) as error:  # the last is PyTorch's
        raise InputError(f"a mask must be an (H, W) array of truth values: {error}") from None
    if mask.ndim != 2:
        raise InputError(f"a mask must have shape (H, W); got shape {mask.shape}")
    if mask.dtype.kind == "f" and np.isnan(mask).any():
        raise InputError("a mask must hold truth values or numbers; got NaN")
    return mask if mask.dtype == np.bool_ else mask != 0


def add_uniform_noise(
    points_xy: NDArray[np.float64], *, noise_px: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Points moved by independent uniform noise in [-noise_px, noise_px] along x and y.

    Args:
        points_xy: (N, 2), pixels; not changed.
        noise_px: >= 0, in the same pixels.
        rng: what the noise comes from.

    Returns:
        (N, 2) float64.
    """
    return points_xy + rng.uniform(-noise_px, noise_px, points_xy.shape)


def inner_boundary(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(H, W): the mask's pixels that touch the outside by an edge; the frame is outside too."""
    padded = np.pad(mask, 1)
    core = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return mask & ~core


def boundary_points(
    mask: NDArray[np.bool_],
    count: int,
    *,
    rng: np.random.Generator,
    unlike_xy: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """`count` pixels drawn from the mask's inner boundary.

    Args:
        mask: (H, W), one object.
        count: how many; without replacement.
        rng: what the draws come from.
        unlike_xy: (N, 2) points already known. With them, pixels are drawn in proportion to their
            squared distance from the closed polygon through these points: where the points alone
            say least about the outline, and where people correct a mask.

    Returns:
        (count, 2) float64, (x, y); fewer rows when the boundary has fewer pixels.
    """
    ys, xs = np.nonzero(inner_boundary(mask))
    boundary = np.stack([xs, ys], axis=1).astype(np.float64)
    count = min(count, len(boundary))
    if unlike_xy is None or count == 0:
        return boundary[rng.choice(len(boundary), count, replace=False)]
    weights = _distance_to_polygon(boundary, unlike_xy) ** 2 + 1e-6
    return boundary[rng.choice(len(boundary), count, replace=False, p=weights / weights.sum())]


def _distance_to_polygon(
    at_xy: NDArray[np.float64], vertices_xy: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(M,) distances from the edges of the polygon through the vertices, sorted by angle."""
    away = vertices_xy - vertices_xy.mean(axis=0)
    start = vertices_xy[np.argsort(np.arctan2(away[:, 1], away[:, 0]))]
    edge = np.roll(start, -1, axis=0) - start
    length_sq = np.maximum((edge**2).sum(axis=1), 1e-12)
    offset = at_xy[:, None] - start
    along = np.clip((offset * edge).sum(axis=2) / length_sq, 0, 1)
    distances: NDArray[np.float64] = np.linalg.norm(offset - along[..., None] * edge, axis=2)
    return distances.min(axis=1)


def as_points(points_xy: Any, *, size_hw: tuple[int, int]) -> NDArray[np.float64]:
    """Check what a caller gave as points and return it as a fresh (N, 2) float64 array.

    Points may lie outside the image (an object cut by the frame), but no further than the image
    is large, and the box around them must touch the image. Points in one line or given twice are
    fine: thin objects have such points.

    Args:
        points_xy: (N, 2), N >= 4, x right, y down, (0, 0) the centre of the top-left pixel; in
            any order. All lie on the object's boundary.
        size_hw: height and width of the image.

    Raises:
        PointsError: fewer than four points, not numbers, not finite, far outside the image, all
            on one pixel.
    """
    try:
        given = np.asanyarray(points_xy)
        # NumPy would read text, count seconds from a date and drop an imaginary part.
        if given.dtype.kind not in NUMBERS:
            raise TypeError("got text" if given.dtype.kind in "US" else f"got {given.dtype}")
        # Where a masked array says nothing it holds anything.
        points = np.array(np.ma.filled(given.astype(np.float64), np.nan))
    except (TypeError, ValueError, OverflowError, RuntimeError) as error:  # the last is PyTorch's
        raise PointsError(f"points must be numbers in an (N, 2) array: {error}") from None
    if points.ndim != 2 or points.shape[1] != 2:
        raise PointsError(f"points must have shape (N, 2), N >= 4; got shape {points.shape}")
    if len(points) < 4:
        raise PointsError(
            "four extreme points (left-most, top, right-most, bottom) are needed; "
            f"got {len(points)}"
        )
    if not np.isfinite(points).all():
        raise PointsError("points must be finite; got NaN or infinity")
    height, width = size_hw
    low, high = points.min(axis=0), points.max(axis=0)
    box = Box.around_points(points)
    too_far = (low < (-width, -height)).any() or (high >= (2 * width, 2 * height)).any()
    beside = box.intersection(Box.of_image(size_hw)) is None
    if too_far or beside:
        raise PointsError(
            f"points from ({low[0]:g}, {low[1]:g}) to ({high[0]:g}, {high[1]:g}) do not lie on or "
            f"near an image of {width} x {height} pixels; give (x, y) in pixels of this image"
        )
    if box.area == 1:
        raise PointsError(
            f"all {len(points)} points lie on the pixel ({box.x0}, {box.y0}): give the left-most, "
            "top, right-most and bottom point of the object"
        )
    return points
