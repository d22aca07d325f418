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


def test_a_status_is_not_undone(project: Project, draw: Callable[..., ImageRecord]) -> None:
    draw(project)
    project.set_status(1, version=2, author="Ann", status="done")
    assert project.undo(1, version=3, author="Ann").status == "done"


@pytest.mark.parametrize(
    ("named", "words"),
    [({}, "nothing to set"), ({"status": "ready"}, "one of new, in_progress, done; got 'ready'")],
)
def test_wrong_values_are_refused(local: Project, named: dict[str, str], words: str) -> None:
    with pytest.raises(DataError, match=words):
        local.set_status(1, version=1, author="Ann", **named)
