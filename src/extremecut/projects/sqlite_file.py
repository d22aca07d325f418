"""The embedded database: one SQLite file, durable, shared by threads and processes."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from extremecut.errors import StoreError
from extremecut.projects.store_errors import DAMAGED

BUSY_S = 30.0
"""How long one process waits for another's transaction."""
WRITES = "extremecut_writes"
"""Execution option of connections whose transactions write."""

_COPIES = 5
"""How often a file is copied that changes meanwhile."""

_HEADER = b"SQLite format 3\0"
_VERSIONS = slice(18, 20)
_WITHOUT_LOG = b"\1\1"
"""What the header says in `_VERSIONS` of a database that is in no need of a write-ahead log."""


def check_file(path: Path) -> None:
    """Refuse what is certainly no database before SQLite touches it; a new file is fine.

    Raises:
        StoreError: a folder, another kind of file, or a log of changes without its database or
            beside another one.
    """
    if path.is_dir():
        raise StoreError(f"a project is a database file, but {path} is a folder: name a file in it")
    log = _beside(path, "-wal")
    try:
        size_bytes = path.stat().st_size if path.exists() else 0
        holds_changes = log.exists() and log.stat().st_size > 0
        if size_bytes == 0:
            if holds_changes:
                # SQLite would delete the log, and with it the newest changes.
                raise StoreError(
                    f"{path} is missing or empty, but its log {log.name} is there and holds "
                    "changes: put the database back beside it, or move the log away"
                )
            return
        with path.open("rb") as handle:
            header = handle.read(_VERSIONS.stop)
    except OSError as error:
        raise StoreError(f"cannot read the project {path}: {error.strerror or error}") from None
    if not header.startswith(_HEADER):
        raise StoreError(
            f"{path} is not a project's database. The file is left as it is: name another one"
        )
    if holds_changes and header[_VERSIONS] == _WITHOUT_LOG:
        # SQLite would write the changes of one database into the other.
        raise StoreError(
            f"{path} was put here from elsewhere (a backup?), but {log.name} beside it holds "
            f"changes of the database that was here before: move {log.name} away to open this one"
        )


def _beside(path: Path, ending: str) -> Path:
    """SQLite's own file beside a database: it lies where a link leads to."""
    real = path.resolve()
    return real.with_name(real.name + ending)


def sqlite_engine(path: Path, *, shared_drive: bool) -> sa.Engine:
    """An engine whose every accepted transaction is on the disk.

    Args:
        shared_drive: the file is on a network drive, where the write-ahead log would break (its
            index is memory that computers do not share): a rollback journal is used instead.
    """
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        connect_args={"timeout": BUSY_S, "check_same_thread": False},
        pool_size=8,
        max_overflow=64,
    )

    @sa.event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, record: Any) -> None:
        connection.isolation_level = None  # transactions begin where we say, below
        # A rollback journal is deleted on commit; EXTRA makes that deletion durable, too.
        connection.execute(f"PRAGMA synchronous={'EXTRA' if shared_drive else 'FULL'}")
        connection.execute("PRAGMA foreign_keys=ON")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        # IMMEDIATE: two writers queue here, instead of failing when the second comes to write.
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def check_content(path: Path) -> None:
    """Refuse a damaged file; changes nothing, not even by writing its log into it.

    Raises:
        StoreError: SQLite's own check finds something.
        sqlite3.Error: it cannot even check.
    """
    if not path.exists():
        return
    log = _beside(path, "-wal")
    # Whoever may write ends by writing the log into the file. A rollback journal needs writing.
    mode = "ro" if log.exists() and log.stat().st_size else "rw"
    try:
        connection = sqlite3.connect(f"{path.as_uri()}?mode={mode}", timeout=BUSY_S, uri=True)
        try:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            connection.close()
    except UnicodeDecodeError:  # of what SQLite has to say about it
        found = "its description of the tables is no text"
    if found != "ok":
        raise StoreError(f"{path} is damaged ({' '.join(found.split())}). {DAMAGED}")


def set_journal(engine: sa.Engine, path: Path, *, shared_drive: bool) -> str:
    """Choose how changes are journalled, and say what it is now: "wal" or "delete".

    Raises:
        StoreError: another program has the file open in the other way.
    """
    wanted = "delete" if shared_drive else "wal"
    until = time.monotonic() + BUSY_S
    while True:
        raw = engine.raw_connection()
        try:
            (mode,) = raw.cursor().execute(f"PRAGMA journal_mode={wanted}").fetchone()
            break
        except sqlite3.OperationalError as error:
            # Changing over does not wait for others by itself.
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.05)
        finally:
            raw.close()
    if shared_drive and mode != "delete":
        raise StoreError(
            f"{path} is on a network drive and open in another program: close that, then try again"
        )
    return str(mode)


def is_read_only(path: Path) -> bool:
    """Whether SQLite cannot open this file here: even to read it writes beside it."""
    real = path.resolve()
    return real.is_file() and not (os.access(real, os.W_OK) and os.access(real.parent, os.W_OK))


def copy_to_read(path: Path, folder: Path) -> Path:
    """Copy a database and its log or journal to a folder where it can be opened.

    Raises:
        StoreError: it cannot be read, or is written to all the time.
    """
    path = path.resolve()
    files = (path, _beside(path, "-wal"), _beside(path, "-journal"))
    for _ in range(_COPIES):
        before = [_state_of(file) for file in files]
        for file, state in zip(files, before, strict=True):
            (folder / file.name).unlink(missing_ok=True)
            if state is None:
                continue
            try:
                shutil.copyfile(file, folder / file.name)
            except OSError as error:
                raise StoreError(f"cannot read {file}: {error.strerror or error}") from None
        if [_state_of(file) for file in files] == before:
            return folder / path.name
    raise StoreError(f"{path} is being written by another program: try again when that has stopped")


def _state_of(file: Path) -> tuple[int, int] | None:
    """Size and time of the last change; None where there is no such file."""
    try:
        status = file.stat()
    except FileNotFoundError:
        return None
    return (status.st_size, status.st_mtime_ns)


def identity_of(path: Path) -> tuple[int, int]:
    """Device and inode: whether a path still leads to the file that was opened.

    Raises:
        OSError: there is no such file any more.
    """
    status = path.stat()
    return (status.st_dev, status.st_ino)
