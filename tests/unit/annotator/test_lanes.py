from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from extremecut.annotator.failures import Refused
from extremecut.annotator.lanes import GivenUp, Lane, while_wanted
from extremecut.interchange.annotated import AnnotatedImage, AnnotatedSet

IMAGES = AnnotatedSet([AnnotatedImage(f"{n}.png", (1, 1), ()) for n in range(3)], ())


@pytest.fixture
def exchange() -> Iterator[Lane]:
    made = Lane("test")
    yield made
    made.close()


def test_one_after_the_other(exchange: Lane, leaving: Any) -> None:
    running: list[int] = []

    def work(given_up: GivenUp) -> int:
        running.append(1)
        most = len(running)
        threading.Event().wait(0.01)
        running.pop()
        return most

    async def scenario() -> list[int]:
        return await asyncio.gather(*(exchange.run(work, leaving()) for _ in range(5)))

    assert asyncio.run(scenario()) == [1] * 5


def test_images_come_while_they_are_wanted() -> None:
    wanted = [True]
    images = while_wanted(IMAGES, lambda: not wanted[0]).images
    assert len(images) == 3 and list(images) == list(IMAGES.images)
    assert list(images[1:]) == list(IMAGES.images[1:])
    wanted[0] = False
    with pytest.raises(Refused):
        next(iter(images))


def until_given_up(begun: threading.Event, folder: Path) -> Any:
    """Work that never ends by itself, and writes until then."""

    def work(given_up: GivenUp) -> None:
        begun.set()
        while not given_up():
            (folder / "half").write_text("half")
            for _ in while_wanted(IMAGES, given_up).images:
                pass

    return work


def test_work_whose_client_left_is_given_up_and_its_folder_removed(
    exchange: Lane, leaving: Any, tmp_path: Path
) -> None:
    begun = threading.Event()
    folders = [tmp_path / "running", tmp_path / "waiting"]

    async def scenario() -> None:
        request = leaving()
        for folder in folders:
            folder.mkdir()
        tasks = [
            asyncio.create_task(exchange.run(until_given_up(begun, folder), request, folder=folder))
            for folder in folders
        ]
        while not begun.is_set():
            await asyncio.sleep(0.005)
        request.gone.set()
        refused = await asyncio.gather(*tasks, return_exceptions=True)
        assert [getattr(error, "status", None) for error in refused] == [499, 499]
        assert await exchange.run(lambda given_up: "next", leaving()) == "next"

    asyncio.run(scenario())
    assert list(tmp_path.iterdir()) == []


def test_closing_ends_work_under_way(leaving: Any, tmp_path: Path) -> None:
    exchange = Lane("test")
    begun = threading.Event()

    async def scenario() -> BaseException | None:
        task = asyncio.create_task(exchange.run(until_given_up(begun, tmp_path), leaving()))
        while not begun.is_set():
            await asyncio.sleep(0.005)
        exchange.close()
        return (await asyncio.gather(task, return_exceptions=True))[0]

    found = asyncio.run(scenario())
    assert found is None or (isinstance(found, Refused) and found.status == 503)
