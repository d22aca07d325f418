"""What the routes work with, and who is asking."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Annotated, TypeVar
from urllib.parse import quote, unquote

from fastapi import Depends, Request, Response
from fastapi.concurrency import run_in_threadpool

from extremecut.annotator.access import Logins, address_of
from extremecut.annotator.album import Album, Place
from extremecut.annotator.lanes import Lane
from extremecut.annotator.messages import ImageDetail
from extremecut.annotator.options import Options
from extremecut.annotator.tiles import Pyramid
from extremecut.annotator.turns import TurnQueue
from extremecut.annotator.views import detail_view
from extremecut.annotator.waiting import unless_gone, waited_for
from extremecut.errors import DataError
from extremecut.predictor import Segmenter
from extremecut.projects.project import Project
from extremecut.projects.records import ImageRecord

AUTHOR_COOKIE = "extremecut-author"
CLIENT_COOKIE = "extremecut-client"
MAX_NAME = 100
_YEAR_S = 365 * 24 * 3600

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Services:
    """One server's parts."""

    project: Project
    segmenter: Segmenter
    options: Options
    album: Album
    queue: TurnQueue
    logins: Logins
    exchange: Lane
    """For exports and imports."""
    looks: Lane
    """For looks into the photo folder."""
    uploads: ThreadPoolExecutor
    """Decodes pictures that are sent along, few at a time since each may be large."""
    saves: asyncio.Semaphore
    """As many saves as may take a thread at the same time."""

    async def saved(self, work: Callable[[], T]) -> T:
        """Run `work`, which writes to the database, in a thread.

        While an import or a look into the folder is written, saves wait in their threads: of those,
        some must be left to everybody who only looks.
        """
        async with self.saves:
            return await run_in_threadpool(work)

    async def saved_image(self, work: Callable[[], ImageRecord]) -> ImageDetail:
        """Run `work` as `saved` does; the answer is the image as it is now."""
        return await self.saved(lambda: detail_view(work(), self.album.problem))

    def close(self) -> None:
        """Finish what is under way, but for exports and imports, which are given up.

        The project stays open, it belongs to the caller.
        """
        self.exchange.close()
        self.looks.close()
        self.queue.close()
        self.album.close()
        self.logins.close()
        self.uploads.shutdown(cancel_futures=True)


def services_of(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def author_of(request: Request) -> str:
    """Whose work this is: a header, a cookie, or the name the server was started with.

    Raises:
        DataError: the header holds no name. Work is not to be kept under another one in silence.
    """
    header = request.headers.get("x-author")
    if header:
        named = _name_in(header)
        if named is None:
            raise DataError(
                f"X-Author must be a name of 1 to {MAX_NAME} printable characters, as "
                "percent-encoded UTF-8"
            )
        return named
    # Cookies come from this server, or from other programs on the machine: those mean nothing.
    kept = _name_in(request.cookies.get(AUTHOR_COOKIE, ""))
    return services_of(request).options.author if kept is None else kept


def _name_in(text: str) -> str | None:
    """What was percent-encoded, if it can be a name."""
    try:
        name = " ".join(unquote(text, errors="strict").split())
    except UnicodeDecodeError:
        return None
    return name if name.isprintable() and 0 < len(name) <= MAX_NAME else None


def client_of(request: Request) -> str:
    """Whose turn it is: a browser, or whoever asks from one address."""
    return request.cookies.get(CLIENT_COOKIE, "")[:64] or address_of(request.scope)


def remember_author(response: Response, request: Request, name: str) -> None:
    _set_cookie(response, request, AUTHOR_COOKIE, quote(name, safe=""))


def remember_client(response: Response, request: Request) -> None:
    """Give a browser a number of its own, so that each is served in turn."""
    if CLIENT_COOKIE not in request.cookies:
        _set_cookie(response, request, CLIENT_COOKIE, secrets.token_hex(8))


def _set_cookie(response: Response, request: Request, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=_YEAR_S, httponly=True, samesite="strict",
        secure=services_of(request).options.tls,
    )  # fmt: skip


async def photo_of(parts: Services, place: Place, request: Request) -> Pyramid:
    """A decoded photo.

    Raises:
        ImageError: it cannot be read.
        Refused: the client has gone away; a photo that nobody waits for is not decoded.
    """
    pixels = parts.album.pixels(place)
    if pixels.done():
        return pixels.result()
    try:
        return await unless_gone(waited_for(pixels), request)
    finally:
        parts.album.leave(place, pixels)


async def place_of(parts: Services, image_id: int) -> Place:
    """Raises: NotFoundError: no such image, or its file is gone or outside the folder."""
    known = parts.album.known(image_id)
    return await run_in_threadpool(parts.album.place, image_id) if known is None else known


Parts = Annotated[Services, Depends(services_of)]
Author = Annotated[str, Depends(author_of)]
