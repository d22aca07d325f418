"""A small project behind the application, and a client that needs no network."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

pytest.importorskip("fastapi", reason="the annotator needs the annotate extra")

from extremecut.annotator.app import create_app
from extremecut.annotator.options import Options
from extremecut.predictor import Segmenter
from extremecut.projects.project import Project

POINTS = [[20, 50], [60, 10], [90, 55], [55, 80]]


class Api:
    """Requests to one application, all on one event loop."""

    def __init__(self, app: Any, runner: asyncio.Runner) -> None:
        self.app = app
        self.services = app.state.services
        self._runner = runner
        self.client = self.another()

    def another(self, *, address: str = "127.0.0.1", **options: Any) -> httpx.AsyncClient:
        """Another browser or program, with cookies of its own."""
        transport = httpx.ASGITransport(self.app, client=(address, 5000))
        return httpx.AsyncClient(
            transport=transport, base_url="http://localhost", trust_env=False, **options
        )

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._runner.run(work)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        response: httpx.Response = self.run(self.client.request(method, path, **options))
        return response

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        return self.request("POST", path, json=json, **options)


MakeApi = Callable[..., Api]


@pytest.fixture(scope="session")
def _empty_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two photos and a fresh database, made once."""
    folder = tmp_path_factory.mktemp("project") / "photos"
    (folder / "sub").mkdir(parents=True)
    values = np.random.default_rng(0).integers(0, 256, (100, 120, 3), np.uint8)
    Image.fromarray(values).save(folder / "a.png")
    turned = Image.Exif()
    turned[0x0112] = 6
    Image.new("RGB", (600, 300), "red").save(folder / "sub" / "b.jpg", exif=turned)
    with Project.open(folder) as project:
        project.refresh_photos()
    return folder


@pytest.fixture(scope="module")
def door(_empty_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """One application for all tests of a module that change nothing."""
    folder = shutil.copytree(_empty_project, tmp_path_factory.mktemp("door") / "photos")
    with asyncio.Runner() as runner, Project.open(folder) as project:
        api = Api(create_app(project, Segmenter(), Options(author="ann")), runner)
        yield api
        runner.run(api.client.aclose())
        api.services.close()


@pytest.fixture
def photos(_empty_project: Path, tmp_path: Path) -> Path:
    """a.png with 120 x 100 pixels (image 1), sub/b.jpg, upright with 300 x 600 (image 2)."""
    return Path(shutil.copytree(_empty_project, tmp_path / "photos"))


@pytest.fixture
def project(photos: Path) -> Iterator[Project]:
    with Project.open(photos) as opened:
        yield opened


@pytest.fixture
def make_api(project: Project, disc_backend: Any) -> Iterator[MakeApi]:
    """Makes applications that find the ellipse inscribed in the points' box."""
    made: list[Api] = []
    with asyncio.Runner() as runner:

        def make(backend: Any = None, **options: Any) -> Api:
            chosen = Options(**({"author": "ann"} | options))
            api = Api(create_app(project, Segmenter(backend or disc_backend), chosen), runner)
            made.append(api)
            return api

        yield make
        for api in made:
            api.run(api.client.aclose())
            api.services.close()


@pytest.fixture
def api(make_api: MakeApi) -> Api:
    """One for this machine, without a login."""
    return make_api()


def square(x: int, y: int, side: int = 10) -> dict[str, Any]:
    """The mask of a square with its top-left pixel at (x, y)."""
    return {"box": [x, y, x + side, y + side], "runs": [0, side * side]}


def new_object(x: int = 5, y: int = 5, **fields: Any) -> dict[str, Any]:
    return {"id": None, "object": {"mask": square(x, y), "class_id": 1} | fields}


@pytest.fixture
def add(api: Api) -> Callable[..., httpx.Response]:
    """Adds a square to an image."""

    def adds(version: int, *, image: int = 1, x: int = 5, **more: Any) -> httpx.Response:
        action = {"version": version, "action": "add", "changes": [new_object(x)]} | more
        return api.post(f"/api/images/{image}/actions", action)

    return adds


class Leaving:
    """A request whose client goes away when it is told to."""

    def __init__(self) -> None:
        self.gone = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}


@pytest.fixture
def leaving() -> type[Leaving]:
    """Requests whose `gone` can be set."""
    return Leaving
