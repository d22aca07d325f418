"""What clients are told whose requests a server that stops gives up."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from extremecut.annotator.failures import server_stops


class ToldOfTheEnd:
    """Middleware. A request that is given up is answered with 503: it may be sent again later.

    Otherwise the client would be told of a mistake in the server, and would not try again.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except asyncio.CancelledError:
            if begun or scope["type"] != "http":
                raise
            await server_stops().response()(scope, receive, send)
