"""Status and review."""

from __future__ import annotations

from collections.abc import Callable

import pytest

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
