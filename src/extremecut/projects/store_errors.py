"""What went wrong in a database, in words for the person who waits for it."""

from __future__ import annotations

import sqlite3

import sqlalchemy as sa

from extremecut.errors import StoreError

DAMAGED = (
    "The file is left as it is. Put a backup in its place, or move it away to start a new project "
    "and ask `sqlite3 FILE .recover` for what can be saved"
)
_KEPT = "the last change was not saved, all earlier ones are"

# By SQLite's primary result code.
_SQLITE = {
    sqlite3.SQLITE_FULL: (
        f"the disk of {{where}} is full: {_KEPT}. Make room, then repeat the change"
    ),
    sqlite3.SQLITE_READONLY: (
        "{where} cannot be written to (it is read-only or belongs to someone else). Change its "
        "permissions, or keep the project somewhere else with --project FILE"
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "{where} cannot be opened or created there: check the folder and its permissions, or keep "
        "the project somewhere else with --project FILE"
    ),
    sqlite3.SQLITE_NOTADB: "{where} is not a database. The file is left as it is",
    sqlite3.SQLITE_CORRUPT: f"{{where}} is damaged ({{reason}}). {DAMAGED}",
    sqlite3.SQLITE_BUSY: (
        f"another program keeps {{where}} busy: {_KEPT}. Close the other program or try again"
    ),
    sqlite3.SQLITE_LOCKED: (
        f"another program keeps {{where}} busy: {_KEPT}. Close the other program or try again"
    ),
    sqlite3.SQLITE_IOERR: (
        f"reading or writing {{where}} failed ({{reason}}): {_KEPT}. Check the disk or the network "
        "drive"
    ),
}
# By the first characters of PostgreSQL's SQLSTATE, longest first.
_POSTGRES = {
    "53100": f"the disk of the database server {{where}} is full: {_KEPT}",
    "25006": "the database {where} is read-only: give a URL that may write",
    "42501": "the database {where} does not allow this user to write: ask for the rights",
    "3D000": "the database {where} does not exist: create it, then try again",
    "28": "the database server refuses the user or password of {where}",
}


def store_error(error: sa.exc.DBAPIError | sqlite3.Error, where: str) -> StoreError:
    """The error to raise in place of a driver's.

    Args:
        where: the database's file, or its URL without the password.
    """
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    reason = str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__
    return StoreError(_template(cause).format(where=where, reason=reason))


def _template(cause: BaseException | None) -> str:
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None and (code & 0xFF) in _SQLITE:
        return _SQLITE[code & 0xFF]
    if isinstance(cause, sqlite3.Error):
        return f"the database {{where}} failed ({{reason}}): {_KEPT}"
    state = getattr(cause, "sqlstate", None) or ""
    for start, template in _POSTGRES.items():
        if state.startswith(start):
            return template
    if not state or state.startswith(("08", "57")):
        return f"the database {{where}} does not answer ({{reason}}): {_KEPT}"
    return f"the database {{where}} failed ({{reason}}): {_KEPT}"
