"""The shapes of labelme that are regions, as masks.

Corners count from the top-left pixel's corner, as labelme's canvas does; masks are whole pixels.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

import numpy as np

from extremecut.annotations.mask_runs import EMPTY, MaskRuns
from extremecut.errors import DataError
from extremecut.geometry.boxes import Box
from extremecut.interchange.checks import finite, listing
from extremecut.interchange.limits import Allowance
from extremecut.interchange.outlines import filled, of_part, rectangle
from extremecut.interchange.png_values import png_values
from extremecut.interchange.tally import printable, shown

_CIRCLE_CORNERS = 720


def _polygon(
    shape: dict[str, Any], where: str, photo_hw: tuple[int, int], allowance: Allowance
) -> MaskRuns:
    ring = _corners(shape, where)
    return filled([ring - 0.5], photo_hw, where, allowance)


def _rectangle(
    shape: dict[str, Any], where: str, photo_hw: tuple[int, int], allowance: Allowance
) -> MaskRuns:
    if isinstance(shape.get("points"), list) and len(shape["points"]) == 4:
        return _polygon(shape, where, photo_hw, allowance)  # all corners, as X-AnyLabeling has it
    (x0, y0), (x1, y1) = _two_points(shape, where, "two opposite corners")
    return filled([rectangle(x0, y0, x1, y1)], photo_hw, where, allowance)


def _circle(
    shape: dict[str, Any], where: str, photo_hw: tuple[int, int], allowance: Allowance
) -> MaskRuns:
    centre, rim = _two_points(shape, where, "the centre and a point of the rim")
    turns = np.linspace(0, 2 * np.pi, _CIRCLE_CORNERS, endpoint=False)
    with np.errstate(over="ignore", invalid="ignore"):  # refused as far outside
        radius = float(np.hypot(*(rim - centre)))
        ring = centre + radius * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    return filled([ring - 0.5], photo_hw, where, allowance)


def _two_points(shape: dict[str, Any], where: str, what: str) -> Any:
    corners = _corners(shape, where)
    if len(corners) != 2:
        raise DataError(
            f"{where}: a {shape['shape_type']} needs two points, {what}, got {len(corners)}"
        )
    return corners


def _corners(shape: dict[str, Any], where: str) -> Any:
    rows = listing(shape.get("points"), f"{where}: points")
    corners = []
    for number, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != 2:
            raise DataError(f"{where}: points[{number}] must be [x, y], got {printable(row)}")
        corners.append([finite(value, f"{where}: points[{number}]") for value in row])
    return np.array(corners, np.float64).reshape(-1, 2)


def _mask(
    shape: dict[str, Any], where: str, photo_hw: tuple[int, int], allowance: Allowance
) -> MaskRuns:
    corners = _corners(shape, where)
    limit = 2.0 * max(photo_hw)
    if corners.shape != (2, 2) or not (np.abs(corners) <= limit).all():
        raise DataError(f"{where}: a mask needs two points near the photo, the corners of its box")
    x0, y0, x1, y1 = (int(value) for value in np.rint(corners).ravel())
    if x1 < x0 or y1 < y0:
        raise DataError(f"{where}: a mask's first point must be the upper left one")
    text = shape.get("mask")
    try:
        data = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except (binascii.Error, ValueError):
        data = b""
    if not data:
        raise DataError(f"{where}: mask must be a PNG in base64, got {shown(text)}")
    box = Box(x0, y0, x1 + 1, y1 + 1)
    allowance.object_of(box.area)
    values = png_values(data, f"{where}: mask", (box.height, box.width)).values
    inside = box.intersection(Box.of_image(photo_hw))
    if inside is None:
        return EMPTY
    part = values[inside.shifted(-x0, -y0).slices] != 0
    return of_part(part, (inside.x0, inside.y0), allowance)


SHAPE_READERS = {"polygon": _polygon, "mask": _mask, "rectangle": _rectangle, "circle": _circle}
"""By `shape_type`: shape, where it stands, the photo's (h, w), what is still allowed -> mask."""
