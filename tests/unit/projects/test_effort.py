"""What a mask costs."""

from __future__ import annotations

from collections.abc import Callable

from extremecut.projects.effort import effort
from extremecut.projects.project import Project
from extremecut.projects.records import EffortRecord, ImageRecord, ObjectFields


def test_objects_without_measured_time_do_not_count() -> None:
    record = effort("Ann", [(4.0, 4), (0.0, 0), (8.0, 6), (6.0, 6)])
    assert record == EffortRecord("Ann", 4, 3, 6.0, 6, 18.0)
    assert effort("", []) == EffortRecord("", 0, 0, None, None, 0)


def test_statistics_are_told_by_author_and_class(
    project: Project, draw: Callable[..., ImageRecord], fields: Callable[..., ObjectFields]
) -> None:
    cup = project.add_class("cup").class_id
    draw(project, fields(), author="Ann", seconds=8.0, inputs=5)
    draw(project, fields(class_id=cup), author="Bob", seconds=4.0, inputs=4)
    project.set_status(1, version=3, author="Bob", status="done", reviewed=True)
    found = project.statistics()
    assert (found.images, found.done, found.reviewed) == (1, 1, 1)
    assert found.total == EffortRecord("", 2, 2, 6.0, 4.5, 12.0)
    assert found.by_author == (
        EffortRecord("Ann", 1, 1, 8.0, 5, 8.0),
        EffortRecord("Bob", 1, 1, 4.0, 4, 4.0),
    )
    assert [record.name for record in found.by_class] == ["cup", "object"]
