"""What went wrong in a database, in words for the person who waits for it."""

from __future__ import annotations

import re
import sqlite3

import sqlalchemy as sa

from extremecut.errors import StoreError

DAMAGED = (
    "The file is left as it is. Put a backup in its place, or move it away to start a new project "
    "and ask `sqlite3 FILE .recover` for what can be saved; either way, move files of the same "
    "name with -wal, -shm or -journal at the end away with it"
)
_KEPT = "the last change was not saved, all earlier ones are"
_UNTOUCHED = "nothing was changed"

# By SQLite's primary result code.
_SQLITE = {
    sqlite3.SQLITE_FULL: "the disk of {where} is full: {kept}. Make room, then try again",
    sqlite3.SQLITE_READONLY: (
        "{where} cannot be written to (it is read-only or belongs to someone else). Change its "
        "permissions, or keep the project somewhere else with --project FILE"
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "{where} cannot be opened or created there: check the folder and its permissions, or keep "
        "the project somewhere else with --project FILE"
    ),
    sqlite3.SQLITE_NOTADB: "{where} is not a database. The file is left as it is",
    sqlite3.SQLITE_CORRUPT: "{where} is damaged ({reason}). " + DAMAGED,
    sqlite3.SQLITE_BUSY: (
        "another program keeps {where} busy: {kept}. Close the other program or try again"
    ),
    sqlite3.SQLITE_LOCKED: (
        "another program keeps {where} busy: {kept}. Close the other program or try again"
    ),
    sqlite3.SQLITE_IOERR: (
        "reading or writing {where} failed ({reason}): {kept}. Check the disk or the network drive"
    ),
}
# By the first characters of PostgreSQL's SQLSTATE, longest first.
_POSTGRES = {
    "53100": "the disk of the database server {where} is full: {kept}",
    "25006": "the database {where} is read-only: give a URL that may write",
    "42501": "the database {where} does not allow this user to write: ask for the rights",
    "3D000": "the database {where} does not exist: create it, then try again",
    "28": (
        "the database server refuses the user or password of {where} ({reason}): correct the URL, "
        "or have the user created"
    ),
}
# A refused connection comes without a SQLSTATE, only with the server's words (libpq keeps no more).
_REFUSALS = (
    (re.compile(r'FATAL: +database ".*" does not exist'), "3D000"),
    (re.compile(r'FATAL: +role ".*" does not exist|authentication failed for user'), "28000"),
    (re.compile(r"no password supplied|no pg_hba\.conf entry"), "28000"),
)


def store_error(
    error: sa.exc.DBAPIError | sqlite3.Error, where: str, *, untouched: bool = False
) -> StoreError:
    """The error to raise in place of a driver's.

    Args:
        where: the database's file, or its URL without the password.
        untouched: there was no change that could be lost: it was opened, or only read.
    """
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    reason = str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__
    kept = _UNTOUCHED if untouched else _KEPT
    return StoreError(_template(cause).format(where=where, reason=reason, kept=kept))


def _template(cause: BaseException | None) -> str:
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None and (code & 0xFF) in _SQLITE:
        return _SQLITE[code & 0xFF]
    if isinstance(cause, sqlite3.Error):
        return "the database {where} failed ({reason}): {kept}"
    state = getattr(cause, "sqlstate", None) or _refusal(str(cause))
    for start, template in _POSTGRES.items():
        if state.startswith(start):
            return template
    if not state or state.startswith(("08", "57")):
        return "the database {where} does not answer ({reason}): {kept}"
    return "the database {where} failed ({reason}): {kept}"


def _refusal(words: str) -> str:
    """The SQLSTATE that the server's words stand for, as far as they are known."""
    return next((state for pattern, state in _REFUSALS if pattern.search(words)), "")
