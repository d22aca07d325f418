"""The SQLite file: settings for safety, and files that are not what they should be."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from extremecut.errors import StoreError
from extremecut.projects import sqlite_file
from extremecut.projects.project import Project
from extremecut.projects.records import ImageRecord
from extremecut.projects.sqlite_file import copy_to_read, identity_of, is_read_only
from extremecut.projects.store import open_file


def test_every_connection_writes_through_to_the_disk(local: Project) -> None:
    values = {}
    with local._store.reading() as first, local._store.reading() as second:
        for connection in (first, second):
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout"):
                found = connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                values.setdefault(name, set()).add(found)
    expected = {"journal_mode": {"wal"}, "synchronous": {2}, "foreign_keys": {1}}
    assert values == {**expected, "busy_timeout": {30_000}}


def test_a_writer_holds_the_database_from_the_start(local: Project) -> None:
    other = sqlite3.connect(local.where, timeout=0)
    with local._store.writing(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.close()


def a_closed_project(photos: Path, draw: Callable[..., ImageRecord]) -> Path:
    with Project.open(photos) as project:
        project.refresh_photos()
        draw(project)
    return Path(project.where)


def test_closed_a_project_is_one_file(photos: Path, draw: Callable[..., ImageRecord]) -> None:
    path = a_closed_project(photos, draw)
    assert [found.name for found in path.parent.iterdir()] == ["project.sqlite"]


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_file_cut_short_is_said_and_left_as_it_is(
    share: float, photos: Path, draw: Callable[..., ImageRecord]
) -> None:
    path = a_closed_project(photos, draw)
    half = path.read_bytes()[: int(path.stat().st_size * share)]
    path.write_bytes(half)
    with pytest.raises(StoreError, match=r"project.sqlite is damaged .* Put a backup in its place"):
        Project.open(photos)
    assert path.read_bytes() == half


def test_a_file_with_wrong_bytes_in_it_is_said(
    photos: Path, draw: Callable[..., ImageRecord]
) -> None:
    path = a_closed_project(photos, draw)
    data = bytearray(path.read_bytes())
    data[4096:8192] = b"\xff" * 4096
    path.write_bytes(data)
    with pytest.raises(StoreError, match="is damaged"):
        Project.open(photos)
    assert path.read_bytes() == data


def test_a_file_whose_tables_have_names_of_no_text_is_said(
    photos: Path, draw: Callable[..., ImageRecord]
) -> None:
    path = a_closed_project(photos, draw)
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE image", b"CREATE\xe7TABLE image"))
    with pytest.raises(StoreError, match="is damaged"):
        Project.open(photos)


@pytest.mark.parametrize("data", [b"no database", b"SQLite format 2\0" + b"x" * 5000, b"S"])
def test_a_file_of_another_kind_is_refused_and_left_as_it_is(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "holiday.txt"
    path.write_bytes(data)
    with pytest.raises(StoreError, match="is not a project's database"):
        open_file(path)
    assert path.read_bytes() == data


def test_the_root_of_all_folders_is_no_database() -> None:
    with pytest.raises(StoreError, match="/ is a folder: name a file in it"):
        open_file(Path("/"))


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a folder: name a file in it"):
        open_file(tmp_path)


def test_an_empty_file_becomes_a_project(tmp_path: Path) -> None:
    """A program killed at its first breath leaves one."""
    (tmp_path / "p.sqlite").touch()
    open_file(tmp_path / "p.sqlite").close()


def test_a_log_without_its_database_is_kept(tmp_path: Path) -> None:
    log = tmp_path / "p.sqlite-wal"
    log.write_bytes(b"changes")
    with pytest.raises(StoreError, match=r"p.sqlite is missing or empty, but its log p.sqlite-wal"):
        open_file(tmp_path / "p.sqlite")
    assert log.read_bytes() == b"changes"


def left_by_a_killed_program(folder: Path, project: Project) -> Path:
    """What lies in the project's folder while it is open is what a killed program leaves."""
    folder.mkdir()
    for name in ("project.sqlite", "project.sqlite-wal"):
        shutil.copy(Path(project.where).with_name(name), folder)
    assert (folder / "project.sqlite-wal").stat().st_size > 0
    return folder / "project.sqlite"


def contents(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir() if each.suffix != ".shm"}


def test_a_backup_put_back_beside_an_old_log_is_not_spoilt(
    local: Project, draw: Callable[..., ImageRecord], tmp_path: Path
) -> None:
    draw(local)
    local.back_up(tmp_path / "backup")
    draw(local)
    path = left_by_a_killed_program(tmp_path / "killed", local)
    shutil.copy(tmp_path / "backup", path)
    before = contents(path.parent)
    with pytest.raises(StoreError, match=r"move project\.sqlite-wal away to open this one"):
        open_file(path)
    assert contents(path.parent) == before
    path.with_name("project.sqlite-wal").unlink()
    with Project.open(local.photos, store=path) as back:
        assert back.image(1).object_count == 1


