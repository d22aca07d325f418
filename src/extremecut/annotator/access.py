"""The door: every request passes here before anything else looks at it."""

from __future__ import annotations

import asyncio
import math
from concurrent.futures import ThreadPoolExecutor

from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from extremecut.annotator.failures import Refused
from extremecut.annotator.options import Options
from extremecut.annotator.origins import foreign, host_is_ours
from extremecut.annotator.sessions import SESSION_SECONDS, Attempts, KnownBearers, Sessions
from extremecut.annotator.stored_secret import StoredSecret

OPEN_PATHS = ("/api/health", "/api/login")
"""Of the API; the page itself holds no secrets and shows the form to log in."""
MAX_CHECKS = 8
"""Tokens that may wait to be checked, at a tenth of a second each."""


class Logins:
    """Checks tokens, and knows who is logged in."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.sessions = Sessions()
        self.attempts = Attempts()
        self._bearers = KnownBearers()
        # By address and secret: a program that begins with twenty requests makes one attempt.
        self._checking: dict[tuple[str, str], asyncio.Future[bool]] = {}
        self._pool = ThreadPoolExecutor(1, "extremecut-login")

    async def check(self, secret: str, address: str) -> bool:
        """Whether a token or password is right.

        Raises:
            Refused: too many attempts.
        """
        if self.options.secret is None:
            return True
        attempt = (address, secret)
        if attempt not in self._checking:
            self._begin(attempt, self.options.secret)
        return await asyncio.shield(self._checking[attempt])  # others may wait for it, too

    def _begin(self, attempt: tuple[str, str], stored: StoredSecret) -> None:
        """Raises: Refused."""
        address, secret = attempt
        # Who is told to come again has made no attempt yet.
        full = len(self._checking) >= MAX_CHECKS
        wait_s = 1.0 if full else self.attempts.begin(address)
        if wait_s:
            raise Refused(
                429, "slow_down", f"too many attempts: try again in {math.ceil(wait_s)} s",
                {"Retry-After": str(math.ceil(wait_s))},
            )  # fmt: skip

        def checked(done: asyncio.Future[bool]) -> None:
            del self._checking[attempt]
            if not done.cancelled() and done.exception() is None and done.result():
                self.attempts.right(address)

        checking = asyncio.get_running_loop().run_in_executor(self._pool, stored.matches, secret)
        self._checking[attempt] = checking
        checking.add_done_callback(checked)

    async def admits(self, headers: dict[str, str], *, port: int, address: str) -> bool:
        """Whether a request carries a session's cookie or a bearer token.

        Raises:
            Refused: too many wrong tokens.
        """
        if self.options.secret is None:
            return True
        cookie = cookies_of(headers).get(cookie_name(self.options, port))
        if cookie is not None and cookie in self.sessions:
            return True
        scheme, _, token = headers.get("authorization", "").partition(" ")
        token = _header_text(token.strip())
        if scheme.lower() != "bearer" or not token:
            return False
        if token in self._bearers:
            return True
        right = await self.check(token, address)
        if right:
            self._bearers.add(token)
        return right

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


class Access:
    """Middleware: only requests to this server's names, from its own page or from programs, and
    only from people and programs that are logged in."""

    def __init__(self, app: ASGIApp, *, logins: Logins) -> None:
        self._app = app
        self._logins = logins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                await self._let_in(scope)
            except Refused as refused:
                await refused.response()(scope, receive, send)
                return
        elif scope["type"] != "lifespan":
            await send({"type": "websocket.close", "code": 1008})
            return
        await self._app(scope, receive, send)

    async def _let_in(self, scope: Scope) -> None:
        """Raises: Refused."""
        headers, hosts = headers_of(scope)
        if hosts != 1 or not host_is_ours(headers["host"], self._logins.options):
            raise Refused(
                403, "host",
                "this server does not go by that name; start it with --allow-host to add one",
            )  # fmt: skip
        reason = foreign(scope["method"], scope["path"], headers)
        if reason is not None:
            raise Refused(403, "foreign", reason)
        if not scope["path"].startswith("/api") or scope["path"] in OPEN_PATHS:
            return
        if not await self._logins.admits(headers, port=port_of(scope), address=address_of(scope)):
            raise Refused(
                401, "login", "log in first, or send the token as a bearer token",
                {"WWW-Authenticate": "Bearer"},
            )  # fmt: skip


def headers_of(scope: Scope) -> tuple[dict[str, str], int]:
    """Headers by lower-case name, the last of equals, and the number of Host headers."""
    headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
    return headers, sum(key == b"host" for key, _ in scope["headers"])


def address_of(scope: Scope) -> str:
    """The other side's address; "" when the transport has none."""
    client = scope.get("client")
    return client[0] if client else ""


def port_of(scope: Scope) -> int:
    """The port this request came in by: browsers share cookies between ports, we do not."""
    server = scope.get("server")
    return (server[1] or 0) if server else 0


def cookies_of(headers: dict[str, str]) -> dict[str, str]:
    """As browsers mean them. Other programs on this machine share ours, whatever they put in.

    Python's own reader gives up at the first value that it does not like.
    """
    return cookie_parser(headers.get("cookie", ""))


def _header_text(text: str) -> str:
    """What a header meant: headers are read as Latin-1, and programs send UTF-8."""
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


def cookie_name(options: Options, port: int) -> str:
    return f"{'__Host-' if options.tls else ''}extremecut-{port}"


def session_cookie(options: Options, port: int, value: str) -> str:
    """The Set-Cookie header; an empty value deletes the cookie."""
    parts = [
        f"{cookie_name(options, port)}={value}",
        f"Max-Age={SESSION_SECONDS if value else 0}",
        "Path=/",
        "HttpOnly",
        "SameSite=Strict",
    ]
    return "; ".join([*parts, "Secure"] if options.tls else parts)
