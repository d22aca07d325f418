"""How large a request may be, by path; checked while it comes in, whatever it says of itself."""

from __future__ import annotations

import asyncio
import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from extremecut.annotator.failures import Refused
from extremecut.annotator.options import Limits

_IMPORTS = "/api/import/"  # whose bodies go into files

TOTAL_BYTES = 1 << 30
"""Of the bodies in memory of all requests under way; one that would need more is refused."""
STALL_S = 60.0
"""How long nothing may come of a body that is not complete: who fell asleep never goes away."""


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
        in_memory = not scope["path"].startswith(_IMPORTS)
        seen = held = 0
        complete = begun = False
        refused: Refused | None = None

        async def counted() -> Message:
            nonlocal seen, held, complete, refused
            try:
                async with asyncio.timeout(None if complete else STALL_S):
                    message = await receive()
            except TimeoutError:
                refused = _stalled()
                raise refused from None
            complete = complete or not message.get("more_body", False)
            size = len(message.get("body", b""))
            seen += size
            if in_memory:
                held += size
                self._held += size
            if seen > limit:
                refused = _too_large(limit)
            elif size and self._held > TOTAL_BYTES and in_memory:
                refused = _busy()
            if refused is not None:
                raise refused
            return message

        async def watched(message: Message) -> None:
            nonlocal begun
            if refused is not None and not begun:
                return  # what others made of the refusal; ours is sent below
            begun = True
            await send(message)

        try:
            await self._app(scope, counted, watched)
        except Refused:
            if refused is None:
                raise
        finally:
            self._held -= held
        if refused is not None and not begun:
            await refused.response()(scope, receive, send)


def limit_of(path: str, limits: Limits) -> int:
    """Bytes that a request to a path may have."""
    if path == "/api/segment":
        return limits.image_bytes
    if path.startswith(_IMPORTS):
        return limits.import_bytes
    if re.fullmatch(r"/api/images/\d+/actions", path):
        return limits.action_bytes
    return limits.json_bytes


def _too_large(limit: int) -> Refused:
    return Refused(413, "too_large", f"this request is larger than {limit} bytes")


def _stalled() -> Refused:
    return Refused(408, "stalled", f"nothing more of this request came for {STALL_S:g} s")


def _busy() -> Refused:
    return Refused(
        503, "busy", "too much is being sent at once: try again in a moment", {"Retry-After": "2"}
    )
