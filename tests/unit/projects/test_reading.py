"""Objects of an image."""

from __future__ import annotations

from collections.abc import Callable

from extremecut.projects.project import Project
from extremecut.projects.records import ImageRecord, ObjectFields


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
