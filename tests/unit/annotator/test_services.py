from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import Any

import pytest

from extremecut.annotator.services import place_of, waited_for
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


def test_places_are_found_off_the_event_loop(api: Any) -> None:
    assert api.run(place_of(api.services, 1)).size_hw == (100, 120)
    with pytest.raises(NotFoundError):
        api.run(place_of(api.services, 99))


def test_closing_leaves_the_project_open(make_api: Any, project: Any) -> None:
    make_api().services.close()
    assert project.summary().images == 2
