from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from extremecut.annotator.turns import BusyError, SupersededError, TurnQueue


class Gate:
    """Work that notes its turn, once the first piece lets the others go on."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.order: list[str] = []

    def work(self, name: str) -> str:
        self.open.wait(10)
        self.order.append(name)
        return name


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.open.set()


async def started(queue: TurnQueue, gate: Gate, *asked: tuple[str, str]) -> list[asyncio.Task[str]]:
    """Tasks for (client, name), in this order; the first runs, the others wait."""
    tasks = []
    for client, name in asked:
        tasks.append(asyncio.create_task(queue.run(lambda n=name: gate.work(n), client=client)))
        await asyncio.sleep(0)
    return tasks


def test_clients_take_turns(gate: Gate) -> None:
    async def scenario() -> None:
        queue = TurnQueue()
        many = [("busy", f"busy {number}") for number in range(50)]
        tasks = await started(queue, gate, *many, ("other", "other"))
        gate.open.set()
        await asyncio.gather(*tasks)
        queue.close()

    asyncio.run(scenario())
    assert gate.order[:3] == ["busy 0", "busy 1", "other"]
    assert gate.order[3:] == [f"busy {number}" for number in range(2, 50)]


def test_a_newer_request_of_a_stream_takes_the_place_of_older_ones(gate: Gate) -> None:
    async def scenario() -> list[object]:
        queue = TurnQueue()
        first = await started(queue, gate, ("a", "first"))

        def ask(client: str, stream: str, sequence: int) -> asyncio.Task[str]:
            name = f"{client} {stream} {sequence}"
            return asyncio.create_task(
                queue.run(lambda: gate.work(name), client=client, stream=stream, sequence=sequence)
            )

        asked = [("a", "drag", 1), ("a", "drag", 2), ("b", "drag", 1), ("a", "else", 1)]
        asked += [("a", "drag", 4), ("a", "drag", 3)]
        tasks = []
        for each in asked:
            tasks.append(ask(*each))
            await asyncio.sleep(0)
        gate.open.set()
        results = await asyncio.gather(*first, *tasks, return_exceptions=True)
        queue.close()
        return results

    results = asyncio.run(scenario())
    kinds = [type(result) if isinstance(result, Exception) else result for result in results]
    assert kinds == [
        *("first", SupersededError, SupersededError, "b drag 1", "a else 1", "a drag 4"),
        SupersededError,
    ]


def test_there_is_a_limit_for_one_client_and_for_all(gate: Gate) -> None:
    async def scenario() -> None:
        queue = TurnQueue(limit=3, limit_per_client=2)
        tasks = await started(queue, gate, ("a", "runs"), ("a", "1"), ("a", "2"))
        with pytest.raises(BusyError):
            await queue.run(lambda: gate.work("too many of a"), client="a")
        tasks += await started(queue, gate, ("b", "3"))
        with pytest.raises(BusyError):
            await queue.run(lambda: gate.work("too many"), client="c")
        gate.open.set()
        await asyncio.gather(*tasks)
        queue.close()

    asyncio.run(scenario())
    assert sorted(gate.order) == ["1", "2", "3", "runs"]


def test_who_goes_away_gives_his_turn_up(gate: Gate) -> None:
    async def scenario() -> None:
        queue = TurnQueue()
        tasks = await started(queue, gate, ("a", "runs"), ("b", "leaves"), ("c", "stays"))
        tasks[1].cancel()
        await asyncio.sleep(0)
        assert queue.waiting == 1
        gate.open.set()
        assert await tasks[2] == "stays"
        queue.close()

    asyncio.run(scenario())
    assert gate.order == ["runs", "stays"]


def test_a_failure_goes_to_who_asked_and_the_next_one_is_served() -> None:
    async def scenario() -> None:
        queue = TurnQueue()
        with pytest.raises(ZeroDivisionError):
            await queue.run(lambda: 1 // 0, client="a")
        assert await queue.run(lambda: 1, client="a") == 1
        queue.close()

    asyncio.run(scenario())
