"""What changes are accepted."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.errors import DataError, NotFoundError
from extremecut.projects.checking import (
    annotation_differs,
    check_unlocked,
    checked_changes,
    checked_effort,
    checked_fields,
    checked_text,
)
from extremecut.projects.records import ObjectChange, ObjectFields

Fields = Callable[..., ObjectFields]


def test_blanks_around_a_name_are_dropped() -> None:
    assert checked_text("  Ann B. ", "a name") == "Ann B."


@pytest.mark.parametrize("text", ["", "  ", "two\nlines", "a\0b", "x" * 201])
def test_names_that_nobody_can_read_are_refused(text: str) -> None:
    with pytest.raises(DataError, match="a name must be 1 to 200 printable characters"):
        checked_text(text, "a name")


@pytest.mark.parametrize(("seconds", "inputs"), [(-1.0, 0), (float("nan"), 0), (0.0, -1)])
def test_time_and_inputs_count_from_zero(seconds: float, inputs: int) -> None:
    with pytest.raises(DataError, match="must be 0 or more"):
        checked_effort(seconds, inputs)


def test_a_loose_mask_is_made_tight(fields: Fields) -> None:
    loose = replace(fields(), mask=MaskRuns((0, 0, 3, 1), (1, 1, 1)))
    assert checked_fields(loose, size_hw=(5, 5), class_ids=(1,)).mask.box_xyxy == (1, 0, 2, 1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"mask": MaskRuns((4, 0, 6, 1), (0, 2))}, "must lie in the image of 5 x 5"),
        ({"confidence": 1.5}, "confidence must be from 0 to 1"),
        ({"confidence": float("nan")}, "confidence must be from 0 to 1"),
        ({"points_xy": ((float("inf"), 0.0),)}, "points must be near the image"),
        ({"points_xy": ((float("nan"), 0.0),)}, "points must be near the image"),
        ({"points_xy": ((0.0, 0.0),) * 1001}, "at most 1000 points"),
    ],
)
def test_values_out_of_range_are_refused(
    change: dict[str, object], words: str, fields: Fields
) -> None:
    with pytest.raises(DataError, match=words):
        checked_fields(replace(fields(), **change), size_hw=(5, 5), class_ids=(1,))


def test_points_may_lie_outside_the_image(fields: Fields) -> None:
    outside = replace(fields(), points_xy=((-30.0, 2.0),))
    assert checked_fields(outside, size_hw=(5, 5), class_ids=(1,)) == outside


def test_a_class_must_exist(fields: Fields) -> None:
    with pytest.raises(NotFoundError, match="no class 1"):
        checked_fields(fields(), size_hw=(5, 5), class_ids=(2,))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([], "at least one object"),
        ([ObjectChange(1, None), ObjectChange(1, None)], "changes each object once"),
        ([ObjectChange(None, None)], "an object to delete or fields to create one"),
    ],
)
def test_changes_that_say_nothing_are_refused(changes: list[ObjectChange], words: str) -> None:
    with pytest.raises(DataError, match=words):
        checked_changes(changes)


LOCKED = {"id": 7, "locked": True, "visible": True, "class_id": 1}


@pytest.mark.parametrize("after", [None, {"class_id": 2}, {"class_id": 2, "locked": False}])
def test_a_locked_object_is_not_changed(after: dict[str, object] | None) -> None:
    with pytest.raises(DataError, match="object 7 is locked: unlock it first"):
        check_unlocked(LOCKED, after)


@pytest.mark.parametrize("after", [{"class_id": 1, "locked": False}, {"visible": False}])
def test_a_locked_object_can_be_unlocked_and_hidden(after: dict[str, object]) -> None:
    check_unlocked(LOCKED, after)


def test_hiding_is_no_change_of_the_annotation() -> None:
    assert not annotation_differs(LOCKED, {"visible": False, "locked": False, "class_id": 1})
    assert annotation_differs(LOCKED, {"visible": True, "class_id": 2})


def test_the_same_mask_compressed_in_another_way_is_no_change() -> None:
    numbers = np.arange(500, dtype="<u2").tobytes()
    before, after = (b"2" + zlib.compress(numbers, level) for level in (0, 9))
    assert before != after
    assert not annotation_differs({"runs": before}, {"runs": after})
    assert annotation_differs({"runs": before}, {"runs": b"2" + zlib.compress(b"\1\0")})
