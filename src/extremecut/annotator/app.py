"""The web application: its parts put together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from extremecut import __version__
from extremecut.annotator import (
    reference,
    routes_actions,
    routes_exchange,
    routes_images,
    routes_login,
    routes_project,
    routes_segment,
)
from extremecut.annotator.access import Access, Logins
from extremecut.annotator.album import Album
from extremecut.annotator.body_limit import BodyLimit
from extremecut.annotator.failures import answer_failures
from extremecut.annotator.lanes import Lane
from extremecut.annotator.options import Options
from extremecut.annotator.page_files import PageFiles
from extremecut.annotator.response_headers import ResponseHeaders
from extremecut.annotator.services import Services
from extremecut.annotator.stopping import ToldOfTheEnd
from extremecut.annotator.turns import TurnQueue
from extremecut.predictor import Segmenter
from extremecut.projects.project import Project

DATABASE_THREADS = 16
"""Requests that may talk to the database at the same time."""
SAVING_THREADS = DATABASE_THREADS // 2
"""Of these, such as write to it."""
GZIP_BYTES = 1 << 16
"""Of an answer, from which on packing it is worth the time on a network."""

ABOUT = """Label a folder of photos, and segment pictures from other programs.

Coordinates are pixels of the upright picture: (0, 0) is the centre of the top-left pixel, x runs
right, y down. Boxes are half-open: x0, y0, x1, y1."""


def create_app(project: Project, segmenter: Segmenter, options: Options) -> FastAPI:
    """The application for one project. It closes its threads at the end, not the project.

    Args:
        project: open; used from several threads.
        segmenter: the model to answer clicks with.
        options: who may come in, and how much they may ask for.
    """
    services = Services(
        project=project,
        segmenter=segmenter,
        options=options,
        album=Album(project),
        queue=TurnQueue(),
        logins=Logins(options),
        exchange=Lane("extremecut-exchange"),
        looks=Lane("extremecut-looks"),
        uploads=ThreadPoolExecutor(2, "extremecut-uploads"),
        saves=asyncio.Semaphore(SAVING_THREADS),
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = DATABASE_THREADS
        yield
        services.close()

    app = FastAPI(
        title="extremecut",
        version=__version__,
        description=ABOUT,
        lifespan=lifespan,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.services = services
    app.router.default = PageFiles()
    answer_failures(app)
    for routes in (
        routes_login,
        routes_project,
        routes_images,
        routes_actions,
        routes_segment,
        routes_exchange,
        reference,
    ):
        app.include_router(routes.router)
    if options.any_address:
        # An image's objects shrink to a third; within one machine that only costs time.
        app.add_middleware(GZipMiddleware, minimum_size=GZIP_BYTES, compresslevel=1)
    # The last one added is the first to see a request.
    app.add_middleware(BodyLimit, limits=options.limits)
    app.add_middleware(Access, logins=services.logins)
    app.add_middleware(ToldOfTheEnd)
    app.add_middleware(ResponseHeaders)
    return app
