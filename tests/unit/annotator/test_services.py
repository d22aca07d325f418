from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from extremecut.annotator.failures import Refused
from extremecut.annotator.services import photo_of, place_of, unless_gone, waited_for
from extremecut.errors import NotFoundError


def test_one_waiter_that_leaves_does_not_take_the_work_away() -> None:
    async def scenario() -> str:
        future: Future[str] = Future()
        leaver, stayer = (asyncio.create_task(waited_for(future)) for _ in range(2))
        await asyncio.sleep(0)
        leaver.cancel()
        await asyncio.sleep(0)
        future.set_result("done")
        return await stayer

    assert asyncio.run(scenario()) == "done"


class Leaving:
    """A request whose client goes away when it is told to."""

    def __init__(self) -> None:
        self.gone = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}


def test_work_for_a_client_that_goes_away_is_called_off() -> None:
    async def scenario() -> Future[str]:
        request: Any = Leaving()
        future: Future[str] = Future()
        asyncio.get_running_loop().call_later(0.01, request.gone.set)
        with pytest.raises(Refused) as refused:
            await unless_gone(asyncio.wrap_future(future), request)
        assert refused.value.status == 499
        await asyncio.sleep(0)
        return future

    assert asyncio.run(scenario()).cancelled()


def test_a_photo_for_a_client_that_goes_away_is_not_decoded(api: Any, monkeypatch: Any) -> None:
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
        request: Any = Leaving()
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
