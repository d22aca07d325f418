"""Undo and redo."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extremecut.errors import ConflictError, DataError
from extremecut.projects.project import Project
from extremecut.projects.records import ImageRecord, ObjectChange, ObjectFields

Draw = Callable[..., ImageRecord]
Fields = Callable[..., ObjectFields]


def shown(record: ImageRecord) -> list[tuple[int, ObjectFields]]:
    return [(found.object_id, found.fields) for found in record.objects]


def test_a_deleted_object_comes_back_as_it_was(project: Project, draw: Draw) -> None:
    drawn = draw(project, seconds=4.0, inputs=4)
    deleted = project.apply(
        1,
        version=drawn.version,
        author="Bob",
        action="delete",
        changes=[ObjectChange(drawn.objects[0].object_id, None)],
    )
    back = project.undo(1, version=deleted.version, author="Bob").objects[0]
    before = drawn.objects[0]
    assert (back.object_id, back.fields, back.author) == (before.object_id, before.fields, "Ann")
    assert (back.seconds, back.inputs, back.created_at) == (4.0, 4, before.created_at)


def test_a_new_action_ends_redo(project: Project, draw: Draw, fields: Fields) -> None:
    drawn = draw(project)
    project.undo(1, version=drawn.version, author="Ann")
    assert draw(project, fields(6), action="again").redo_label is None
    with pytest.raises(DataError, match=r"nothing to redo in a\.png"):
        project.redo(1, version=4, author="Ann")


def test_there_may_be_nothing_to_undo(project: Project) -> None:
    with pytest.raises(DataError, match=r"nothing to undo in a\.png"):
        project.undo(1, version=1, author="Ann")
    assert project.image(1).version == 1


def test_undo_on_an_old_version_is_a_conflict(project: Project, draw: Draw) -> None:
    draw(project)
    with pytest.raises(ConflictError):
        project.undo(1, version=1, author="Ann")


def test_undo_brings_a_removed_class_back(project: Project, draw: Draw, fields: Fields) -> None:
    cup = project.add_class("cup").class_id
    drawn = draw(project, fields(class_id=cup))
    undone = project.undo(1, version=drawn.version, author="Ann")
    project.remove_class(cup)
    redone = project.redo(1, version=undone.version, author="Ann")
    assert redone.objects[0].class_id == cup
    assert [each.name for each in project.classes()] == ["object", "cup"]


def test_an_image_that_everything_is_undone_of_is_new_and_not_exported(
    project: Project, draw: Draw
) -> None:
    """Someone drew on the wrong photo."""
    draw(project)
    assert draw(project).status == "in_progress"
    assert project.undo(1, version=3, author="Ann").status == "in_progress"
    assert project.undo(1, version=4, author="Ann").status == "new"
    assert len(project.annotated().images) == 0
    assert project.redo(1, version=5, author="Ann").status == "in_progress"


def test_a_status_that_someone_set_outlives_the_objects(project: Project, draw: Draw) -> None:
    project.set_status(1, version=1, author="Ann", status="in_progress")
    draw(project)
    assert project.undo(1, version=3, author="Ann").status == "in_progress"


def test_a_locked_object_goes_back_to_before_it_was_locked(
    project: Project, draw: Draw, fields: Fields
) -> None:
    drawn = draw(project, fields(2))
    locked = project.apply(
        1,
        version=drawn.version,
        author="Ann",
        action="lock",
        changes=[ObjectChange(drawn.objects[0].object_id, fields(2, locked=True))],
    )
    unlocked = project.undo(1, version=locked.version, author="Ann")
    assert not unlocked.objects[0].locked
    assert project.undo(1, version=unlocked.version, author="Ann").objects == ()


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.sampled_from(["draw", "move", "delete", "undo", "redo"]), max_size=12))
def test_any_walk_along_the_history_shows_the_states_that_were(
    local: Project, fields: Fields, steps: list[str]
) -> None:
    """The oracle: a list of states and a place in it."""
    record = local.image(1)
    states, place = [shown(record)], 0
    for number, step in enumerate(steps):
        if step in ("undo", "redo"):
            place_after = place + (1 if step == "redo" else -1)
            if not 0 <= place_after < len(states):
                continue
            walk = local.undo if step == "undo" else local.redo
            record = walk(1, version=record.version, author="Ann")
            place = place_after
            assert shown(record) == states[place]
            continue
        last = record.objects[-1].object_id if record.objects else None
        if step != "draw" and last is None:
            continue
        change = {
            "draw": ObjectChange(None, fields(number)),
            "move": ObjectChange(last, fields(number)),
            "delete": ObjectChange(last, None),
        }[step]
        record = local.apply(1, version=record.version, author="Ann", action=step, changes=[change])
        states = [*states[: place + 1], shown(record)]
        place += 1
    assert shown(local.image(1)) == states[place]
