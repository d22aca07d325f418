from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

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
