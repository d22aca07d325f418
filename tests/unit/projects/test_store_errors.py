"""Drivers' errors in words."""

from __future__ import annotations

import sqlite3

import pytest

from extremecut.projects.store_errors import store_error


def sqlite_error(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("reason given")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (sqlite3.SQLITE_FULL, "the disk of p.sqlite is full: the last change was not saved"),
        (sqlite3.SQLITE_READONLY, "p.sqlite cannot be written to"),
        (sqlite3.SQLITE_READONLY | (4 << 8), "p.sqlite cannot be written to"),
        (sqlite3.SQLITE_CORRUPT, r"p.sqlite is damaged \(reason given\)"),
        (sqlite3.SQLITE_BUSY, "another program keeps p.sqlite busy"),
        (sqlite3.SQLITE_IOERR | (3 << 8), "reading or writing p.sqlite failed"),
        (sqlite3.SQLITE_MISUSE, r"the database p.sqlite failed \(reason given\)"),
    ],
)
def test_sqlite_errors_are_told_apart_by_code(code: int, words: str) -> None:
    assert_match(store_error(sqlite_error(code), "p.sqlite"), words)


class ServerError(Exception):
    def __init__(self, sqlstate: str | None) -> None:
        super().__init__("reason given")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("53100", "the disk of the database server db is full"),
        ("25006", "db is read-only"),
        ("28P01", "refuses the user or password"),
        ("57P01", r"db does not answer \(reason given\)"),
        (None, "db does not answer"),
        ("XX000", r"db failed \(reason given\)"),
    ],
)
def test_server_errors_are_told_apart_by_state(state: str | None, words: str) -> None:
    import sqlalchemy as sa

    wrapped = sa.exc.OperationalError("SELECT 1", {}, ServerError(state))
    assert_match(store_error(wrapped, "db"), words)


def assert_match(error: Exception, words: str) -> None:
    with pytest.raises(type(error), match=words):
        raise error
