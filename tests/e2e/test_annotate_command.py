"""The command as its users run it: a real server, real requests, a real end."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the annotator needs the annotate extra")

ROOT = Path(__file__).resolve().parents[2]
KILLS = 5


class Server:
    """A running `extremecut annotate`."""

    def __init__(self, folder: Path, *options: object) -> None:
        command = [sys.executable, "-m", "extremecut", "annotate", str(folder)]
        self.process = subprocess.Popen(
            [*command, "--no-browser", "--port", "0", *map(str, options)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: list[str] = []
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.strip())
            if line.startswith("annotate at "):
                break
        else:
            raise AssertionError(f"did not start: {self.stop()}")
        self.url = self.lines[-1].split()[2]

    def ask(
        self, path: str, body: Any = None, *, method: str | None = None, **headers: str
    ) -> tuple[int, Any]:
        """(status, JSON)."""
        data = None if body is None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(
            self.url + path, data, {"Content-Type": "application/json", **named}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return response.status, json.loads(response.read() or b"null")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str, str]:
        """(exit code, rest of stdout, stderr)."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err


Start = Callable[..., Server]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "photos").mkdir()
    shutil.copy(ROOT / "examples" / "coffee.jpg", tmp_path / "photos")
    return tmp_path / "photos"


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    running: list[Server] = []

    def begin(*options: object) -> Server:
        running.append(Server(folder, *options))
        return running[-1]

    yield begin
    for server in running:
        server.stop(signal.SIGKILL)


def new_object(x: int) -> dict[str, Any]:
    mask = {"box": [x, 0, x + 2, 2], "runs": [0, 4]}
    return {"id": None, "object": {"mask": mask, "class_id": 1}}


def test_four_points_on_a_real_photo_and_a_clean_end(start: Start, folder: Path) -> None:
    before = (folder / "coffee.jpg").read_bytes()
    server = start("--author", "Ann")
    status, project = server.ask("api/project")
    assert status == 200 and project["author"] == "Ann" and project["counts"]["images"] == 1
    points = [[77, 207], [297, 18], [479, 230], [277, 388]]
    status, found = server.ask("api/segment", {"image_id": 1, "points": points})
    assert status == 200 and found["confidence"] > 0.8
    kept = {"mask": found["mask"], "points": points, "class_id": 1}
    action = {"version": 1, "action": "add", "changes": [{"id": None, "object": kept}]}
    status, image = server.ask("api/images/1/actions", action)
    assert status == 200 and image["objects"][0]["mask"] == found["mask"]
    assert server.ask("api/project", Host="evil.com")[0] == 403
    assert server.ask("api/project", Origin="http://evil.com")[0] == 403
    code, out, err = server.stop(signal.SIGINT)
    assert code == 0 and "saved" in out and err == ""
    assert (folder / "coffee.jpg").read_bytes() == before
    assert "1 photo, 0 done, 0 objects" in server.lines


@pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")
def test_a_closed_terminal_ends_it_cleanly(start: Start, folder: Path) -> None:
    code, out, err = start().stop(signal.SIGHUP)
    assert (code, err) == (0, "") and "saved" in out
    assert [path.name for path in (folder / ".extremecut").iterdir()] == ["project.sqlite"]


def test_kill_9_loses_nothing_that_was_accepted(start: Start) -> None:
    accepted = 0
    for _ in range(KILLS):
        server = start()
        _, image = server.ask("api/images/1")
        assert len(image["objects"]) == accepted
        for _ in range(3):
            action = {
                "version": image["version"],
                "action": "add",
                "changes": [new_object(accepted)],
            }
            status, image = server.ask("api/images/1/actions", action)
            assert status == 200
            accepted += 1
        server.stop(signal.SIGKILL)
    _, image = start().ask("api/images/1")
    assert [found["mask"]["box"][0] for found in image["objects"]] == list(range(accepted))
    assert image["can_undo"]


def test_a_team_logs_in_with_the_token_that_was_made(start: Start, tmp_path: Path) -> None:
    kept = tmp_path / "token"
    options = ["--host", "0.0.0.0", "--insecure", "--token-file", kept]
    server = start(*options)
    (line,) = [line for line in server.lines if line.startswith("token")]
    token = line.split()[-1]
    assert kept.read_text().startswith("scrypt$") and token not in kept.read_text()
    assert kept.stat().st_mode & 0o077 == 0
    assert server.ask("api/project")[0] == 401
    assert server.ask("api/project", Authorization=f"Bearer {token}")[0] == 200
    assert server.ask("api/health", Host="evil.com")[0] == 403
    server.stop()
    again = start(*options)
    assert not [line for line in again.lines if line.startswith("token")]
    assert again.ask("api/project", Authorization=f"Bearer {token}")[0] == 200


def test_a_team_speaks_tls(start: Start, tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl makes the certificate, and is not installed")
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost",
         "-keyout", "key.pem", "-out", "cert.pem", "-addext", "subjectAltName=IP:127.0.0.1"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    (tmp_path / "password").write_text("correct horse battery\n")
    (tmp_path / "password").chmod(0o600)
    server = start(
        "--host", "0.0.0.0", "--password-file", tmp_path / "password",
        "--tls-cert", tmp_path / "cert.pem", "--tls-key", tmp_path / "key.pem",
    )  # fmt: skip
    assert server.url.startswith("https://localhost:")
    import ssl

    context = ssl.create_default_context(cafile=tmp_path / "cert.pem")
    body = json.dumps({"token": "correct horse battery"}).encode()
    url = server.url.replace("localhost", "127.0.0.1") + "api/login"
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60, context=context) as response:
        cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-") and "Secure" in cookie


def test_a_client_that_leaves_in_the_middle_does_no_harm(start: Start) -> None:
    server = start()
    port = int(server.url.rsplit(":", 1)[1].strip("/"))
    head = f"POST /api/segment HTTP/1.1\r\nHost: localhost:{port}\r\n"
    head += "Content-Type: application/json\r\n"
    body = '{"image_id": 1, "points": [[77, 207], [297, 18], [479, 230], [277, 388]]}'
    for sent in (head, f"{head}Content-Length: {len(body)}\r\n\r\n", "\x00\r\n\r\n"):
        for rest in ("", body[:20], body):
            with socket.create_connection(("127.0.0.1", port)) as connection:
                connection.sendall((sent + rest).encode())
    time.sleep(0.2)
    assert server.ask("api/health")[0] == 200
    code, _, err = server.stop()
    assert code == 0 and "Traceback" not in err
