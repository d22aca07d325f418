"""Projects to test with: on SQLite, and on a real PostgreSQL server where one is installed."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from PIL import Image

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.projects.project import Project
from extremecut.projects.records import ImageRecord, ObjectChange, ObjectFields
from extremecut.projects.store import open_file

POSTGRES = ("initdb", "pg_ctl")


def as_database_user(folder: Path) -> list[str]:
    """The start of a command line: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return []
    if shutil.which("runuser") is None:
        pytest.skip("PostgreSQL does not run as root, and there is no runuser")
    shutil.chown(folder, "postgres")
    return ["runuser", "-u", "postgres", "--"]


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A server of its own, on a socket in a temporary folder; gone afterwards."""
    pytest.importorskip("psycopg", reason="the PostgreSQL driver is not installed")
    if any(shutil.which(program) is None for program in POSTGRES):
        pytest.skip("PostgreSQL (initdb, pg_ctl) is not installed")
    folder = Path(tempfile.mkdtemp(prefix="extremecut-pg-"))
    user = as_database_user(folder)
    data = folder / "data"
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder}
    stop = [*user, "pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop"]
    # Waits for the end of this program, however it ends: killed, it leaves no server behind.
    undertaker = subprocess.Popen(
        ["sh", "-c", f"cat; {shlex.join(stop)}; rm -rf {shlex.quote(str(folder))}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        init = ["initdb", "-D", str(data), "-U", "tester", "-A", "trust", "-E", "UTF8", "-N"]
        subprocess.run([*user, *init, "--locale=C.UTF-8"], **quiet)
        options = f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=50"
        start = ["pg_ctl", "-D", str(data), "-l", str(folder / "log"), "-o", options]
        subprocess.run([*user, *start, "-w", "-t", "300", "start"], **quiet)
        yield f"postgresql://tester@/postgres?host={folder}"
    finally:
        undertaker.communicate()


@pytest.fixture
def empty_postgres(postgres_url: str) -> str:
    """The server's URL; what tables there are in the database are empty."""
    engine = sa.create_engine(
        sa.make_url(postgres_url).set(drivername="postgresql+psycopg"), poolclass=sa.NullPool
    )
    with engine.begin() as connection:
        there = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
        if there:
            names = ", ".join(f'"{name}"' for name in sorted(there))
            connection.execute(sa.text(f"TRUNCATE {names} RESTART IDENTITY"))
    return postgres_url


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty project's file: copying it is quicker than making one for each test."""
    path = tmp_path_factory.mktemp("new") / "project.sqlite"
    open_file(path).close()
    return path


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    """Where a project's database is."""
    if request.param == "postgres":
        return str(request.getfixturevalue("empty_postgres"))
    new = request.getfixturevalue("new_database")
    return Path(shutil.copy(new, tmp_path / "project.sqlite"))


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder with one photo, a.png, 20 pixels wide and 10 high."""
    folder = tmp_path / "photos"
    folder.mkdir()
    Image.new("RGB", (20, 10)).save(folder / "a.png")
    return folder


@pytest.fixture
def open_project(photos: Path, place: str | Path) -> Iterator[Callable[[], Project]]:
    """Opens the same project, as often as asked; closes all in the end."""
    opened: list[Project] = []

    def opener() -> Project:
        opened.append(Project.open(photos, store=place))
        return opened[-1]

    yield opener
    for project in opened:
        project.close()


@pytest.fixture
def project(open_project: Callable[[], Project]) -> Project:
    """With its photos looked up."""
    project = open_project()
    project.refresh_photos()
    return project


@pytest.fixture
def local(photos: Path, new_database: Path) -> Iterator[Project]:
    """On SQLite in the photo folder only, for what does not differ between databases."""
    (photos / ".extremecut").mkdir()
    shutil.copy(new_database, photos / ".extremecut")
    with Project.open(photos) as project:
        project.refresh_photos()
        yield project


def _square(x: int = 0, y: int = 0, side: int = 2) -> MaskRuns:
    return MaskRuns.from_mask(np.ones((side, side), bool), offset_xy=(x, y))


def _fields(
    x: int = 0, *, class_id: int = 1, confidence: float | None = None, locked: bool = False
) -> ObjectFields:
    return ObjectFields(_square(x), ((0.5, 1.0),), class_id, confidence, locked=locked)


def _draw(project: Project, *drawn: ObjectFields, **named: object) -> ImageRecord:
    record = project.image(1)
    changes = [ObjectChange(None, each) for each in (drawn or (_fields(),))]
    options = {"author": "Ann", "action": "draw", "version": record.version, **named}
    return project.apply(record.image_id, changes=changes, **options)


@pytest.fixture
def square() -> Callable[..., MaskRuns]:
    """Makes a square mask: x, y of its top-left pixel and its side."""
    return _square


@pytest.fixture
def fields() -> Callable[..., ObjectFields]:
    """Makes an object of 2 x 2 pixels at (x, 0)."""
    return _fields


@pytest.fixture
def draw() -> Callable[..., ImageRecord]:
    """Creates objects on the first image in one action."""
    return _draw


def _save_photo(path: Path, color: str, size: tuple[int, int] = (20, 10)) -> None:
    path.parent.mkdir(exist_ok=True)
    Image.new("RGB", size, color).save(path)
    os.utime(path, (1_700_000_000, 1_700_000_000))


@pytest.fixture
def save_photo() -> Callable[..., None]:
    """Writes a photo, of one color, that was there for long."""
    return _save_photo


@pytest.fixture
def red(project: Project) -> Project:
    """a.png is red, and has one object."""
    _save_photo(project.photos / "a.png", "red")
    project.refresh_photos()
    _draw(project)
    return project
