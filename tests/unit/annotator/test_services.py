from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

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
