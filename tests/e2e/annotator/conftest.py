"""A headless Chromium and a real server on copies of real photos; skipped where there is none."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from annotating import Annotating, Server

sys.path.insert(0, str(Path(__file__).resolve().parent))

ROOT = Path(__file__).resolve().parents[3]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WINDOW = {"width": 1280, "height": 720}


@pytest.fixture(scope="session")
def chromium() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip(f"no browser on the PATH: {', '.join(BROWSERS)}")
    return found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    # Only while a module runs: the driver's event loop would stand in other tests' way.
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium, args=options)
        yield started
        started.close()


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six photos of a cup and one of an astronaut: a test may have one for itself."""
    folder = tmp_path_factory.mktemp("project") / "photos"
    folder.mkdir()
    for number in range(6):
        shutil.copy(ROOT / "examples" / "coffee.jpg", folder / f"cup-{number}.jpg")
    shutil.copy(ROOT / "examples" / "astronaut.jpg", folder / "astronaut.jpg")
    return folder


@pytest.fixture(scope="module")
def server(photos: Path) -> Iterator[Server]:
    from annotating import Server

    running = Server(photos, "--author", "Ada")
    yield running
    running.stop()


@pytest.fixture
def new_page(browser: Any, server: Server) -> Iterator[Callable[..., Annotating]]:
    """Opens pages, each in a profile of its own, that must end without a problem."""
    from annotating import Annotating

    opened: list[tuple[Any, Annotating]] = []

    def open_page(**options: Any) -> Annotating:
        context = browser.new_context(viewport=WINDOW, accept_downloads=True, **options)
        context.set_default_timeout(120_000)
        annotating = Annotating(context.new_page(), server)
        opened.append((context, annotating))
        annotating.open()
        return annotating

    yield open_page
    problems = [problem for _, annotating in opened for problem in annotating.problems]
    for context, _ in opened:
        context.close()
    assert problems == []


@pytest.fixture
def annotating(new_page: Callable[..., Annotating]) -> Annotating:
    return new_page()
