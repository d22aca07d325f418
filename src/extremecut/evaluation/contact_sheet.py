"""A picture of the worst cases: truth, prediction and points of many objects side by side."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extremecut.evaluation.evaluate import ObjectRow
from extremecut.evaluation.sheet import sheet_of, write
from extremecut.geometry.boxes import Box

TILE_PX = 256
CAPTION_PX = 34
COLUMNS = 6
MARGIN = 0.2

TRUTH_RGB = (60, 220, 60)
PREDICTED_RGB = (255, 60, 60)
POINT_RGB = (255, 220, 0)
VOID_RGB = (128, 128, 128)
_TEXT_RGB = (235, 235, 235)
_BACK_RGB = (24, 24, 24)


@dataclass(frozen=True, slots=True)
class Case:
    """One object for the sheet."""

    image: NDArray[np.uint8]
    """(H, W, 3) RGB."""
    truth: NDArray[np.bool_]
    predicted: NDArray[np.bool_]
    void: NDArray[np.bool_] | None
    points_xy: NDArray[np.float64]
    captions: tuple[str, str]
    """Two lines below the picture."""


def worst_rows(rows: Iterable[ObjectRow], count: int) -> list[ObjectRow]:
    """The `count` rows of lowest IoU, worst first; ties in the order given."""
    return sorted(rows, key=lambda row: row.iou)[: max(count, 0)]


def contact_sheet(cases: Sequence[Case], *, columns: int = COLUMNS) -> NDArray[np.uint8]:
    """All cases as tiles, row by row: truth green, prediction red, points yellow, void greyed.

    Returns:
        (H, W, 3) uint8 RGB; one line of text when there are no cases.
    """
    if not cases:
        sheet = np.full((CAPTION_PX, TILE_PX, 3), _BACK_RGB, np.uint8)
        write(sheet, "no objects", (6, 22), ink_rgb=_TEXT_RGB)
        return sheet
    return sheet_of([tile(case) for case in cases], columns=columns, back_rgb=_BACK_RGB)


def tile(case: Case) -> NDArray[np.uint8]:
    """One case: (TILE_PX + CAPTION_PX, TILE_PX, 3) uint8 RGB."""
    window = _window(case)
    scale = (TILE_PX - 4) / max(window.width, window.height)
    size = (max(1, round(window.width * scale)), max(1, round(window.height * scale)))
    rule = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    part = case.image[window.slices].copy()  # greying the void must not reach the image
    if case.void is not None:
        unknown = case.void[window.slices]
        part[unknown] = (part[unknown] * 0.6 + np.array(VOID_RGB) * 0.4).astype(np.uint8)
    picture = cv2.resize(part, size, interpolation=rule)
    for mask, colour in ((case.truth, TRUTH_RGB), (case.predicted, PREDICTED_RGB)):
        outline = cv2.resize(
            mask[window.slices].astype(np.uint8), size, interpolation=cv2.INTER_NEAREST
        )
        found, _ = cv2.findContours(outline, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(picture, found, -1, colour, 1, cv2.LINE_AA)
    for x, y in case.points_xy:
        place = (round((x - window.x0 + 0.5) * scale), round((y - window.y0 + 0.5) * scale))
        cv2.circle(picture, place, 3, POINT_RGB, -1, cv2.LINE_AA)
        cv2.circle(picture, place, 4, (0, 0, 0), 1, cv2.LINE_AA)
    result = np.full((TILE_PX + CAPTION_PX, TILE_PX, 3), _BACK_RGB, np.uint8)
    y, x = (TILE_PX - size[1]) // 2, (TILE_PX - size[0]) // 2
    result[y : y + size[1], x : x + size[0]] = picture
    for line, caption in enumerate(case.captions):
        write(result, caption, (4, TILE_PX + 13 + 15 * line), ink_rgb=_TEXT_RGB)
    return result


def _window(case: Case) -> Box:
    """What a tile shows: everything drawn, and some surroundings, inside the image."""
    size_hw = case.truth.shape
    points = np.clip(case.points_xy, 0, (size_hw[1] - 1, size_hw[0] - 1))
    masks = Box.around_mask(case.truth), Box.around_mask(case.predicted)
    whole = Box.around_boxes([Box.around_points(points), *masks])
    assert whole is not None
    margin = math.ceil(MARGIN * max(whole.width, whole.height)) + 2
    window = whole.padded(margin, margin).intersection(Box.of_image(size_hw))
    assert window is not None
    return window
