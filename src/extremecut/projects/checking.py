"""What a change must be like to be accepted."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.errors import DataError, NotFoundError
from extremecut.projects.encoding import bytes_to_runs
from extremecut.projects.records import ObjectChange, ObjectFields

MOST_POINTS = 1000
"""Clicked points of one object."""
MOST_CHARACTERS = 200
"""Of a name, a label or a request's id."""
_FAR_PX = 1e6  # a point beyond this is no click near an image


def checked_text(text: str, what: str) -> str:
    """A name as people type it, without blanks around it.

    Raises:
        DataError: empty, too long, or with characters that cannot be stored or seen.
    """
    text = text.strip()
    if not 1 <= len(text) <= MOST_CHARACTERS or not text.isprintable():
        raise DataError(
            f"{what} must be 1 to {MOST_CHARACTERS} printable characters, got {text[:50]!r}"
        )
    return text


def checked_effort(seconds: float, inputs: int) -> None:
    """
    Raises:
        DataError: time or a count of inputs that is negative or no number.
    """
    if not (math.isfinite(seconds) and seconds >= 0 and 0 <= inputs < 2**31):
        raise DataError(f"seconds and inputs must be 0 or more, got {seconds} and {inputs}")


def checked_fields(
    fields: ObjectFields, *, size_hw: tuple[int, int], class_ids: Collection[int]
) -> ObjectFields:
    """The same with a tight mask.

    Raises:
        NotFoundError: no such class.
        DataError: a mask outside the image, points or a confidence that are none.
    """
    if fields.class_id not in class_ids:
        raise NotFoundError(f"the project has no class {fields.class_id}")
    if fields.confidence is not None and not 0 <= fields.confidence <= 1:
        raise DataError(f"a confidence must be from 0 to 1 or none, got {fields.confidence}")
    if len(fields.points_xy) > MOST_POINTS:
        raise DataError(f"an object has at most {MOST_POINTS} points, got {len(fields.points_xy)}")
    for x, y in fields.points_xy:
        if not (abs(x) <= _FAR_PX and abs(y) <= _FAR_PX):
            raise DataError(f"points must be near the image, in pixels; got ({x}, {y})")
    mask = fields.mask
    return replace(fields, mask=MaskRuns.checked(mask.box_xyxy, mask.runs, size_hw=size_hw))


def checked_changes(changes: Sequence[ObjectChange]) -> None:
    """
    Raises:
        DataError: none, a change that is none, or one object changed twice.
    """
    if not changes:
        raise DataError("an action changes at least one object, got none")
    ids = [change.object_id for change in changes if change.object_id is not None]
    if len(set(ids)) < len(ids):
        raise DataError(f"an action changes each object once, got the objects {ids}")
    if any(change.object_id is None and change.fields is None for change in changes):
        raise DataError("a change needs an object to delete or fields to create one, got neither")


def check_unlocked(before: Mapping[str, Any], after: Mapping[str, Any] | None) -> None:
    """A locked object can be hidden, shown and unlocked; nothing else.

    Args:
        before: the object's row.
        after: its columns to be; None deletes it.

    Raises:
        DataError: the object is locked and this is something else.
    """
    if before["locked"] and (after is None or annotation_differs(before, after)):
        raise DataError(f"object {before['id']} is locked: unlock it first")


def annotation_differs(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether the object itself changes, not only how it is shown."""
    differing = {name for name, value in after.items() if before[name] != value} - _SHOWN
    if differing == {"runs"}:  # another version of the compressor may write the same otherwise
        return bytes_to_runs(before["runs"]) != bytes_to_runs(after["runs"])
    return bool(differing)


_SHOWN = frozenset(("visible", "locked"))
