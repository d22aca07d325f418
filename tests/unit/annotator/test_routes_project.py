from __future__ import annotations

import asyncio
import csv
import io
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio.to_thread
import httpx
import pytest
from PIL import Image

from extremecut import __version__
from extremecut.annotator.app import create_app
from extremecut.annotator.options import Options
from extremecut.predictor import Segmenter
from extremecut.projects.project import Project


def test_the_project_is_told_in_one_answer(api: Any) -> None:
    project = api.get("/api/project").json()
    assert project["name"] == project["photos_folder_name"] == "photos"
    assert project["counts"]["images"] == project["counts"]["new"] == 2
    assert project["model"] == {"name": "by hand", "sha256": "", "size_px": 96}
    assert (project["author"], project["version"]) == ("ann", __version__)
    assert project["login"] is False and project["limits"]["points"] == 1000
    assert all(set(each) == {"id", "name", "color", "order"} for each in project["classes"])


def test_each_browser_gets_a_number_of_its_own(api: Any) -> None:
    first = api.get("/api/project").headers["set-cookie"]
    assert "extremecut-client=" in first and "HttpOnly" in first and "SameSite=strict" in first
    assert "set-cookie" not in api.get("/api/project").headers


def test_the_author_is_kept_in_a_cookie(api: Any) -> None:
    assert api.request("PUT", "/api/author", json={"name": " Ann Lee "}).json() == {
        "author": "Ann Lee"
    }
    assert api.get("/api/project").json()["author"] == "Ann Lee"
    for wrong in ("", "   ", "a\x00b", "x" * 101):
        assert api.request("PUT", "/api/author", json={"name": wrong}).status_code == 422


def test_programs_say_the_author_in_a_header(api: Any) -> None:
    assert api.get("/api/project", headers={"X-Author": "bot%20%C3%A9"}).json()["author"] == "bot é"


@pytest.mark.parametrize("wrong", ["%00", "x" * 101, "%20", "Andr%E9"])
def test_work_is_not_kept_in_silence_under_another_name_than_was_sent(api: Any, wrong: str) -> None:
    change = {"id": None, "object": {"mask": {"box": [0, 0, 1, 1], "runs": [0, 1]}, "class_id": 1}}
    action = {"version": 1, "action": "add", "changes": [change]}
    headers = {"X-Author": wrong}
    for refused in (
        api.post("/api/images/1/actions", action, headers=headers),
        api.get("/api/project", headers=headers),
    ):
        assert refused.status_code == 422 and "X-Author" in refused.json()["detail"]
    assert api.get("/api/images/1").json()["objects"] == []


def test_a_cookie_that_is_no_name_is_as_good_as_none(api: Any) -> None:
    odd = api.get("/api/project", headers={"Cookie": "extremecut-author=%00"})
    assert odd.json()["author"] == "ann"


def test_classes_are_added_changed_and_removed(api: Any) -> None:
    added = api.post("/api/classes", {"name": "cat", "color": "#102030"})
    assert added.status_code == 201
    number = added.json()["id"]
    changed = api.request("PATCH", f"/api/classes/{number}", json={"name": "dog", "order": 0})
    assert (changed.json()["name"], changed.json()["color"]) == ("dog", "#102030")
    assert api.get("/api/project").json()["classes"][0]["name"] == "dog"
    assert api.request("DELETE", f"/api/classes/{number}").status_code == 204
    assert api.request("DELETE", f"/api/classes/{number}").status_code == 404


def test_a_class_in_use_stays(api: Any, add: Any) -> None:
    add(1)
    refused = api.request("DELETE", "/api/classes/1")
    assert (refused.status_code, refused.json()["code"]) == (422, "data")


@pytest.mark.parametrize("body", [{"name": ""}, {"name": "a\nb"}, {"name": "a", "color": "red"}])
def test_odd_classes_are_refused(api: Any, body: Any) -> None:
    assert api.post("/api/classes", body).status_code == 422


