"""What was accepted stays, whatever happens to the program, the disk or the file."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image

from extremecut.errors import MissingExtraError, StoreError
from extremecut.projects import file_systems, store
from extremecut.projects.project import Project
from extremecut.projects.records import ImageRecord
from extremecut.projects.store import open_file, open_server, spoken_errors

WRITER = Path(__file__).with_name("writing_process.py")
KILLS = int(os.environ.get("EXTREMECUT_KILLS", "10"))
WIDTH = 1000 + 100 * KILLS  # an object has a pixel of its own

Draw = Callable[..., ImageRecord]


def wide_photo(folder: Path) -> None:
    Image.new("1", (WIDTH, 1)).save(folder / "a.png")


def test_two_programs_writing_at_once_lose_nothing(
    open_project: Callable[[], Project], photos: Path, place: str | Path
) -> None:
    wide_photo(photos)
    open_project().refresh_photos()
    command = [sys.executable, str(WRITER), str(photos), str(place), "3"]
    programs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    accepted = [program.communicate(timeout=300)[0].split("\n")[:-1] for program in programs]
    assert [program.returncode for program in programs] == [0, 0]
    ids = {int(line.split()[0]) for lines in accepted for line in lines}
    assert len(ids) == 6
    assert {found.object_id for found in open_project().image(1).objects} == ids


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
def test_killed_in_the_middle_of_work_no_accepted_object_is_lost(
    open_project: Callable[[], Project], photos: Path, place: str | Path
) -> None:
    wide_photo(photos)
    project = open_project()
    project.refresh_photos()
    project.close()
    kills = KILLS if isinstance(place, Path) else 2  # a server does not die with its client
    command = [sys.executable, str(WRITER), str(photos), str(place), "0", str(kills)]
    output = subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)
    accepted = dict(map(int, line.split()) for line in output.stdout.splitlines())
    assert len(accepted) >= kills
    image = open_project().image(1)
    there = {found.object_id: found.box[0] for found in image.objects}
    assert accepted.items() <= there.items()
    assert len(there) <= len(accepted) + kills  # at most the one under way at each kill
    assert image.version == 1 + len(there) == 1 + image.object_count
    if isinstance(place, Path):
        with sqlite3.connect(place) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()


def test_a_full_disk_is_said_and_nothing_is_lost(local: Project, draw: Draw) -> None:
    drawn = draw(local)
    with local._store.reading() as connection:  # the pool keeps this connection for what follows
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreError, match=r"the disk of .* is full: the last change was not saved"):
        for _ in range(50):
            draw(local, action="x" * 200)
    kept = local.image(1)
    assert kept.objects[: len(drawn.objects)] == drawn.objects
    assert kept.version == 1 + kept.object_count
    with local._store.reading() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    assert draw(local).version == kept.version + 1


@pytest.fixture
def read_only_folder() -> Iterator[Path]:
    """A folder of photos in which the person who runs the block may not write."""
    folder = Path(tempfile.mkdtemp(prefix="extremecut-"))
    Image.new("RGB", (20, 10)).save(folder / "a.png")
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.fixture
def ordinary_user() -> Iterator[Callable[[], None]]:
    """Called, it gives up root's rights to write everywhere, until the test ends."""
    yield lambda: os.seteuid(65534) if os.geteuid() == 0 else None
    if os.getuid() == 0:
        os.seteuid(0)


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="needs users and rights")
def test_a_read_only_folder_is_said(
    read_only_folder: Path, ordinary_user: Callable[[], None]
) -> None:
    read_only_folder.chmod(0o555)
    ordinary_user()
    with pytest.raises(StoreError, match=r"cannot create the folder .*extremecut.*--project FILE"):
        Project.open(read_only_folder)


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="needs users and rights")
def test_a_read_only_project_is_said_and_stays(
    read_only_folder: Path, ordinary_user: Callable[[], None], draw: Draw
) -> None:
    with Project.open(read_only_folder) as project:
        project.refresh_photos()
        draw(project)
    hidden = read_only_folder / ".extremecut"
    read_only_folder.chmod(0o755)
    for path, mode in ((hidden / "project.sqlite", 0o444), (hidden, 0o555)):
        path.chmod(mode)
    before = (hidden / "project.sqlite").read_bytes()
    ordinary_user()
    with pytest.raises(StoreError, match=r"--project FILE"):
        Project.open(read_only_folder)
    assert (hidden / "project.sqlite").read_bytes() == before


def test_a_project_removed_while_open_is_said(local: Project, draw: Draw) -> None:
    """Otherwise all further work would go to a file that no longer has a name."""
    draw(local)
    Path(local.where).rename(local.photos / "elsewhere.sqlite")
    with pytest.raises(StoreError, match="was removed or replaced while it was open"):
        draw(local)


def test_on_a_network_drive_the_log_is_another_and_the_person_is_told(
    photos: Path, draw: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Project.open(photos) as project:  # a project made elsewhere and moved there
        project.refresh_photos()
        draw(project)
    monkeypatch.setattr(file_systems, "file_system_type", lambda path: "nfs4")
    with Project.open(photos) as project:
        assert "on a network drive (nfs4)" in project.notes[0]
        with project._store.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 3  # EXTRA
        assert draw(project).object_count == 2


def test_a_disk_without_a_write_ahead_log_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "set_journal", lambda engine, path, shared_drive: "delete")
    opened = open_file(tmp_path / "p.sqlite")
    opened.close()
    assert "does not support SQLite's write-ahead log" in opened.notes[0]


def test_a_folder_below_a_file_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"cannot (create the folder|read the project)"):
        open_file(tmp_path / "file" / "below" / "p.sqlite")


def test_a_database_on_a_server_is_backed_up_there(empty_postgres: str, tmp_path: Path) -> None:
    opened = open_server(empty_postgres)
    with pytest.raises(StoreError, match="pg_dump"):
        opened.back_up(tmp_path / "copy.sqlite")
    opened.close()


def test_who_only_looked_is_not_told_of_a_lost_change(local: Project) -> None:
    cannot = sqlite3.OperationalError("disk I/O error")
    cannot.sqlite_errorcode = sqlite3.SQLITE_IOERR
    store = local._store
    with (
        pytest.raises(StoreError, match=r"failed \(disk I/O error\): nothing was"),
        store.reading(),
    ):
        raise cannot
    with pytest.raises(StoreError, match="the last change was not saved"), store.writing():
        raise cannot


def test_too_many_requests_at_once_are_said() -> None:
    words = r"too many requests to p\.sqlite at once"
    with pytest.raises(StoreError, match=words), spoken_errors("p.sqlite"):
        raise sa.exc.TimeoutError("no connection is free")


def test_a_url_that_is_none_is_refused() -> None:
    with pytest.raises(StoreError, match="must look like postgresql://user"):
        open_server("postgresql://host:no-port/x")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann:geheim@127.0.0.1:1/cups",
        "postgresql://ann@127.0.0.1:1/cups?password=geheim",
        "postgresql://127.0.0.1:1/cups?user=ann&sslpassword=geheim&connect_timeout=5",
    ],
)
def test_a_password_is_not_said_wherever_the_url_has_it(url: str) -> None:
    with pytest.raises(StoreError, match="does not answer") as said:
        open_server(url)
    assert "geheim" not in str(said.value) and "127.0.0.1:1/cups" in str(said.value)


def test_a_missing_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtraError, match=r"extremecut\[postgres\]"):
        open_server("postgresql://localhost/x")
