"""Masks on photos that became smaller."""

from __future__ import annotations

from collections.abc import Callable

from extremecut.annotations.mask_runs import EMPTY, MaskRuns
from extremecut.projects.project import Project
from extremecut.projects.reading import clipped
from extremecut.projects.records import ImageRecord, ObjectFields


def test_a_mask_inside_the_image_stays_the_same(square: Callable[..., MaskRuns]) -> None:
    mask = square(3, 4, 2)
    assert clipped(mask, (6, 5)) is mask


def test_a_mask_is_cut_at_the_border(square: Callable[..., MaskRuns]) -> None:
    assert clipped(square(3, 4, 2), (5, 4)) == MaskRuns((3, 4, 4, 5), (0, 1))
    assert clipped(square(3, 4, 2), (4, 9)) == EMPTY
    assert clipped(EMPTY, (4, 9)) == EMPTY


def test_objects_come_in_the_order_they_were_drawn(
    open_project: Callable[[], Project],
    project: Project,
    draw: Callable[..., ImageRecord],
    fields: Callable[..., ObjectFields],
) -> None:
    """Some of them are in the cache of the one project, none in the other's."""
    for x in (9, 3, 6):
        draw(project, fields(x))
    for reader in (project, open_project()):
        assert [found.box[0] for found in reader.image(1).objects] == [9, 3, 6]
