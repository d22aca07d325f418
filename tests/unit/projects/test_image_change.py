"""Versions, requests sent twice, and what is counted along."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extremecut.errors import DataError, NotFoundError
from extremecut.projects.project import Project
from extremecut.projects.records import ImageRecord, ObjectChange, ObjectFields

Draw = Callable[..., ImageRecord]
Fields = Callable[..., ObjectFields]


def test_a_request_sent_twice_is_done_once(
    open_project: Callable[[], Project], project: Project, draw: Draw
) -> None:
    first = draw(project, request_id="r-1")
    again = draw(open_project(), request_id="r-1", version=1)
    assert again == first


def test_an_undo_sent_twice_is_done_once(project: Project, draw: Draw) -> None:
    draw(project)
    version = draw(project).version
    for _ in range(2):
        after = project.undo(1, version=version, author="Ann", request_id="u-1")
    assert after.object_count == 1


def test_a_request_that_was_refused_may_be_sent_again(
    project: Project, draw: Draw, fields: Fields
) -> None:
    with pytest.raises(NotFoundError):
        draw(project, fields(class_id=9), request_id="r-1")
    assert draw(project, request_id="r-1").object_count == 1


def test_a_requests_id_belongs_to_one_image(project: Project, draw: Draw, fields: Fields) -> None:
    from PIL import Image

    Image.new("RGB", (9, 9)).save(project.photos / "b.png")
    project.refresh_photos()
    draw(project, request_id="r-1")
    with pytest.raises(DataError, match="r-1 was accepted for image 1"):
        project.apply(
            2,
            version=1,
            author="Ann",
            action="draw",
            changes=[ObjectChange(None, fields())],
            request_id="r-1",
        )


def test_objects_and_the_lowest_confidence_are_counted_along(
    project: Project, draw: Draw, fields: Fields
) -> None:
    drawn = draw(project, fields(confidence=0.75), fields(confidence=0.25), fields())
    assert (drawn.object_count, drawn.lowest_confidence) == (3, 0.25)
    undone = project.undo(1, version=drawn.version, author="Ann")
    assert (undone.object_count, undone.lowest_confidence) == (0, None)


def test_the_first_object_brings_an_image_in_progress(project: Project, draw: Draw) -> None:
    assert project.image(1).status == "new"
    assert draw(project).status == "in_progress"


def test_a_review_ends_when_the_objects_change_but_not_when_one_is_hidden(
    project: Project, draw: Draw, fields: Fields
) -> None:
    from dataclasses import replace

    made = draw(project)
    reviewed = project.set_status(1, version=made.version, author="Bob", reviewed=True)
    assert reviewed.reviewed_by == "Bob"
    hidden = replace(fields(), visible=False)
    for fields_after, reviewer in ((hidden, "Bob"), (fields(5), None)):
        reviewed = project.apply(
            1,
            version=reviewed.version,
            author="Ann",
            action="edit",
            changes=[ObjectChange(made.objects[0].object_id, fields_after)],
        )
        assert reviewed.reviewed_by == reviewer
