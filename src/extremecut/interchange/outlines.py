"""Outlines of masks for files that hold polygons, and masks of the polygons in files."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from extremecut.annotations.mask_runs import EMPTY, MaskRuns
from extremecut.annotations.polygons import Polygon, fill, simplified, trace
from extremecut.errors import DataError
from extremecut.geometry.boxes import Box
from extremecut.interchange.limits import MAX_OUTLINE_PX, Allowance
from extremecut.interchange.tally import Tally

_BESIDE_PX = 2
"""How far a box may lie from what it is drawn around."""
_CANDIDATES = 512
"""Corners of a ring that are tried for a bridge."""


def outlines(mask: MaskRuns, *, tolerance_px: float) -> list[Polygon]:
    """A mask's parts with their holes, in image pixels; none for an empty mask.

    Args:
        mask: of one object.
        tolerance_px: how far a ring may lie from the exact outline; 0 for that itself.
    """
    if mask.box is None:
        return []
    inside = mask.inside()
    box = Box(0, 0, mask.box.width, mask.box.height)
    polygons = simplified(trace(inside, box), tolerance_px=tolerance_px, mask=inside, box=box)
    shift = np.array([mask.box.x0, mask.box.y0], np.float64)
    return [
        Polygon(polygon.outer + shift, tuple(hole + shift for hole in polygon.holes))
        for polygon in polygons
    ]


def without_holes(mask: MaskRuns) -> MaskRuns:
    """A mask whose holes are filled; itself when it has none."""
    if mask.box is None:
        return mask
    inside = mask.inside()
    polygons = trace(inside)
    if not any(polygon.holes for polygon in polygons):
        return mask
    # One by one: what lies in a hole of another part must not be taken out of it.
    box = Box(0, 0, mask.box.width, mask.box.height)
    for polygon in polygons:
        inside |= fill([Polygon(polygon.outer)], box)
    return MaskRuns.from_mask(inside, offset_xy=(mask.box.x0, mask.box.y0))


def bridged(rings: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Several rings as one, joined by bridges of no width that are walked there and back.

    Args:
        rings: (N, 2) each, at least one, none inside another.
    """
    joined = rings[0]
    for ring in rings[1:]:
        here = np.unique(np.linspace(0, len(joined) - 1, _CANDIDATES).astype(np.intp))
        there = np.unique(np.linspace(0, len(ring) - 1, _CANDIDATES).astype(np.intp))
        distances = ((joined[here][:, None] - ring[there][None]) ** 2).sum(axis=2)
        nearest = np.unravel_index(int(distances.argmin()), distances.shape)
        i, j = int(here[nearest[0]]), int(there[nearest[1]])
        joined = np.concatenate([joined[: i + 1], ring[j:], ring[: j + 1], joined[i:]])
    return joined


def filled(
    rings: Sequence[NDArray[np.float64]],
    size_hw: tuple[int, int],
    where: str,
    allowance: Allowance,
) -> MaskRuns:
    """The mask of one object's rings, each a part of it, cut at the image's border.

    Args:
        rings: (N, 2) each, pixels, (0, 0) the centre of the top-left one. Pixels belong to a
            ring when their centres lie inside it an odd number of times.
        size_hw: height and width of the image.
        where: file and row, for messages.
        allowance: what the image may still ask for.

    Raises:
        DataError: numbers far outside the image or not finite, fewer than three corners, or
            outlines beyond every measure.
    """
    height, width = size_hw
    near = np.array([width, height], np.float64)
    crossings = 0.0
    for ring in rings:
        if len(ring) < 3:
            raise DataError(f"{where}: a polygon needs three or more points, got {len(ring)}")
        if not ((ring >= -near - 1) & (ring <= 2 * near + 1)).all():  # also refuses NaN
            raise DataError(
                f"{where}: a polygon lies far outside the photo of {width} x {height} pixels, or "
                "is not a number"
            )
        crossings += float(np.abs(np.diff(ring[:, 1], append=ring[:1, 1])).sum())
    if crossings > MAX_OUTLINE_PX:
        raise DataError(f"{where}: an outline of {crossings:.0f} pixels is no object's")
    boxes = [_box_of(ring, size_hw) for ring in rings]
    around = _around([box for box in boxes if box is not None])
    if around is None:
        return EMPTY
    allowance.object_of(around.area + sum(box.area for box in boxes if box is not None))
    whole = np.zeros((around.height, around.width), np.bool_)
    for ring, box in zip(rings, boxes, strict=True):
        if box is not None:
            whole[box.shifted(-around.x0, -around.y0).slices] |= fill([Polygon(ring)], box)
    return of_part(whole, (around.x0, around.y0), allowance)


