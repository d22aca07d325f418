from __future__ import annotations

import logging
import shutil
import signal
import socket
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request

from extremecut.annotator import serve as serving
from extremecut.annotator.serve import Certificate, bound_socket, serve, url_of
from extremecut.errors import ConfigError


def test_port_0_is_any_free_one() -> None:
    with bound_socket("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert port > 0
        assert url_of(listener, host="127.0.0.1", tls=False) == f"http://127.0.0.1:{port}/"
        assert url_of(listener, host="0.0.0.0", tls=True) == f"https://localhost:{port}/"
        assert url_of(listener, host="::1", tls=False) == f"http://[::1]:{port}/"


def test_a_port_that_is_taken_is_told_in_one_line() -> None:
    with bound_socket("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(ConfigError, match=f"port {port} .* taken") as caught:
            bound_socket("127.0.0.1", port)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("host", ["192.0.2.1", "no such name", "host.invalid"])
def test_addresses_of_others_are_refused(host: str) -> None:
    with pytest.raises(ConfigError, match="--host"):
        bound_socket(host, 0)


def test_a_certificate_that_is_none_is_refused(api: Any, tmp_path: Path) -> None:
    path = tmp_path / "cert.pem"
    path.write_text("nothing")
    with (
        bound_socket("127.0.0.1", 0) as listener,
        pytest.raises(ConfigError, match="certificate"),
    ):
        serve(api.app, listener, certificate=Certificate(path, path))
    assert isinstance(listener, socket.socket)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_a_key_of_another_certificate_or_with_a_passphrase_is_refused(tmp_path: Path) -> None:
    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=tmp_path, check=True, capture_output=True)

    for name in ("a", "b"):
        files = ["-keyout", f"{name}.key", "-out", f"{name}.pem"]
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", *files)
    openssl("pkey", "-in", "a.key", "-aes256", "-passout", "pass:abcd", "-out", "locked.key")
    Certificate(tmp_path / "a.pem", tmp_path / "a.key").check()
    with pytest.raises(ConfigError, match=r"cannot be used: .*mismatch"):
        Certificate(tmp_path / "a.pem", tmp_path / "b.key").check()
    with pytest.raises(ConfigError, match=r"locked\.key has a passphrase: give one without"):
        Certificate(tmp_path / "a.pem", tmp_path / "locked.key").check()


def stopped_in_the_middle(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception | None = None,
    *,
    signals: int = 1,
) -> str:
    """What a server says that is told to stop while the body of a request never comes."""
    monkeypatch.setattr(serving, "GRACE_S", 1)
    app = FastAPI()

    @app.post("/")
    async def take(request: Request) -> None:
        for _ in range(signals):
            signal.raise_signal(signal.SIGINT)
        if error is not None:
            raise error
        await request.body()

    with bound_socket("127.0.0.1", 0) as listener:
        client = socket.create_connection(listener.getsockname())
        head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{"
        serve(app, listener, on_ready=lambda: client.sendall(head.encode()))
        client.close()
    return capsys.readouterr().err


@pytest.mark.parametrize("signals", [1, 2])
def test_a_request_that_does_not_end_is_given_up_without_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], signals: int
) -> None:
    assert stopped_in_the_middle(monkeypatch, capsys, signals=signals) == ""


def test_a_mistake_in_a_last_request_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "a mistake" in stopped_in_the_middle(monkeypatch, capsys, ValueError("a mistake"))


def test_who_connects_and_says_nothing_is_let_go(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serving, "KEEP_ALIVE_S", 1)
    said: list[bytes] = []

    def wait(client: socket.socket) -> None:
        said.append(client.recv(1))  # b"" once the server has closed the connection
        signal.raise_signal(signal.SIGINT)

    with bound_socket("127.0.0.1", 0) as listener:
        client = socket.create_connection(listener.getsockname(), timeout=20)
        waiting = threading.Thread(target=wait, args=(client,))
        serve(FastAPI(), listener, on_ready=waiting.start)
        waiting.join()
        client.close()
    assert said == [b""]


def test_that_no_more_files_can_be_opened_is_one_line() -> None:
    log = logging.getLogger("extremecut.test.full")
    told: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: told.append(logging.Formatter().format(record))  # type: ignore[method-assign]
    log.propagate = False
    log.addHandler(handler)
    log.addFilter(serving._FullOnce())
    for _ in range(3):
        try:
            raise OSError(24, "Too many open files")
        except OSError as error:
            log.error("socket.accept() out of system resource\nsocket: 3", exc_info=error)
    log.error("something else")
    assert told == [serving.FULL, "something else"]
