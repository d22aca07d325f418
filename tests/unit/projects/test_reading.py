"""Objects of an image."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from extremecut.errors import StoreError
from extremecut.projects.project import Project
from extremecut.projects.records import ImageRecord, ObjectFields
from extremecut.projects.schema import object_


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


def test_a_damaged_time_is_said(project: Project, draw: Callable[..., ImageRecord]) -> None:
    draw(project)
    with project._store.writing() as connection:
        connection.execute(sa.update(object_).values(changed_at=1 << 60, version=9))
    with pytest.raises(StoreError, match="a time in the database is damaged"):
        project.image(1)
