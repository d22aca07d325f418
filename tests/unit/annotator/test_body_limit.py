from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from extremecut.annotator import body_limit
from extremecut.annotator.body_limit import limit_of
from extremecut.annotator.options import Limits

SMALL = Limits(
    json_bytes=100, action_bytes=200, image_bytes=300, image_pixels=10**6, import_bytes=400
)


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/api/classes", 100),
        ("/api/images/12/actions", 200),
        ("/api/images/12/undo", 100),
        ("/api/segment", 300),
        ("/api/import/coco", 400),
        ("/", 100),
    ],
)
def test_each_path_has_its_limit(path: str, limit: int) -> None:
    assert limit_of(path, SMALL) == limit


def test_what_says_to_be_too_large_is_refused_at_once(make_api: Any) -> None:
    refused = make_api(limits=SMALL).post("/api/classes", {"name": "x" * 100})
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")


def test_what_grows_too_large_is_refused_too(make_api: Any) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for part in ("{", *([" " * 50] * 20), "}"):
            yield part.encode()

    api = make_api(limits=SMALL)
    for path in ("/api/classes", "/api/import/coco", "/api/segment"):
        headers = {"Content-Type": "application/json"}
        refused = api.request("POST", path, content=endless(), headers=headers)
        assert refused.status_code == 413, path


def test_a_length_that_is_no_number_is_refused(make_api: Any) -> None:
    headers = {"Content-Length": "many", "Content-Type": "application/json"}
    api = make_api(limits=SMALL)
    assert api.request("POST", "/api/classes", content=b"{}", headers=headers).status_code == 413


def test_what_fits_goes_through(make_api: Any) -> None:
    body = json.dumps({"name": "x" * 50})
    assert len(body) < 100
    assert make_api(limits=SMALL).post("/api/classes", {"name": "x" * 50}).status_code == 201


async def two_parts(wait: asyncio.Event, *, first: bytes) -> AsyncIterator[bytes]:
    yield first
    await wait.wait()
    yield b'x"}'


def test_bodies_in_memory_are_bounded_together(make_api: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(body_limit, "TOTAL_BYTES", 60)
    api = make_api()
    headers = {"Content-Type": "application/json"}

    async def scenario() -> list[int]:
        go = asyncio.Event()

        def send(path: str) -> Any:
            content = two_parts(go, first=b'{"name": "' + b"x" * 40)
            return asyncio.create_task(api.client.post(path, content=content, headers=headers))

        under_way = [send("/api/import/coco"), send("/api/classes")]
        await asyncio.sleep(0.05)
        one_too_many = await send("/api/classes")
        assert one_too_many.json()["code"] == "busy"
        other = await api.client.get("/api/project")
        go.set()
        await asyncio.gather(*under_way)
        again = await api.client.post("/api/classes", json={"name": "y"})
        answers = [one_too_many, other, *(task.result() for task in under_way), again]
        return [answer.status_code for answer in answers]

    assert api.run(scenario()) == [503, 200, 422, 201, 201]


@pytest.mark.parametrize("path", ["/api/classes", "/api/import/coco"])
def test_a_body_that_never_ends_is_given_up(make_api: Any, monkeypatch: Any, path: str) -> None:
    monkeypatch.setattr(body_limit, "STALL_S", 0.05)
    content = two_parts(asyncio.Event(), first=b"{")
    headers = {"Content-Type": "application/json"}
    refused = make_api().request("POST", path, content=content, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (408, "stalled")


def test_who_waits_for_an_answer_may_wait_long(
    make_api: Any, backend_of: Any, disc_backend: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(body_limit, "STALL_S", 0.01)

    def slow(batch: Any) -> Any:
        time.sleep(0.1)
        return disc_backend.function(batch)

    body = {"image_id": 1, "points": [[20, 50], [60, 10], [90, 55], [55, 80]]}
    assert make_api(backend_of(slow)).post("/api/segment", body).status_code == 200
