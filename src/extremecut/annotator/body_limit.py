"""How large a request may be, by path; checked while it comes in, whatever it says of itself."""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from extremecut.annotator.failures import Refused
from extremecut.annotator.options import Limits

TOTAL_BYTES = 1 << 30
"""Of the bodies of all requests under way; a new one waits beyond that."""


class BodyLimit:
    """Middleware. A request that grows too large is answered with 413."""

    def __init__(self, app: ASGIApp, *, limits: Limits) -> None:
        self._app = app
        self._limits = limits
        self._held = 0  # of all requests now being answered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = limit_of(scope["path"], self._limits)
        lengths = [value for key, value in scope["headers"] if key == b"content-length"]
        if lengths and (not lengths[0].isdigit() or int(lengths[0]) > limit):
            await _too_large(limit).response()(scope, receive, send)
            return
        if self._held > TOTAL_BYTES:
            await _busy().response()(scope, receive, send)
            return
        seen, begun = 0, False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            size = len(message.get("body", b""))
            seen += size
            self._held += size
            if seen > limit:
                raise _too_large(limit)
            return message

        async def watched(message: Message) -> None:
            nonlocal begun
            if seen > limit and not begun:
                return  # what others made of the refusal; ours is sent below
            begun = True
            await send(message)

        try:
            await self._app(scope, counted, watched)
        except Refused:
            if seen <= limit:
                raise
        finally:
            self._held -= seen
        if seen > limit and not begun:
            await _too_large(limit).response()(scope, receive, send)


def limit_of(path: str, limits: Limits) -> int:
    """Bytes that a request to a path may have."""
    if path == "/api/segment":
        return limits.image_bytes
    if path.startswith("/api/import/"):
        return limits.import_bytes
    if re.fullmatch(r"/api/images/\d+/actions", path):
        return limits.action_bytes
    return limits.json_bytes


def _too_large(limit: int) -> Refused:
    return Refused(413, "too_large", f"this request is larger than {limit} bytes")


def _busy() -> Refused:
    return Refused(
        503, "busy", "too much is being sent at once: try again in a moment", {"Retry-After": "2"}
    )