def test_settings_are_any_json(api: Any) -> None:
    changes = {"detail_px": 1.5, "keys": {"a": ["b", None]}, "old": 1}
    assert api.request("PUT", "/api/settings", json=changes).json() == changes
    left = api.request("PUT", "/api/settings", json={"old": None}).json()
    assert left == {"detail_px": 1.5, "keys": {"a": ["b", None]}}
    assert api.get("/api/project").json()["settings"] == left


def test_new_photos_are_found_when_asked_for(api: Any, photos: Path) -> None:
    Image.new("RGB", (9, 9)).save(photos / "new.png")
    assert api.post("/api/photos/refresh").json()["added"] == 1
    assert api.get("/api/images").json()["total"] == 3


def test_progress_and_costs_are_told_as_json_and_as_a_table(api: Any, add: Any) -> None:
    api.request("PUT", "/api/author", json={"name": "=cmd()"})
    add(1, seconds=8.0, inputs=5)
    told = api.get("/api/statistics").json()
    assert told["total"]["objects"] == 1 and told["total"]["median_seconds"] == 8.0
    answer = api.get("/api/statistics.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert rows[0]["group"] == "all" and float(rows[0]["median_inputs"]) == 5
    assert [row["name"] for row in rows if row["group"] == "author"] == ["'=cmd()"]


def test_many_looks_into_a_slow_folder_keep_nobody_waiting(api: Any, monkeypatch: Any) -> None:
    go = threading.Event()
    looks: list[int] = []
    look = api.services.project.refresh_photos

    def slow(**options: Any) -> Any:
        looks.append(1)
        go.wait(10)
        return look(**options)

    monkeypatch.setattr(api.services.project, "refresh_photos", slow)

    async def scenario() -> list[int]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = 2
        waiting = [asyncio.create_task(api.client.post("/api/photos/refresh")) for _ in range(4)]
        while not looks:
            await asyncio.sleep(0.005)
        async with asyncio.timeout(5):
            answers = [await api.client.get("/api/project")]
        assert not any(task.done() for task in waiting)
        go.set()
        return [answer.status_code for answer in answers + await asyncio.gather(*waiting)]

    assert api.run(scenario()) == [200] * 5


def test_a_look_under_way_is_given_up_when_the_server_stops(api: Any, monkeypatch: Any) -> None:
    def look(*, wanted: Callable[[], object]) -> None:
        wanted()
        api.services.looks.close(wait=False)
        wanted()
        raise AssertionError("it went on")

    monkeypatch.setattr(api.services.project, "refresh_photos", look)
    answer = api.post("/api/photos/refresh")
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")


def test_a_setting_that_is_no_text_is_refused_and_the_project_still_opens(api: Any) -> None:
    headers = {"Content-Type": "application/json"}
    for body in (b'{"a": "\\ud800"}', b'{"a": [{"b": "\\ud800"}]}', b'{"a": {"\\ud800": 1}}'):
        refused = api.request("PUT", "/api/settings", content=body, headers=headers)
        assert refused.status_code == 422
    assert api.get("/api/project").json()["settings"] == {}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_folder_whose_name_is_no_text_is_served(photos: Path, disc_backend: Any) -> None:
    folder = photos.rename(photos.parent / os.fsdecode(b"f\xfcr"))
    with asyncio.Runner() as runner, Project.open(folder) as project:
        project.notes = (f"{folder} is on a network drive.",)
        app = create_app(project, Segmenter(disc_backend), Options(author="ann"))
        transport = httpx.ASGITransport(app)
        client = httpx.AsyncClient(transport=transport, base_url="http://localhost")
        shown = runner.run(client.get("/api/project")).json()
        assert shown["name"] == shown["photos_folder_name"] == "f?r"
        assert shown["notes"][0].endswith("f?r is on a network drive.")
        exported = runner.run(client.get("/api/export/coco"))
        assert exported.status_code == 200
        assert "f%3Fr-coco.zip" in exported.headers["content-disposition"]
        folder.rename(photos)
        refused = runner.run(client.post("/api/photos/refresh"))
        assert refused.status_code == 422 and "f?r" in refused.json()["detail"]
        runner.run(client.aclose())
        app.state.services.close()