def test_a_log_is_not_written_into_a_damaged_file(
    local: Project, draw: Callable[..., ImageRecord], tmp_path: Path
) -> None:
    draw(local)
    local.close()
    draw(local)  # opens it again; the log holds the pages that this changes alone
    path = left_by_a_killed_program(tmp_path / "killed", local)
    data = bytearray(path.read_bytes())
    for page in range(4096, len(data), 4096):
        data[page] = 0xFF
    path.write_bytes(data)
    before = contents(path.parent)
    with pytest.raises(StoreError, match=r"is damaged .* -wal, -shm or -journal"):
        open_file(path)
    after = contents(path.parent)
    assert {name: after[name] for name in before} == before


def test_a_project_open_elsewhere_does_not_move_to_a_network_drives_journal(
    local: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from extremecut.projects import file_systems, sqlite_file

    monkeypatch.setattr(file_systems, "file_system_type", lambda path: "nfs4")
    monkeypatch.setattr(sqlite_file, "BUSY_S", 0.1)
    with pytest.raises(StoreError, match=r"another program|busy"):
        open_file(Path(local.where))


def test_a_file_replaced_by_another_is_not_the_same(tmp_path: Path) -> None:
    path = tmp_path / "p"
    path.write_text("old")
    before = identity_of(path)
    (tmp_path / "new").write_text("new")
    (tmp_path / "new").replace(path)
    assert identity_of(path) != before


def test_a_copy_holds_what_stands_in_the_log_only(
    photos: Path, draw: Callable[..., ImageRecord], tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with Project.open(photos) as project:
        project.refresh_photos()
        image = draw(project)
        assert Path(project.where + "-wal").stat().st_size > 0
        copy = copy_to_read(Path(project.where), elsewhere)
    with Project.open(photos, store=copy) as copied:
        assert len(copied.image(image.image_id).objects) == len(image.objects) > 0


def test_a_copy_holds_no_half_of_a_transaction(
    photos: Path, draw: Callable[..., ImageRecord], tmp_path: Path
) -> None:
    """A program was killed where there is no write-ahead log: the journal says what was before."""
    path = a_closed_project(photos, draw)
    killed, elsewhere = tmp_path / "killed", tmp_path / "elsewhere"
    killed.mkdir()
    elsewhere.mkdir()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=delete")
    connection.execute("PRAGMA cache_size=1")
    connection.execute("BEGIN")
    connection.execute("DELETE FROM object_change")
    connection.execute("DELETE FROM object")
    connection.execute("UPDATE image SET object_count = 0")
    connection.execute("CREATE TABLE large AS SELECT zeroblob(100000)")  # too much to hold back
    for name in ("project.sqlite", "project.sqlite-journal"):
        shutil.copy(path.with_name(name), killed)
    connection.close()
    copy = copy_to_read(killed / "project.sqlite", elsewhere)
    with Project.open(photos, store=copy) as copied:
        assert copied.image(1).object_count == len(copied.image(1).objects) == 1


def test_a_copy_of_a_linked_file_holds_its_log(
    local: Project, draw: Callable[..., ImageRecord], tmp_path: Path
) -> None:
    draw(local)
    (tmp_path / "link.sqlite").symlink_to(local.where)
    (tmp_path / "elsewhere").mkdir()
    copy = copy_to_read(tmp_path / "link.sqlite", tmp_path / "elsewhere")
    with Project.open(local.photos, store=copy) as copied:
        assert copied.image(1).object_count == 1


def test_a_file_that_changes_all_the_time_is_not_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "project.sqlite"
    path.write_bytes(b"x")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    def copy(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes())
        source.write_bytes(source.read_bytes() + b"x")

    monkeypatch.setattr(sqlite_file.shutil, "copyfile", copy)
    with pytest.raises(StoreError, match="being written"):
        copy_to_read(path, elsewhere)


def test_what_can_be_written_is_not_read_only(tmp_path: Path) -> None:
    path = tmp_path / "project.sqlite"
    assert not is_read_only(path)  # there is none
    path.write_bytes(b"")
    assert not is_read_only(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write_is_read_only(tmp_path: Path) -> None:
    path = tmp_path / "project.sqlite"
    path.write_bytes(b"")
    tmp_path.chmod(0o555)
    try:
        assert is_read_only(path)
    finally:
        tmp_path.chmod(0o755)
