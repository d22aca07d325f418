"""Status and review."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from PIL import Image

from extremecut.errors import ConflictError, DataError
from extremecut.projects.project import Project
from extremecut.projects.records import ImageRecord


def test_a_status_is_set_and_counts_as_a_change(project: Project) -> None:
    done = project.set_status(1, version=1, author="Ann", status="done")
    assert (done.status, done.reviewed_by, done.version) == ("done", None, 2)
    with pytest.raises(ConflictError):
        project.set_status(1, version=1, author="Bob", status="new")


def test_a_review_names_the_reviewer_and_can_be_taken_back(project: Project) -> None:
    assert project.set_status(1, version=1, author="Bob", reviewed=True).reviewed_by == "Bob"
    assert project.set_status(1, version=2, author="Bob", reviewed=False).reviewed_by is None


def test_status_and_review_are_undone_in_their_turn(
    project: Project, draw: Callable[..., ImageRecord]
) -> None:
    draw(project)
    project.set_status(1, version=2, author="Ann", status="done")
    reviewed = project.set_status(1, version=3, author="Bob", reviewed=True)
    assert reviewed.undo_label == "Mark as reviewed"
    back = project.undo(1, version=4, author="Ann")
    assert (back.status, back.reviewed_by, back.undo_label) == ("done", None, "Mark as done")
    assert project.undo(1, version=5, author="Ann").status == "in_progress"
    assert project.undo(1, version=6, author="Ann").objects == ()
    for version in (7, 8, 9):
        again = project.redo(1, version=version, author="Ann")
    assert (again.status, again.reviewed_by, len(again.objects)) == ("done", "Bob", 1)
    assert again.version == 10


def save(project: Project, color: str, modified_s: int) -> None:
    Image.new("RGB", (20, 10), color).save(project.photos / "a.png")
    os.utime(project.photos / "a.png", (modified_s, modified_s))
    project.refresh_photos()


@pytest.fixture
def replaced(project: Project, draw: Callable[..., ImageRecord]) -> Project:
    """Done by mistake: its object was drawn on the red photo, and it is green now."""
    save(project, "red", 1_700_000_000)
    draw(project)
    save(project, "green", 1_700_000_001)
    project.set_status(1, version=project.image(1).version, author="Ann", status="done")
    assert not project.image(1).changed
    return project


def undone(project: Project) -> ImageRecord:
    return project.undo(1, version=project.image(1).version, author="Ann")


def test_the_mark_of_a_changed_photo_is_back_with_undo(replaced: Project) -> None:
    assert (undone(replaced).status, replaced.image(1).changed) == ("in_progress", True)
    save(replaced, "red", 1_700_000_000)
    assert not replaced.image(1).changed


def test_undo_marks_no_photo_that_is_what_its_objects_were_drawn_on(replaced: Project) -> None:
    replaced.set_status(1, version=replaced.image(1).version, author="Ann", status="new")
    save(replaced, "red", 1_700_000_000)
    replaced.set_status(1, version=replaced.image(1).version, author="Ann", status="new")
    assert not undone(replaced).changed
    assert not undone(replaced).changed


def test_a_photo_that_changed_once_more_keeps_its_newer_mark(replaced: Project) -> None:
    save(replaced, "blue", 1_700_000_002)
    assert undone(replaced).changed
    save(replaced, "green", 1_700_000_001)
    assert not replaced.image(1).changed


def test_what_is_so_already_is_no_step(project: Project) -> None:
    same = project.set_status(1, version=1, author="Ann", status="new", reviewed=False)
    assert (same.version, same.can_undo) == (2, False)


@pytest.mark.parametrize(
    ("named", "words"),
    [({}, "nothing to set"), ({"status": "ready"}, "one of new, in_progress, done; got 'ready'")],
)
def test_wrong_values_are_refused(local: Project, named: dict[str, str], words: str) -> None:
    with pytest.raises(DataError, match=words):
        local.set_status(1, version=1, author="Ann", **named)
