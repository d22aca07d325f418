from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import anyio.to_thread
import numpy as np
import pytest

from extremecut.annotator.app import DATABASE_THREADS
from extremecut.annotator.failures import Refused
from extremecut.annotator.services import photo_of, place_of
from extremecut.errors import NotFoundError


def test_a_photo_for_a_client_that_goes_away_is_not_decoded(
    api: Any, monkeypatch: Any, leaving: Any
) -> None:
    decoded: list[str] = []
    go = threading.Event()

    def load(path: Path) -> Any:
        decoded.append(path.name)
        go.wait(10)
        return np.zeros((4, 4, 3), np.uint8)

    photos = api.services.album.photos
    monkeypatch.setattr(photos, "_load", load)
    monkeypatch.setattr(photos, "_check", None)

    async def scenario() -> None:
        for name in ("x", "y"):  # both decoders are busy
            photos.ask(name, Path(name))
        request: Any = leaving()
        place = api.services.album.place(1)
        waiting = asyncio.create_task(photo_of(api.services, place, request))
        await asyncio.sleep(0.01)
        request.gone.set()
        with pytest.raises(Refused):
            await waiting
        go.set()
        ready = asyncio.wrap_future(photos.ask("z", Path("z")))
        assert (await ready).size_hw == (4, 4)

    api.run(scenario())
    assert sorted(decoded) == ["x", "y", "z"]


def test_places_are_found_off_the_event_loop(api: Any) -> None:
    assert api.run(place_of(api.services, 1)).size_hw == (100, 120)
    with pytest.raises(NotFoundError):
        api.run(place_of(api.services, 99))


def test_closing_leaves_the_project_open(make_api: Any, project: Any) -> None:
    make_api().services.close()
    assert project.summary().images == 2


def test_saves_that_wait_for_an_import_leave_threads_to_those_who_look(api: Any) -> None:
    held, go = threading.Event(), threading.Event()

    def hold() -> None:
        with api.services.project._store.writing():
            held.set()
            go.wait(30)

    async def scenario() -> list[int]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = DATABASE_THREADS
        holding = asyncio.create_task(asyncio.to_thread(hold))
        while not held.is_set():
            await asyncio.sleep(0.005)
        saves = [
            asyncio.create_task(api.client.request(method, path, json=json))
            for _ in range(DATABASE_THREADS)
            for method, path, json in (
                ("PATCH", "/api/images/1", {"version": 1, "status": "done"}),
                ("POST", "/api/images/1/undo", {"version": 1}),
                ("PUT", "/api/settings", {"name": "cups"}),
                ("PATCH", "/api/classes/1", {"name": "cup"}),
            )
        ]
        try:
            await asyncio.sleep(0.1)  # they are on their way
            async with asyncio.timeout(10):
                looks = [await api.client.get(f"/api/{path}") for path in ("images/1", "project")]
        finally:
            go.set()
            answers = await asyncio.gather(*saves, holding)
        # The first was quicker than the others, or left nothing to undo.
        assert {answer.status_code for answer in answers[:-1]} <= {200, 409, 422}
        return [answer.status_code for answer in looks]

    assert api.run(scenario()) == [200, 200]
