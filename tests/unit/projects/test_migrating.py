"""Databases of other versions."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.errors import StoreError
from extremecut.projects import migrating
from extremecut.projects.project import Project
from extremecut.projects.records import ObjectChange
from extremecut.projects.store import open_file, open_server

OLD = Path(__file__).parent / "old_projects"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A project as the first version wrote it."""
    path = tmp_path / "old.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript((OLD / "0001.sql").read_text())
    connection.close()
    return path


def test_an_old_project_opens_with_all_that_was_in_it(old: Path, photos: Path) -> None:
    with Project.open(photos, store=old) as project:
        image = project.image(1)
        (found,) = image.objects
        assert (image.path, image.version, image.size_hw) == ("a.png", 3, (10, 20))
        assert found.mask == MaskRuns((3, 2, 6, 4), (1, 1, 1, 3))
        assert found.points_xy == ((3.0, 2.5), (4.0, 2.0), (5.0, 3.0), (4.0, 3.0))
        assert (found.confidence, found.author, found.seconds, found.inputs) == (
            0.75,
            "Ann",
            7.5,
            5,
        )
        assert [record.name for record in project.classes()] == ["cup"]
        assert project.settings == {"detail_px": 1.5}
        assert not image.can_undo


def test_an_old_project_goes_on_with_the_new_tables(old: Path, photos: Path) -> None:
    with Project.open(photos, store=old) as project:
        object_id = project.image(1).objects[0].object_id
        deleted = project.apply(
            1, version=3, author="Bob", action="x", changes=[ObjectChange(object_id, None)]
        )
        assert project.undo(1, version=deleted.version, author="Bob").object_count == 1


def test_a_migration_that_fails_leaves_the_old_project(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even when the second of two steps fails."""
    from alembic import op

    def fail(*arguments: object) -> None:
        raise RuntimeError("no column today")

    with monkeypatch.context() as broken:
        broken.setattr(op, "add_column", fail)
        with pytest.raises(RuntimeError, match="no column today"):
            open_file(old)
    connection = sqlite3.connect(old)
    assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    assert "action" not in tables
    assert connection.execute("SELECT count(*) FROM object").fetchone() == (1,)
    connection.close()
    open_file(old).close()


def test_a_newer_project_is_refused_and_left_as_it_is(old: Path) -> None:
    connection = sqlite3.connect(old)
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = '0099'")
    connection.close()
    before = old.read_bytes()
    with pytest.raises(
        StoreError, match=rf"newer version .* at 0099, .* up to {migrating.newest()}\): update"
    ):
        open_file(old)
    assert old.read_bytes() == before


def test_another_programs_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "places.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="is a database, but not a project's"):
        open_file(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("revision", ["0001", "0004", "5f1e3c"])
def test_another_program_may_number_its_versions_in_the_same_way(
    tmp_path: Path, revision: str
) -> None:
    path = tmp_path / "books.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
    connection.execute("CREATE TABLE object (price REAL)")
    connection.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="is a database, but not a project's"):
        open_file(path)
    assert path.read_bytes() == before


def test_another_programs_server_database_is_refused(empty_postgres: str) -> None:
    schema = "other_program"
    engine = sa.create_engine(
        sa.make_url(empty_postgres).set(drivername="postgresql+psycopg"), poolclass=sa.NullPool
    )
    with engine.begin() as connection:
        connection.execute(sa.text(f"CREATE SCHEMA IF NOT EXISTS {schema}"))
        connection.execute(sa.text(f"CREATE TABLE {schema}.bookmarks (url TEXT)"))
    with pytest.raises(StoreError, match="not a project's"):
        open_server(f"{empty_postgres}&options=-csearch_path%3D{schema}")
    with engine.begin() as connection:
        connection.execute(sa.text(f"DROP SCHEMA {schema} CASCADE"))


def test_a_new_project_is_at_the_newest_version(tmp_path: Path) -> None:
    opened = open_file(tmp_path / "p.sqlite")
    with opened.reading() as connection:
        assert migrating.revision_of(connection) == migrating.newest()
    opened.close()
