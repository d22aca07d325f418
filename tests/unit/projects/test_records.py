"""Plain records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError

import pytest

from extremecut.annotations.mask_runs import EMPTY
from extremecut.projects.project import Project
from extremecut.projects.records import ImageRecord, ObjectFields


def test_an_object_tells_its_fields_and_box(
    local: Project, draw: Callable[..., ImageRecord], fields: Callable[..., ObjectFields]
) -> None:
    record = draw(local, fields(5, confidence=0.5)).objects[0]
    assert record.fields == fields(5, confidence=0.5)
    assert record.box == (5, 0, 7, 2)
    assert record.with_mask(EMPTY).box == (0, 0, 0, 0)


def test_an_image_tells_what_can_be_undone(
    local: Project, draw: Callable[..., ImageRecord]
) -> None:
    drawn = draw(local)
    assert (drawn.can_undo, drawn.can_redo) == (True, False)
    with pytest.raises(FrozenInstanceError):
        drawn.version = 9
