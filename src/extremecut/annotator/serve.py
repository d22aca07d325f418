"""Running the application: a socket, uvicorn, and a quiet end."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import signal
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from extremecut.annotator.origins import address_of
from extremecut.end_signals import heeded
from extremecut.errors import ConfigError

KEEP_ALIVE_S = 75
GRACE_S = 5
"""How long requests under way may take to finish when the server stops."""

FULL = "too many connections are open: new ones wait until others end, or raise `ulimit -n`"
FULL_S = 60
"""How long that is not said again."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Files for TLS, in PEM form."""

    cert: Path
    key: Path

    def check(self) -> None:
        """
        Raises:
            ConfigError: no certificate, the key of another one, or a key with a passphrase.
        """

        def passphrase() -> str:  # a server that is started by a machine cannot be told one
            raise ConfigError(
                f"the key {self.key} has a passphrase: give one without, made by "
                "`openssl pkey -in KEY -out PLAIN_KEY` and readable by you alone"
            )

        try:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.cert, self.key, passphrase)
        except OSError as error:  # ssl's errors are among them
            raise ConfigError(f"the certificate or its key cannot be used: {error}") from None


def bound_socket(host: str, port: int) -> socket.socket:
    """A listening place.

    Args:
        host: an address or name of this machine.
        port: 0 for any free one.

    Raises:
        ConfigError: the port is taken, or the address is none of this machine's.
    """
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror:
        raise ConfigError(f"--host {host}: no such address or name") from None
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise ConfigError(_why(error, host, port)) from None
    return listener


def url_of(listener: socket.socket, *, host: str, tls: bool) -> str:
    """The page's address for a browser on this machine."""
    address = address_of(host)
    name = "localhost" if address is not None and address.is_unspecified else host
    if ":" in name:
        name = f"[{name}]"
    return f"{'https' if tls else 'http'}://{name}:{listener.getsockname()[1]}/"


def serve(
    app: FastAPI,
    listener: socket.socket,
    *,
    certificate: Certificate | None = None,
    on_ready: Callable[[], object] = lambda: None,
) -> None:
    """Answer requests until SIGINT, SIGTERM or SIGHUP; then finish those under way, in `GRACE_S`.

    Args:
        on_ready: called once requests are answered.

    Raises:
        ConfigError: the certificate or its key cannot be used.
    """
    if certificate is not None:
        certificate.check()
    config = uvicorn.Config(
        app,
        log_level="warning",
        ws="none",
        access_log=False,
        proxy_headers=False,  # who asks is told by the connection, not by a header
        server_header=False,
        http=_Connection,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
        ssl_certfile=None if certificate is None else str(certificate.cert),
        ssl_keyfile=None if certificate is None else str(certificate.key),
    )
    log, accepting = logging.getLogger("uvicorn.error"), logging.getLogger("asyncio")
    full = _FullOnce()
    log.addFilter(_is_news)
    accepting.addFilter(full)
    try:
        _Server(config, on_ready).run(sockets=[listener])
    finally:
        log.removeFilter(_is_news)
        accepting.removeFilter(full)


class _Connection(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """Who connects and then says nothing is not waited for: a machine opens only so many files."""

    _silence: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        loop = asyncio.get_running_loop()
        self._silence = loop.call_later(KEEP_ALIVE_S, transport.close)

    def data_received(self, data: bytes) -> None:
        self._hear()
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._hear()
        super().connection_lost(exc)

    def _hear(self) -> None:
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None


class _FullOnce(logging.Filter):
    """When no more files can be opened, says so once a minute in place of thousands of traces."""

    def __init__(self) -> None:
        super().__init__()
        self._told = float("-inf")

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.getMessage().startswith("socket.accept() out of system resource"):
            return True
        if time.monotonic() - self._told < FULL_S:
            return False
        self._told = time.monotonic()
        record.msg, record.args, record.exc_info = FULL, None, None
        return True


class _Server(uvicorn.Server):
    """Being told to stop is the usual end, not an error to be raised once more."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], object]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in heeded()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _is_news(record: logging.LogRecord) -> bool:
    """Giving up requests that do not end in time is how a server stops, not a mistake in it."""
    error = record.exc_info[1] if record.exc_info else None
    words = str(record.msg).strip()
    # A second Ctrl-C cancels the application's own end, too: its trace comes as text.
    told = words.startswith("Cancel %s running task(s)") or words.endswith("CancelledError")
    return not told and not isinstance(error, asyncio.CancelledError)


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} of {host} is taken by another program: choose another with --port, or "
            "any free one with --port 0"
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return f"--host {host} is not an address of this machine"
    if error.errno == errno.EACCES:
        return f"port {port} may not be used by this user: choose one above 1023 with --port"
    return f"cannot listen on {host}, port {port}: {error.strerror or error}"
