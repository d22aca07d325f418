"""Objects on a photo that became smaller: kept whole, shown up to its border."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from extremecut.annotations.mask_runs import EMPTY, MaskRuns
from extremecut.geometry.boxes import Box
from extremecut.projects.encoding import bytes_to_runs
from extremecut.projects.records import ObjectRecord

MASK_COLUMNS = ("x0", "y0", "x1", "y1", "runs")
"""Of an object's row."""


def shown(record: ObjectRecord, size_hw: tuple[int, int]) -> ObjectRecord:
    """The object as a photo of this size shows it; the record itself when that is all of it."""
    if not _reaches_out(record.box, size_hw):
        return record
    return replace(record.with_mask(clipped(record.mask, size_hw)), cut=True)


def kept_whole(
    before: Mapping[str, Any], columns: Mapping[str, Any], size_hw: tuple[int, int]
) -> dict[str, Any]:
    """An object's columns to be, with the whole mask where only its shown part came back.

    Whoever hides, locks or renames an object that the border cuts sends what is shown of it: what
    is not shown must not be lost by that.

    Args:
        before: the object's row.
        columns: what it is to become.
        size_hw: of the photo.
    """
    result = dict(columns)
    if _reaches_out(_box(before), size_hw):
        part = clipped(MaskRuns(_box(before), bytes_to_runs(before["runs"])), size_hw)
        if part == MaskRuns(_box(columns), bytes_to_runs(columns["runs"])):
            result.update({name: before[name] for name in MASK_COLUMNS})
    return result


def clipped(mask: MaskRuns, size_hw: tuple[int, int]) -> MaskRuns:
    """The part of a mask inside an image; the mask itself when that is all of it."""
    if mask.box is None or not _reaches_out(mask.box_xyxy, size_hw):
        return mask
    common = mask.box.intersection(Box.of_image(size_hw))
    if common is None:
        return EMPTY
    rows, columns = common.shifted(-mask.box.x0, -mask.box.y0).slices
    return MaskRuns.from_mask(mask.inside()[rows, columns], offset_xy=(common.x0, common.y0))


def _reaches_out(box_xyxy: Sequence[int], size_hw: tuple[int, int]) -> bool:
    return box_xyxy[2] > size_hw[1] or box_xyxy[3] > size_hw[0]


def _box(row: Mapping[str, Any]) -> tuple[int, int, int, int]:
    return (row["x0"], row["y0"], row["x1"], row["y1"])
