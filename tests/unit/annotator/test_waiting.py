from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import Any

import pytest

from extremecut.annotator.failures import Refused
from extremecut.annotator.waiting import unless_gone, waited_for


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


def test_work_for_a_client_that_goes_away_is_called_off(leaving: Any) -> None:
    async def scenario() -> Future[str]:
        request: Any = leaving()
        future: Future[str] = Future()
        asyncio.get_running_loop().call_later(0.01, request.gone.set)
        with pytest.raises(Refused) as refused:
            await unless_gone(asyncio.wrap_future(future), request)
        assert refused.value.status == 499
        await asyncio.sleep(0)
        return future

    assert asyncio.run(scenario()).cancelled()


def test_work_that_is_done_in_time_gives_its_result_or_its_error(leaving: Any) -> None:
    async def result() -> int:
        return 7

    async def error() -> int:
        raise ValueError("wrong")

    request = leaving()
    assert asyncio.run(unless_gone(result(), request)) == 7
    with pytest.raises(ValueError, match="wrong"):
        asyncio.run(unless_gone(error(), request))
