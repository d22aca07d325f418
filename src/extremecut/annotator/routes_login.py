"""Logging in and out, and whether the server is there."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from extremecut import __version__
from extremecut.annotator.access import (
    address_of,
    cookie_name,
    cookies_of,
    headers_of,
    port_of,
    session_cookie,
)
from extremecut.annotator.failures import Refused, declared
from extremecut.annotator.project_messages import Health, LoginRequest
from extremecut.annotator.services import Parts

router = APIRouter(tags=["access"])


@router.get("/api/health", operation_id="health", responses=declared(403))
async def health() -> Health:
    """Whether the server answers; needs no login."""
    return Health(status="ok", version=__version__)


@router.post(
    "/api/login",
    operation_id="login",
    status_code=204,
    responses=declared(401, 403, 413, 422, 429),
)
async def login(wanted: LoginRequest, request: Request, parts: Parts) -> Response:
    """Exchange the token or password for a session's cookie."""
    if not await parts.logins.check(wanted.token, address_of(request.scope)):
        raise Refused(401, "login", "this is not the token or password of this server")
    response = Response(status_code=204)
    if parts.options.secret is not None:
        cookie = parts.logins.sessions.begin()
        response.headers["Set-Cookie"] = session_cookie(
            parts.options, port_of(request.scope), cookie
        )
    return response


@router.post(
    "/api/logout", operation_id="logout", status_code=204, responses=declared(401, 403, 413)
)
async def logout(request: Request, parts: Parts) -> Response:
    """End the session."""
    port = port_of(request.scope)
    cookie = cookies_of(headers_of(request.scope)[0]).get(cookie_name(parts.options, port), "")
    parts.logins.sessions.end(cookie)
    response = Response(status_code=204)
    response.headers["Set-Cookie"] = session_cookie(parts.options, port, "")
    return response
