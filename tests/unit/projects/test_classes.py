"""Classes: names, colours, order."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extremecut.errors import DataError, NotFoundError
from extremecut.projects.classes import COLORS
from extremecut.projects.project import Project
from extremecut.projects.records import ClassRecord, ImageRecord, ObjectFields


def names(project: Project) -> list[str]:
    return [record.name for record in project.classes()]


def test_a_new_project_has_one_class(project: Project) -> None:
    assert project.classes() == (ClassRecord(1, "object", COLORS[0], 0),)


def test_the_first_class_does_not_come_back_by_itself(
    project: Project, open_project: Callable[[], Project]
) -> None:
    project.remove_class(1)
    assert names(open_project()) == []


def test_a_class_without_a_colour_gets_a_free_one(project: Project) -> None:
    added = [project.add_class(f"class {n}") for n in range(len(COLORS) + 2)]
    assert len({record.color for record in added}) == len(added)
    assert added[0] == ClassRecord(2, "class 0", COLORS[1], 1)


def test_names_are_taken_once(project: Project) -> None:
    project.add_class(" cup ")
    with pytest.raises(DataError, match="there is a class 'cup' already"):
        project.add_class("cup")
    with pytest.raises(DataError, match="there is a class 'cup' already"):
        project.change_class(1, name="cup")


@pytest.mark.parametrize("color", ["red", "#12345", "#12345g", "#1234567", "#12345\n"])
def test_a_colour_has_six_digits(local: Project, color: str) -> None:
    with pytest.raises(DataError, match="a colour is written like"):
        local.add_class("cup", color)


def test_a_class_is_renamed_recoloured_and_moved(project: Project) -> None:
    project.add_class("cup")
    moved = project.change_class(2, name="mug", color="#ABCDEF", order=0)
    assert moved == ClassRecord(2, "mug", "#abcdef", 0)
    assert names(project) == ["mug", "object"]


def test_a_class_in_use_is_not_removed(project: Project, draw: Callable[..., ImageRecord]) -> None:
    draw(project)
    with pytest.raises(DataError, match="1 objects have the class 'object'"):
        project.remove_class(1)
    assert names(project) == ["object"]


def test_a_removed_class_is_gone_and_its_name_is_free(
    project: Project, fields: Callable[..., ObjectFields], draw: Callable[..., ImageRecord]
) -> None:
    project.add_class("cup")
    project.remove_class(2)
    with pytest.raises(NotFoundError, match="no class 2"):
        project.change_class(2, name="mug")
    with pytest.raises(NotFoundError, match="no class 2"):
        draw(project, fields(class_id=2))
    project.change_class(1, name="cup")
    assert names(project) == ["cup"]


def test_a_class_removed_and_added_again_is_the_same(project: Project) -> None:
    project.add_class("cup", "#111111")
    project.remove_class(2)
    assert project.add_class("cup", "#222222") == ClassRecord(2, "cup", "#222222", 1)
