"""A project's database as transactions: reading ones and writing ones."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import sqlalchemy as sa

from extremecut.errors import MissingExtraError, StoreError
from extremecut.files import atomic_path
from extremecut.projects import migrating
from extremecut.projects.file_systems import is_network
from extremecut.projects.sqlite_file import (
    WRITES,
    check_content,
    check_file,
    identity_of,
    set_journal,
    sqlite_engine,
)
from extremecut.projects.store_errors import store_error

_PASSWORDS = ("password", "sslpassword")
"""What a database URL may hold in its query, beside the password before the host."""


class Store:
    """An open database with the newest tables.

    Attributes:
        where: its file, or its URL without the password.
        path: its file; None on a server.
        notes: plain sentences for the person who opened it.
    """

    def __init__(
        self, engine: sa.Engine, where: str, path: Path | None, notes: tuple[str, ...] = ()
    ) -> None:
        self.where, self.path, self.notes = where, path, notes
        self._engine = engine
        # Within one process, writers queue here: SQLite's own waiting is by sleeping.
        self._one_writer = threading.Lock() if path else None
        self._identity = identity_of(path) if path else None
        self._readers = engine
        if engine.dialect.name == "postgresql":  # one snapshot for all of a reader's statements
            self._readers = engine.execution_options(isolation_level="REPEATABLE READ")
        self._writers = engine.execution_options(**{WRITES: True})

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One consistent state of the database.

        Raises:
            StoreError: it cannot be read.
        """
        with (
            spoken_errors(self.where, untouched=True),
            self._readers.begin() as connection,
        ):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction: durable when the block has ended, undone when it raises.

        Raises:
            StoreError: it cannot be written.
        """
        with ExitStack() as stack:
            if self._one_writer is not None:
                stack.enter_context(self._one_writer)
            stack.enter_context(spoken_errors(self.where))
            connection = stack.enter_context(self._writers.begin())
            self._check_still_there()
            yield connection

    def back_up(self, target: Path) -> None:
        """Copy the whole database as of now; others go on working.

        Raises:
            StoreError: a database on a server, a target that exists or cannot be written.
        """
        if self.path is None:
            raise StoreError(f"a database on a server is backed up by pg_dump: {self.where}")
        if target.exists():
            raise StoreError(f"a backup never replaces a file, and {target} exists: name another")
        raw = self._engine.raw_connection()
        try:
            with atomic_path(target) as temporary:
                raw.cursor().execute("VACUUM INTO ?", (str(temporary),))
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"cannot write the backup {target}: {error}") from None
        finally:
            raw.close()

    def close(self) -> None:
        """Close all connections; a SQLite database is one single file afterwards."""
        self._engine.dispose()

    def _check_still_there(self) -> None:
        """A deleted file can still be written to, and all of that would be lost."""
        if self.path is None:
            return
        try:
            same = identity_of(self.path) == self._identity
        except OSError:
            same = False
        if not same:
            raise StoreError(
                f"{self.path} was removed or replaced while it was open: the last change was not "
                "saved. Put the file back, then start again"
            )


@contextmanager
def spoken_errors(where: str, *, untouched: bool = False) -> Iterator[None]:
    """Drivers' errors become a StoreError that says what to do."""
    try:
        yield
    except sa.exc.TimeoutError:
        raise StoreError(f"too many requests to {where} at once: try again in a moment") from None
    except (sa.exc.DBAPIError, sqlite3.Error) as error:
        raise store_error(error, where, untouched=untouched) from error


def open_file(path: Path) -> Store:
    """Open or create a SQLite database and bring its tables up to date.

    Raises:
        StoreError: it cannot be created or written, is damaged, something else, or newer.
    """
    path = path.absolute()
    check_file(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"cannot create the folder {path.parent} for the project: {error.strerror or error}. "
            "Keep the project somewhere else with --project FILE"
        ) from None
    kind = is_network(path)
    engine = sqlite_engine(path, shared_drive=kind is not None)
    try:
        with spoken_errors(str(path), untouched=True):
            check_content(path)
            migrating.check_ours(engine, str(path))
            mode = set_journal(engine, path, shared_drive=kind is not None)
            migrating.bring_up_to_date(engine)
            return Store(engine, str(path), path, _notes(path, kind, mode))
    except BaseException:
        engine.dispose()
        raise


def open_server(url: str) -> Store:
    """Open a PostgreSQL database by its URL and bring its tables up to date.

    Raises:
        StoreError: a wrong URL, no answer, no rights, or a newer project.
        MissingExtraError: the driver is not installed.
    """
    try:
        parsed = sa.make_url(url).set(drivername="postgresql+psycopg")
    except (sa.exc.ArgumentError, ValueError):
        raise StoreError(
            "a database URL must look like postgresql://user:password@host:5432/database"
        ) from None
    # What is said of it goes to logs and to all who use the server.
    told = parsed.set(drivername="postgresql").difference_update_query(_PASSWORDS)
    where = told.render_as_string(hide_password=True)
    try:
        engine = sa.create_engine(parsed, pool_pre_ping=True, pool_size=8, max_overflow=64)
    except ImportError:
        raise MissingExtraError("A project on PostgreSQL", "postgres") from None
    try:
        with spoken_errors(where, untouched=True):
            migrating.check_ours(engine, where)
            migrating.bring_up_to_date(engine)
            return Store(engine, where, None)
    except BaseException:
        engine.dispose()
        raise


def _notes(path: Path, kind: str | None, mode: str) -> tuple[str, ...]:
    if kind is not None:
        return (
            f"The project {path} is on a network drive ({kind}). Open it from one computer at a "
            "time. For a team, use PostgreSQL or let all work through one server.",
        )
    if mode != "wal":
        return (f"The disk of {path} does not support SQLite's write-ahead log: saving is slower.",)
    return ()
