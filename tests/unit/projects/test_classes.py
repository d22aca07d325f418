"""Classes: names, colours, order."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from extremecut.errors import DataError, NotFoundError
from extremecut.projects.classes import COLORS, read_classes, start_classes
from extremecut.projects.project import Project
from extremecut.projects.records import ClassRecord, ImageRecord, ObjectFields
from extremecut.projects.schema import object_class
from extremecut.projects.store import Store, open_server


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


def wait_for_a_lock(store: Store, waiting: Future[object]) -> None:
    """Until a transaction of the server waits for another's."""
    query = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while True:
        with store.reading() as connection:
            if connection.execute(query).scalar_one():
                return
        assert not waiting.done()


def test_two_programs_may_open_a_new_project_at_once(empty_postgres: str) -> None:
    store = open_server(empty_postgres)

    def start() -> None:
        with store.writing() as connection:
            start_classes(connection)

    with ThreadPoolExecutor(1) as pool:
        with store.writing() as connection:
            start_classes(connection)
            other = pool.submit(start)
            wait_for_a_lock(store, other)
        other.result()
    with store.reading() as connection:
        assert [record.name for record in read_classes(connection)] == ["object"]
    store.close()


def test_two_people_may_put_classes_in_order_at_once(empty_postgres: str, photos: Path) -> None:
    """The one has moved the first class and comes to the second, where the other begins."""
    with Project.open(photos, store=empty_postgres) as project, ThreadPoolExecutor(1) as pool:
        second = project.add_class("cup").class_id
        with project._store.writing() as connection:
            move = sa.update(object_class).values(place=5).where(object_class.c.id == 1)
            connection.execute(move)
            other = pool.submit(project.change_class, second, order=0)
            wait_for_a_lock(project._store, other)
            connection.execute(sa.update(object_class).values(place=6))
        other.result()
        assert names(project) == ["cup", "object"]
