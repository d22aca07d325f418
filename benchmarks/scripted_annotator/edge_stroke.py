"""The page's drag along the border that redraws it (frontend/src/core/edge.ts is the model)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scripted_annotator.page_actions import Mask

Pixel = tuple[int, int]
Sides = tuple[bool, bool, bool, bool]

_AROUND = np.ones((3, 3), np.uint8)


@dataclass(frozen=True)
class EdgeStroke:
    """A line drawn where the object's edge should be.

    Where it runs outside the mask, what it encloses with the mask becomes object; where it runs
    through the mask, what it cuts off no longer is. Of the pieces that a line makes of a part, the
    largest stays as it was; so does background that goes on beyond the window.
    """

    path_xy: NDArray[np.float64]
    """(N, 2), N >= 1, pixels of the window."""
    open_sides: Sides = (True, True, True, True)
    """Left, top, right, bottom: whether the image goes on beyond that side of the window."""

    def applied(self, mask: Mask) -> Mask:
        pixels = _whole_way(self.path_xy, mask)
        line = np.zeros_like(mask)
        for x, y in pixels:
            if _inside(mask, (x, y)):
                line[y, x] = True
        filled = _cut_off(~mask, line, 8, self.open_sides)
        removed = _cut_off(mask, line, 4, (False,) * 4)
        kept = mask & ~removed & ~line
        drawn = line & np.where(mask, ~_beside(removed) | _beside(kept), _beside(filled))
        return kept | filled | drawn


def line_pixels(path_xy: NDArray[np.float64]) -> list[Pixel]:
    """The path in steps from pixel to pixel by edges, never over a corner."""
    places = [(int(x), int(y)) for x, y in np.floor(path_xy + 0.5)]
    pixels = places[:1]
    for place in places[1:]:
        pixels += list(_steps(pixels[-1], place))
    return pixels


def _steps(start: Pixel, end: Pixel) -> Iterator[Pixel]:
    (x, y), (dx, dy) = start, (end[0] - start[0], end[1] - start[1])
    step_x, step_y = (1 if dx > 0 else -1), (1 if dy > 0 else -1)
    dx, dy = abs(dx), abs(dy)
    error = 0
    for _ in range(dx + dy):
        if abs(error + dy) < abs(error - dx):
            x += step_x
            error += dy
        else:
            y += step_y
            error -= dx
        yield x, y


def _whole_way(path_xy: NDArray[np.float64], mask: Mask) -> list[Pixel]:
    """The line, led on to the mask's edge where its ends fall short of it."""
    pixels = line_pixels(path_xy)
    first, last = _missing_end(pixels, mask), _missing_end(pixels[::-1], mask)
    before = [] if first is None else list(_steps(pixels[0], first))[::-1]
    after = [] if last is None else list(_steps(pixels[-1], last))
    return before + pixels + after


def _missing_end(pixels: list[Pixel], mask: Mask) -> Pixel | None:
    """Where a line should have begun: the nearest pixel across the mask's edge.

    None where there is no edge, and where the line begins well beyond it on purpose: further from
    it than half the way to where the line first crosses it.
    """
    inside = _value(mask, pixels[0])
    length = next((i for i, pixel in enumerate(pixels) if _value(mask, pixel) != inside), None)
    # Beyond the image there is no object.
    across = np.pad(mask, 1) != inside
    if not across.any():
        return None
    y, x = np.nonzero(across)
    away = np.hypot(x - 1 - pixels[0][0], y - 1 - pixels[0][1])
    nearest = int(away.argmin())
    if length is not None and away[nearest] > length / 2:
        return None
    return int(x[nearest]) - 1, int(y[nearest]) - 1


def _cut_off(part: Mask, line: Mask, connectivity: int, open_sides: Sides) -> Mask:
    """What the line cuts off the connected parts of a mask."""
    _, whole = cv2.connectedComponents(part.astype(np.uint8), connectivity=connectivity)
    count, pieces, stats, _ = cv2.connectedComponentsWithStats(
        (part & ~line).astype(np.uint8), connectivity=connectivity
    )
    of_whole = np.zeros(count, np.int64)
    of_whole[pieces.ravel()] = whole.ravel()
    area = stats[:, cv2.CC_STAT_AREA].astype(np.float64)
    left, top, right, bottom = open_sides
    for goes_on, side in (
        (left, pieces[:, 0]),
        (top, pieces[0]),
        (right, pieces[:, -1]),
        (bottom, pieces[-1]),
    ):
        if goes_on:
            area[side] = np.inf
    stays = area == np.inf
    for label in np.unique(of_whole[1:]):
        its_pieces = 1 + np.flatnonzero(of_whole[1:] == label)
        stays[its_pieces[area[its_pieces].argmax()]] = True
    stays[0] = True
    return np.asarray(~stays[pieces])


def _beside(mask: Mask) -> Mask:
    return cv2.dilate(mask.astype(np.uint8), _AROUND) > 0


def _inside(mask: Mask, pixel: Pixel) -> bool:
    return 0 <= pixel[0] < mask.shape[1] and 0 <= pixel[1] < mask.shape[0]


def _value(mask: Mask, pixel: Pixel) -> bool:
    return _inside(mask, pixel) and bool(mask[pixel[1], pixel[0]])
