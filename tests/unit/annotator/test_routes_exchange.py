from __future__ import annotations

import asyncio
import io
import json
import threading
import zipfile
from pathlib import Path
from typing import Any

import anyio.to_thread
import pytest

from extremecut.annotator.routes_exchange import FormatName, _safe_name
from extremecut.interchange.formats import FORMATS


def test_every_format_is_offered() -> None:
    assert set(FormatName.__args__) == set(FORMATS)  # type: ignore[attr-defined]


def test_what_was_exported_comes_in_again(api: Any, add: Any) -> None:
    image = add(1).json()
    drawn = image["objects"][0]["mask"]
    exported = api.get("/api/export/coco", params={"tolerance": 0})
    assert exported.headers["content-type"] == "application/zip"
    assert "photos-coco.zip" in exported.headers["content-disposition"]
    assert zipfile.ZipFile(io.BytesIO(exported.content)).testzip() is None
    api.post("/api/images/1/undo", {"version": image["version"]})
    imported = api.request("POST", "/api/import/coco", content=exported.content)
    assert (imported.json()["images"], imported.json()["objects"]) == (1, 1)
    image = api.get("/api/images/1").json()
    assert [found["mask"] for found in image["objects"]] == [drawn]
    undone = api.post("/api/images/1/undo", {"version": image["version"]}).json()
    assert undone["objects"] == []


def test_a_file_may_come_in_a_form(api: Any) -> None:
    content = {
        "images": [{"id": 1, "file_name": "a.png", "width": 120, "height": 100}],
        "categories": [{"id": 1, "name": "cat"}],
        "annotations": [
            {
                "id": 1,
                "image_id": 1,
                "category_id": 1,
                "segmentation": [[0.0, 0.0, 10.0, 0.0, 10.0, 10.0, 0.0, 10.0]],
                "bbox": [0, 0, 10, 10],
                "area": 100,
                "iscrowd": 0,
            }
        ],
    }
    files = {"file": ("../../odd name.json", json.dumps(content).encode())}
    imported = api.request("POST", "/api/import/coco", files=files)
    assert imported.json()["objects"] == 1
    assert "cat" in {each["name"] for each in api.get("/api/project").json()["classes"]}


def test_losses_are_told_beforehand(api: Any, add: Any) -> None:
    ring = {"box": [0, 0, 9, 9], "runs": [0, 30, 3, 6, 3, 6, 3, 30]}
    change = {"id": None, "object": {"mask": ring, "class_id": 1}}
    assert add(1, changes=[change]).status_code == 200
    losses = api.get("/api/export/yolo/losses").json()["losses"]
    assert any("hole" in sentence for sentence in losses)
    assert api.get("/api/export/nonsense/losses").status_code == 422
    assert api.get("/api/export/coco", params={"tolerance": -1}).status_code == 422


@pytest.mark.parametrize("data", [b"", b"{", b"PK\x03\x04 nothing", b"[]", b"\xff" * 100])
def test_damaged_files_change_nothing_and_say_no_paths(api: Any, data: bytes) -> None:
    refused = api.request("POST", "/api/import/coco", content=data)
    assert (refused.status_code, refused.json()["code"]) == (422, "data")
    assert "/tmp" not in refused.text and "extremecut-import" not in refused.text
    assert api.get("/api/images/1").json()["version"] == 1


def test_nothing_is_left_in_the_temporary_folder(
    api: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    assert api.get("/api/export/labels").status_code == 200
    api.request("POST", "/api/import/coco", content=b"{")
    assert list((tmp_path / "temporary").iterdir()) == []


def occupied(api: Any) -> threading.Event:
    """Keeps exports and imports waiting until it is set."""
    go = threading.Event()
    api.services.exchange._pool.submit(go.wait, 10)
    return go


def test_many_who_wait_for_exports_keep_nobody_else_waiting(api: Any) -> None:
    async def scenario() -> list[int]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = 2
        go = occupied(api)
        paths = ["/api/export/coco", "/api/export/coco/losses"] * 2
        waiting = [asyncio.create_task(api.client.get(path)) for path in paths]
        waiting.append(asyncio.create_task(api.client.post("/api/import/coco", content=b"{")))
        await asyncio.sleep(0.05)
        async with asyncio.timeout(5):
            answers = [await api.client.get("/api/project")]
        assert not any(task.done() for task in waiting)
        go.set()
        return [answer.status_code for answer in answers + await asyncio.gather(*waiting)]

    assert api.run(scenario()) == [200, 200, 200, 200, 200, 422]


def ask(api: Any, method: str, path: str, receive: Any, send: Any) -> Any:
    """A request over a connection of our own making."""
    scope = {
        "type": "http", "method": method, "path": path, "query_string": b"",
        "headers": [(b"host", b"localhost")], "raw_path": path.encode(), "root_path": "",
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "scheme": "http",
        "http_version": "1.1",
    }  # fmt: skip
    return asyncio.create_task(api.app(scope, receive, send))


@pytest.mark.parametrize("way", ["sent", "left", "stopped", "broken off"])
def test_temporary_files_are_removed_however_a_request_ends(
    api: Any, add: Any, tmp_path: Path, monkeypatch: Any, way: str
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    assert add(1).status_code == 200
    sent: list[Any] = []
    seen: list[bool] = []
    stalled = asyncio.Event()

    async def scenario() -> None:
        gone = asyncio.Event()
        messages = [{"type": "http.request", "body": b"{", "more_body": way == "broken off"}]

        async def receive() -> Any:
            if messages:
                return messages.pop()
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)
            seen.append(any(temporary.iterdir()))
            if way == "stopped":
                stalled.set()
                await asyncio.Event().wait()

        if way == "broken off":
            task = ask(api, "POST", "/api/import/coco", receive, send)
            while not any(temporary.iterdir()):
                await asyncio.sleep(0.005)
            gone.set()
        else:
            go = occupied(api) if way == "left" else None
            task = ask(api, "GET", "/api/export/coco", receive, send)
            if go is not None:
                while not any(temporary.iterdir()):
                    await asyncio.sleep(0.005)
                gone.set()
                await task
                go.set()
        if way == "stopped":
            await stalled.wait()
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        if way != "stopped":
            assert task.exception() is None

    api.run(scenario())
    status = {"sent": 200, "left": 499, "stopped": 200, "broken off": 499}[way]
    assert sent[0]["status"] == status and (status != 200 or seen[0])
    assert list(temporary.iterdir()) == []


def test_a_form_without_a_file_is_refused(api: Any) -> None:
    refused = api.request("POST", "/api/import/coco", files={"note": (None, b"text")})
    assert refused.status_code == 422


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a.json", "a.json"),
        ("../../etc/passwd", "passwd"),
        ("..\\b.zip", "b.zip"),
        ("..", "import"),
        ("", "import"),
        ("a\x00b", "import"),
        (".hidden", "hidden"),
    ],
)
def test_file_names_of_strangers_lose_their_folders(name: str, safe: str) -> None:
    assert _safe_name(name) == safe
