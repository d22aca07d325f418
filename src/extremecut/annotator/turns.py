"""Turns at the network: one piece of work after the other, every client in turn."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from extremecut.errors import ExtremecutError

LIMIT = 256
"""Pieces of work that may wait, of all clients."""
LIMIT_PER_CLIENT = 64

T = TypeVar("T")


class SupersededError(ExtremecutError):
    """A newer request of the same stream makes this one pointless."""


class BusyError(ExtremecutError):
    """Too much is waiting already."""


@dataclass(eq=False, slots=True)
class _Ticket:
    work: Callable[[], Any]
    client: str
    stream: str | None
    sequence: int
    result: asyncio.Future[Any] = field(repr=False)


class TurnQueue:
    """Runs blocking work in a thread, round-robin between clients.

    A client with fifty waiting pieces delays another's single piece by one at most. All methods
    belong to one event loop.
    """

    def __init__(
        self, *, workers: int = 1, limit: int = LIMIT, limit_per_client: int = LIMIT_PER_CLIENT
    ) -> None:
        self._workers = workers
        self._limit = limit
        self._limit_per_client = limit_per_client
        self._running = 0
        # Clients with waiting work, the next one to be served first.
        self._waiting: OrderedDict[str, deque[_Ticket]] = OrderedDict()
        self._pool = ThreadPoolExecutor(workers, "extremecut-segment")

    @property
    def waiting(self) -> int:
        return sum(len(tickets) for tickets in self._waiting.values())

    async def run(
        self,
        work: Callable[[], T],
        *,
        client: str,
        stream: str | None = None,
        sequence: int = 0,
    ) -> T:
        """Wait for a turn and run `work`. When the caller is cancelled, its turn is given up.

        Args:
            client: who asks; clients take turns.
            stream: requests of one client of which only the newest matters, such as those of a
                point that is being dragged.
            sequence: the greater, the newer.

        Raises:
            SupersededError: a newer request of the stream waits or came meanwhile.
            BusyError: too many wait.
        """
        queue = self._waiting.get(client, deque())
        if stream is not None:
            if any(ticket.stream == stream and ticket.sequence > sequence for ticket in queue):
                raise SupersededError("a newer request of this stream is waiting already")
            self._drop_older(queue, stream, sequence)
        if len(queue) >= self._limit_per_client or self.waiting >= self._limit:
            raise BusyError("too many requests are waiting: try again in a moment")
        result: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        ticket = _Ticket(work, client, stream, sequence, result)
        self._waiting.setdefault(client, queue).append(ticket)
        self._start()
        try:
            return await result
        finally:
            self._forget(ticket)

    def close(self) -> None:
        """Let the running work finish and start no more."""
        for queue in self._waiting.values():
            for ticket in queue:
                ticket.result.cancel()
        self._waiting.clear()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _drop_older(self, queue: deque[_Ticket], stream: str, sequence: int) -> None:
        for ticket in list(queue):
            if ticket.stream == stream and ticket.sequence < sequence:
                queue.remove(ticket)
                if not ticket.result.done():
                    ticket.result.set_exception(
                        SupersededError("a newer request of this stream took its place")
                    )

    def _forget(self, ticket: _Ticket) -> None:
        queue = self._waiting.get(ticket.client)
        if queue is not None and ticket in queue:
            queue.remove(ticket)
            if not queue:
                del self._waiting[ticket.client]

    def _start(self) -> None:
        while self._running < self._workers and self._waiting:
            client, queue = next(iter(self._waiting.items()))
            ticket = queue.popleft() if queue else None
            if queue:
                self._waiting.move_to_end(client)  # the others first, then this one again
            else:
                del self._waiting[client]
            if ticket is None or ticket.result.done():
                continue
            self._running += 1
            future = asyncio.get_running_loop().run_in_executor(self._pool, ticket.work)
            future.add_done_callback(partial(self._finish, ticket))

    def _finish(self, ticket: _Ticket, done: asyncio.Future[Any]) -> None:
        self._running -= 1
        error = None if done.cancelled() else done.exception()
        if not ticket.result.done():
            if done.cancelled():
                ticket.result.cancel()
            elif error is not None:
                ticket.result.set_exception(error)
            else:
                ticket.result.set_result(done.result())
        self._start()
