from __future__ import annotations

import errno
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from extremecut.annotator.failures import Refused, _disk_is_full
from extremecut.errors import StoreError


def full_disk() -> StoreError:
    cause = sqlite3.OperationalError("database or disk is full")
    cause.sqlite_errorcode = sqlite3.SQLITE_FULL
    error = StoreError("the disk of project.sqlite is full: make room")
    error.__cause__ = cause
    return error


def raising(error: Exception) -> Any:
    def fails(*arguments: object, **named: object) -> None:
        raise error

    return fails


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (full_disk(), 507, "disk_full"),
        (StoreError("project.sqlite cannot be written to"), 503, "store"),
        (OSError(errno.ENOSPC, "No space left on device"), 507, "disk_full"),
        (OSError(errno.EROFS, "Read-only file system"), 503, "system"),
        (Refused(418, "tea", "no coffee here"), 418, "tea"),
    ],
)
def test_failures_of_the_machine_are_told_plainly(
    api: Any, add: Any, monkeypatch: Any, error: Exception, status: int, code: str
) -> None:
    monkeypatch.setattr(api.services.project.__class__, "apply", raising(error))
    refused = add(1)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert len(refused.json()["detail"]) > 10


def test_a_disk_that_fills_up_is_told_and_nothing_accepted_is_lost(
    api: Any, add: Any, project: Any
) -> None:
    import sqlalchemy as sa

    image = add(1).json()

    def leave_no_room(connection: Any, *others: object) -> None:
        connection.execute("PRAGMA max_page_count=1")  # no fewer than there are: no new ones

    engine = project._store._engine
    sa.event.listen(engine, "checkout", leave_no_room)
    refused = None
    for x in range(30):
        answer = add(image["version"], x=x, action="x" * 200)
        if answer.status_code != 200:
            refused = answer
            break
        image = answer.json()
    sa.event.remove(engine, "checkout", leave_no_room)
    assert refused is not None
    assert (refused.status_code, refused.json()["code"]) == (507, "disk_full")
    assert "full" in refused.json()["detail"]
    assert api.get("/api/images/1").json() == image


def test_a_mistake_of_ours_says_nothing_about_the_inside(api: Any, monkeypatch: Any) -> None:
    api.client = api.another()
    api.client._transport.raise_app_exceptions = False
    monkeypatch.setattr(api.services.project.__class__, "summary", raising(KeyError("inner")))
    answer = api.get("/api/project")
    assert (answer.status_code, answer.json()["code"]) == (500, "mistake")
    assert "inner" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_where_things_lie_on_the_server_is_not_told(api: Any, add: Any, monkeypatch: Any) -> None:
    project = api.services.project
    kind = project.__class__
    for place, shown in ((project.where, "project.sqlite"), (project.photos, "photos")):
        monkeypatch.setattr(kind, "apply", raising(StoreError(f"{place} is not there")))
        assert add(1).json()["detail"] == f"{shown} is not there"
    project.photos.rename(project.photos.with_name("elsewhere"))
    refused = api.post("/api/photos/refresh").json()
    assert "no folder photos" in refused["detail"]


def test_methods_and_addresses_that_do_not_exist(api: Any) -> None:
    wrong = api.request("DELETE", "/api/images/1")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method")
    assert "GET" in wrong.headers["allow"]
    assert api.post("/api/nothing").json()["code"] == "not_found"


def test_several_mistakes_in_a_request_are_counted(api: Any) -> None:
    detail = api.post("/api/classes", {"nam": "x", "color": 3}).json()["detail"]
    assert "and 2 more" in detail


def test_circles_of_causes_end() -> None:
    first, second = ValueError(), ValueError()
    first.__cause__, second.__cause__ = second, first
    assert not _disk_is_full(first)


def test_the_guide_names_every_failure() -> None:
    root = Path(__file__).resolve().parents[3]
    guide = (root / "docs" / "annotator-server.md").read_text()
    listed = {
        (status, code)
        for status, codes in re.findall(r"^\| ([45]\d\d) \| (.*) \|$", guide, re.M)
        for code in re.findall(r"`([a-z_]+)`", codes)
    }
    answered = {("404", "not_found"), ("405", "method"), ("422", "points"), ("503", "store")}
    for path in (root / "src" / "extremecut" / "annotator").glob("*.py"):
        call = r'(?:Refused|failure)\(\s*(\d{3}), "(\w+)"'
        answered |= set(re.findall(call, path.read_text()))
    assert len(answered) > 12
    assert answered - {("499", "gone")} <= listed  # who is gone hears nothing
