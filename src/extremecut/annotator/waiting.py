"""Waiting for work on behalf of a client, who may go away meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from concurrent.futures import Future
from typing import TypeVar

from fastapi import Request

from extremecut.annotator.failures import Refused

T = TypeVar("T")


async def unless_gone(work: Awaitable[T], request: Request) -> T:
    """The result of some work, which is cancelled when the client goes away meanwhile.

    The request's body must have been read.

    Raises:
        Refused: the client has gone away.
    """
    doing = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait({doing, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            raise Refused(499, "gone", "the client went away")
        return doing.result()
    finally:
        doing.cancel()
        gone.cancel()


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def waited_for(future: Future[T]) -> T:
    """The result of work in a thread that others may wait for too, so never cancelled."""
    return await asyncio.shield(asyncio.wrap_future(future))
