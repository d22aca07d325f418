from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from pydantic import TypeAdapter, ValidationError

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.annotations.packed_mask import PackedMask
from extremecut.annotator.messages import (
    MAX_RUNS,
    ActionRequest,
    GivenMask,
    Line,
    MaskMessage,
    ObjectMessage,
)
from extremecut.errors import DataError


@given(arrays.arrays(bool, st.tuples(st.integers(1, 6), st.integers(1, 6))))
def test_a_mask_survives_the_way_there_and_back(mask: object) -> None:
    runs = MaskRuns.from_mask(mask)  # type: ignore[arg-type]
    text = MaskMessage.of(PackedMask.of(runs)).model_dump_json()
    assert GivenMask.model_validate_json(text).checked((6, 6)) == runs
    assert GivenMask(box=runs.box_xyxy, runs=runs.runs).checked((6, 6)) == runs


def test_a_mask_of_another_size_is_refused() -> None:
    with pytest.raises(DataError):
        GivenMask(box=(0, 0, 2, 2), runs=(0, 3)).checked((6, 6))
    with pytest.raises(DataError):
        GivenMask(box=(0, 0, 2, 2), runs="03").checked((6, 6))
    with pytest.raises(DataError):
        GivenMask(box=(0, 0, 7, 1), runs=(0, 7)).checked((6, 6))


@pytest.mark.parametrize("runs", ["0 4", "p", "\u00e9", "0" * (MAX_RUNS + 1)])
def test_text_that_is_no_runs_is_refused(runs: str) -> None:
    with pytest.raises(ValidationError):
        GivenMask(box=(0, 0, 2, 2), runs=runs)


@pytest.mark.parametrize("text", ["", "a\nb", "a\x00", "\x7f", "x" * 201, "\ud800"])
def test_a_line_has_no_control_characters(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Line).validate_python(text)


def test_misspelt_fields_are_refused() -> None:
    with pytest.raises(ValidationError):
        ObjectMessage(mask=GivenMask(box=(0, 0, 0, 0), runs=()), class_id=1, lockd=True)  # type: ignore[call-arg]


def test_an_action_needs_changes() -> None:
    with pytest.raises(ValidationError):
        ActionRequest(version=1, action="x", changes=[])


def test_fields_become_the_projects(  # names differ: points in JSON, points_xy in Python
) -> None:
    message = ObjectMessage(
        mask=GivenMask(box=(1, 1, 2, 2), runs=(0, 1)), points=((0.5, -3),), class_id=7
    )
    fields = message.fields((6, 6))
    assert fields.points_xy == ((0.5, -3.0),) and fields.class_id == 7
    assert fields.mask == MaskRuns((1, 1, 2, 2), (0, 1)) and fields.visible
