"""Every failure as an answer: a status, one plain sentence, one word for programs."""

from __future__ import annotations

import errno
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from extremecut.annotator.messages import ErrorBody
from extremecut.annotator.photos import PhotoChangedError
from extremecut.annotator.response_headers import HEADERS
from extremecut.annotator.turns import BusyError, SupersededError
from extremecut.errors import (
    ConflictError,
    DataError,
    ExtremecutError,
    ImageError,
    NotFoundError,
    PointsError,
    StoreError,
)
from extremecut.files import as_utf8

if TYPE_CHECKING:
    from extremecut.projects.project import Project

RETRY_AFTER_S = 2
_CODES = {404: "not_found", 405: "method"}

_log = logging.getLogger("extremecut.annotator")


class Refused(ExtremecutError):  # noqa: N818  the word says what happened
    """A request that is answered with a status of its own."""

    def __init__(
        self, status: int, code: str, detail: str, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.headers = status, code, headers

    def response(self) -> JSONResponse:
        return failure(self.status, self.code, str(self), headers=self.headers)


def server_stops() -> Refused:
    """What is answered to a request that is given up when the server stops."""
    return Refused(
        503, "busy", "the server stops: try again when it runs again",
        {"Retry-After": str(RETRY_AFTER_S)},
    )  # fmt: skip


def failure(
    status: int, code: str, detail: str, *, headers: dict[str, str] | None = None, **more: Any
) -> JSONResponse:
    """The body is an `ErrorBody`."""
    body = {"detail": as_utf8(detail), "code": code, "current_version": None, **more}
    return JSONResponse(body, status, headers={"Cache-Control": "no-store", **(headers or {})})


def declared(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The failures of a route for its OpenAPI description."""
    words = {
        401: "Log in, or send a bearer token",
        403: "Refused: not from this page",
        404: "There is no such thing",
        408: "Nothing more of the request came",
        409: "Somebody else was first, a newer request came, or the photo was replaced",
        413: "Too large",
        422: "Something in the request cannot be used",
        429: "Too many attempts",
        503: "Busy, or the database cannot be used now",
        507: "The disk is full",
    }
    # A body that may be too large may also stop coming, or be one too many.
    bodies = (408, 503) if 413 in statuses else ()
    return {
        status: {"model": ErrorBody, "description": words[status]}
        for status in sorted({*statuses, *bodies})
    }


def answer_failures(app: FastAPI) -> None:
    """Turn exceptions into answers."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ExtremecutError, _ours)
    app.add_exception_handler(OSError, _system)
    app.add_exception_handler(Exception, _mistake)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part != "body")
    more = len(error.errors()) - 1
    detail = f"{where}: {first['msg']}" if where else str(first["msg"])
    return failure(422, "invalid", detail + (f" (and {more} more)" if more else ""))


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == 400:  # how the framework says that a body is not even text or a form
        return failure(422, "invalid", "the request's body cannot be read")
    headers = dict(error.headers) if error.headers else None
    code = _CODES.get(error.status_code, "refused")
    return failure(error.status_code, code, str(error.detail), headers=headers)


async def _ours(request: Request, error: Exception) -> JSONResponse:
    if isinstance(error, Refused):
        return error.response()
    detail = _without_places(str(error), request.app.state.services.project)
    if isinstance(error, ConflictError):
        return failure(409, "conflict", detail, current_version=error.current_version)
    if isinstance(error, SupersededError):
        return failure(409, "superseded", detail)
    if isinstance(error, BusyError):
        return failure(503, "busy", detail, headers={"Retry-After": str(RETRY_AFTER_S)})
    if isinstance(error, StoreError):
        status, code = (507, "disk_full") if _disk_is_full(error) else (503, "store")
        _log.error("%s", error)
        return failure(status, code, detail, headers={"Retry-After": "10"})
    for kind, status, code in (
        (NotFoundError, 404, "not_found"),
        (PhotoChangedError, 409, "changed"),
        (PointsError, 422, "points"),
        (ImageError, 422, "image"),
        (DataError, 422, "data"),
    ):
        if isinstance(error, kind):
            return failure(status, code, detail)
    return failure(422, "refused", detail)


def _without_places(text: str, project: Project) -> str:
    """Where things lie on the server is for its log; clients are told names."""
    if "://" not in project.where:
        text = text.replace(project.where, Path(project.where).name)
    return text.replace(str(project.photos), project.photos.name)


async def _system(request: Request, error: Exception) -> JSONResponse:
    """A full disk, a folder that cannot be written to, too many open files."""
    if _disk_is_full(error):
        return failure(507, "disk_full", "the server's disk is full: make room, then try again")
    _log.error("%s %s: %s", request.method, request.url.path, error)
    reason = getattr(error, "strerror", None) or "a file cannot be used"
    return failure(503, "system", f"the server cannot do this now ({reason})")


async def _mistake(request: Request, error: Exception) -> JSONResponse:
    """A mistake in this program; the server logs its trace, which is nobody else's business."""
    return failure(500, "mistake", "the server made a mistake; its log says more", headers=HEADERS)


def _disk_is_full(error: BaseException) -> bool:
    for link in _chain(error):
        if getattr(link, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL:
            return True
        if getattr(link, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
            return True
        if getattr(link, "sqlstate", None) == "53100":
            return True
    return False


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error, what it was raised from, and what a database library wrapped in it."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        link = waiting.pop()
        if isinstance(link, BaseException) and id(link) not in seen:
            seen.add(id(link))
            yield link
            waiting += [link.__cause__, link.__context__, getattr(link, "orig", None)]
