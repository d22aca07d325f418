"""One action: several objects, all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from extremecut.errors import DataError, NotFoundError
from extremecut.projects.actions import Action
from extremecut.projects.project import Project
from extremecut.projects.records import ImageRecord, ObjectChange, ObjectFields

Draw = Callable[..., ImageRecord]
Fields = Callable[..., ObjectFields]


def change(project: Project, *changes: ObjectChange, **named: object) -> ImageRecord:
    options = {"author": "Bob", "action": "edit", "version": project.image(1).version, **named}
    return project.apply(1, changes=changes, **options)


def test_an_action_creates_changes_and_deletes(
    project: Project, draw: Draw, fields: Fields
) -> None:
    first, second = draw(project, fields(0), fields(4)).objects
    after = change(
        project,
        ObjectChange(first.object_id, fields(2)),
        ObjectChange(second.object_id, None),
        ObjectChange(None, fields(8)),
    )
    assert [found.box[0] for found in after.objects] == [2, 8]
    assert after.objects[0].object_id == first.object_id
    assert after.objects[1].object_id not in (first.object_id, second.object_id)
    assert (after.version, after.object_count) == (3, 2)


def test_an_object_keeps_its_author_and_adds_up_its_cost(
    project: Project, draw: Draw, fields: Fields
) -> None:
    made = draw(project, seconds=8.0, inputs=5).objects[0]
    edited = change(
        project, ObjectChange(made.object_id, fields(3)), seconds=2.0, inputs=1
    ).objects[0]
    assert (edited.author, edited.seconds, edited.inputs) == ("Ann", 10.0, 6)
    assert edited.created_at == made.created_at <= edited.changed_at


def test_the_cost_of_an_action_is_shared_by_the_objects_it_leaves(
    project: Project, draw: Draw, fields: Fields
) -> None:
    first = draw(project).objects[0]
    changes = (ObjectChange(first.object_id, None), *(ObjectChange(None, fields()),) * 2)
    after = change(project, *changes, seconds=3.0, inputs=3)
    assert [(found.seconds, found.inputs) for found in after.objects] == [(1.5, 2), (1.5, 1)]


def test_one_bad_change_refuses_the_whole_action(
    project: Project, draw: Draw, fields: Fields
) -> None:
    draw(project)
    with pytest.raises(NotFoundError, match="image 1 has no object 99"):
        change(project, ObjectChange(None, fields()), ObjectChange(99, None))
    assert (project.image(1).version, project.image(1).object_count) == (2, 1)


def test_a_locked_object_is_unlocked_first(project: Project, draw: Draw, fields: Fields) -> None:
    object_id = draw(project, fields(locked=True)).objects[0].object_id
    with pytest.raises(DataError, match="is locked"):
        change(project, ObjectChange(object_id, None))
    change(project, ObjectChange(object_id, fields()))
    assert change(project, ObjectChange(object_id, None)).objects == ()


def test_an_empty_mask_is_an_object(project: Project, draw: Draw, fields: Fields) -> None:
    from extremecut.annotations.mask_runs import EMPTY

    assert draw(project, replace(fields(), mask=EMPTY)).objects[0].mask == EMPTY


def test_object_ids_are_never_used_again(project: Project, draw: Draw) -> None:
    first = draw(project).objects[0].object_id
    change(project, ObjectChange(first, None))
    assert draw(project).objects[0].object_id > first


def test_an_action_needs_a_name_and_an_author(project: Project, draw: Draw) -> None:
    with pytest.raises(DataError, match="an author's name"):
        draw(project, author=" ")
    with pytest.raises(DataError, match="an action's name"):
        draw(project, action="")
    with pytest.raises(DataError, match="at least one object"):
        Action("Ann", "draw", ())
