from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from extremecut.annotator.stopping import ToldOfTheEnd

SCOPE = {"type": "http"}
START = {"type": "http.response.start", "status": 200, "headers": []}


def given_up(*sent: dict[str, Any]) -> tuple[list[Any], BaseException | None]:
    """What a client hears of a request that is given up after the app has sent some of it."""
    heard: list[Any] = []

    async def never_ends(scope: Any, receive: Any, send: Any) -> None:
        for message in sent:
            await send(message)
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        heard.append(message)

    async def scenario() -> BaseException | None:
        request = asyncio.create_task(ToldOfTheEnd(never_ends)(SCOPE, None, send))  # type: ignore[arg-type]
        await asyncio.sleep(0)
        request.cancel()
        return (await asyncio.gather(request, return_exceptions=True))[0]

    return heard, asyncio.run(scenario())


def test_who_is_given_up_is_told_to_come_back() -> None:
    (start, body), error = given_up()
    assert error is None and start["status"] == 503
    assert b"retry-after" in dict(start["headers"])
    assert json.loads(body["body"])["code"] == "busy"


def test_an_answer_that_has_begun_is_cut_off() -> None:
    heard, error = given_up(START)
    assert heard == [START] and isinstance(error, asyncio.CancelledError)


def test_only_requests_are_answered() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(ToldOfTheEnd(app)({"type": "lifespan"}, None, None))  # type: ignore[arg-type]


def test_every_request_passes_it(api: Any, monkeypatch: Any) -> None:
    """Given up while it waits for its turn."""

    async def scenario() -> int:
        waits = asyncio.Event()

        async def run(*_: Any, **__: Any) -> None:
            waits.set()
            await asyncio.Event().wait()

        monkeypatch.setattr(api.services.queue, "run", run)
        points = [[20, 50], [60, 10], [90, 55], [55, 80]]
        body = {"image_id": 1, "points": points}
        request = asyncio.create_task(api.client.post("/api/segment", json=body))
        await waits.wait()
        request.cancel()
        return (await request).status_code

    assert api.run(scenario()) == 503
