"""Drivers' errors in words."""

from __future__ import annotations

import sqlite3

import pytest

from extremecut.errors import StoreError
from extremecut.projects.store import open_server
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
    def __init__(self, sqlstate: str | None, words: str = "reason given") -> None:
        super().__init__(words)
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


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ('FATAL:  database "p" does not exist', "db does not exist: create it"),
        ('FATAL:  role "p" does not exist', "refuses the user or password of db"),
        ('FATAL:  password authentication failed for user "p"', "refuses the user or password"),
        ("fe_sendauth: no password supplied", "refuses the user or password"),
        ('FATAL:  no pg_hba.conf entry for host "h"', "refuses the user or password"),
        ("Connection refused", "db does not answer"),
    ],
)
def test_refused_connections_are_told_apart_by_the_words(words: str, expected: str) -> None:
    import sqlalchemy as sa

    cause = ServerError(None, f"connection failed: connection to server failed: {words}")
    wrapped = sa.exc.OperationalError("SELECT 1", {}, cause)
    assert_match(store_error(wrapped, "db"), expected)


@pytest.mark.parametrize("change", [{"database": "nope"}, {"username": "nobody"}])
def test_a_real_server_without_that_database_or_user(
    postgres_url: str, change: dict[str, str]
) -> None:
    import sqlalchemy as sa

    url = sa.make_url(postgres_url).set(**change).render_as_string()
    words = "does not exist: create it" if "database" in change else "refuses the user"
    with pytest.raises(StoreError, match=words) as caught:
        open_server(url)
    assert "last change" not in str(caught.value)


def test_on_opening_nothing_can_be_lost() -> None:
    error = store_error(sqlite_error(sqlite3.SQLITE_BUSY), "p.sqlite", untouched=True)
    assert_match(error, "keeps p.sqlite busy: nothing was changed. Close the other program")


def assert_match(error: Exception, words: str) -> None:
    with pytest.raises(type(error), match=words):
        raise error