def _box_of(ring: NDArray[np.float64], size_hw: tuple[int, int]) -> Box | None:
    """The pixels of the image that a ring can reach."""
    low, high = np.floor(ring.min(axis=0)), np.ceil(ring.max(axis=0)) + 1
    around = Box(int(low[0]), int(low[1]), int(high[0]), int(high[1]))
    return around.intersection(Box.of_image(size_hw))


def _around(boxes: Sequence[Box]) -> Box | None:
    """The smallest box that holds all of them; None for none."""
    if not boxes:
        return None
    return Box(
        min(box.x0 for box in boxes), min(box.y0 for box in boxes),
        max(box.x1 for box in boxes), max(box.y1 for box in boxes),
    )  # fmt: skip


def of_part(
    inside: NDArray[np.bool_], offset_xy: tuple[int, int], allowance: Allowance
) -> MaskRuns:
    """`MaskRuns.from_mask`, for masks of strangers.

    Raises:
        DataError: more runs than one image may have.
    """
    flat = inside.ravel()
    allowance.runs(int(np.count_nonzero(flat[1:] != flat[:-1])))
    return MaskRuns.from_mask(inside, offset_xy=offset_xy)


def united(masks: Sequence[MaskRuns], allowance: Allowance) -> MaskRuns:
    """The pixels of any of several masks."""
    there = [mask for mask in masks if mask.box is not None]
    around = _around([mask.box for mask in there if mask.box is not None])
    if around is None or len(there) == 1:
        return there[0] if there else EMPTY
    allowance.object_of(around.area)
    whole = np.zeros((around.height, around.width), np.bool_)
    for mask in masks:
        if mask.box is not None:
            whole[mask.box.shifted(-around.x0, -around.y0).slices] |= mask.inside()
    return of_part(whole, (around.x0, around.y0), allowance)


def parts_of(shapes: Sequence[tuple[MaskRuns, bool]], tally: Tally, photo: str) -> list[MaskRuns]:
    """The parts of one object. Some programs group an outline with its bounding box, which
    says nothing more and would cover it.

    Args:
        shapes: the mask of each, and whether it is an upright rectangle.
        tally: is told of boxes left out.
        photo: for the tally.
    """
    outlines_of = [mask for mask, is_box in shapes if not is_box]
    around = _around([mask.box for mask in outlines_of if mask.box is not None])
    if around is None:
        return [mask for mask, _ in shapes]
    parts = [mask for mask, is_box in shapes if not (is_box and _is_box_of(mask, around))]
    tally.count(
        "Boxes around an outline of the same group are left out", photo, len(shapes) - len(parts)
    )
    return parts


def _is_box_of(mask: MaskRuns, around: Box) -> bool:
    return mask.box is not None and all(
        abs(one - other) <= _BESIDE_PX
        for one, other in zip(mask.box.xyxy, around.xyxy, strict=True)
    )


def corners_of(numbers: Sequence[float]) -> NDArray[np.float64]:
    """[x, y, x, y, ...] counted from the top-left pixel's corner, as (N, 2) from its centre."""
    return np.asarray(numbers, np.float64).reshape(-1, 2) - 0.5


def rectangle(x0: float, y0: float, x1: float, y1: float) -> NDArray[np.float64]:
    """The ring between two opposite corners, as `corners_of` has it."""
    return corners_of([x0, y0, x1, y0, x1, y1, x0, y1])
