"""Against a small server on the loopback interface."""

from __future__ import annotations

import errno
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.client import HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from extremecut.runtime.download import DownloadError, fetch, part_path

CONTENT = bytes(range(256)) * 4000  # about a megabyte, in several chunks


class Server(ThreadingHTTPServer):
    """Serves one file, in the way a test wants."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = CONTENT
        self.etag: str | None = '"one"'
        self.understands_range = True
        self.breaks_after: int | None = None
        self.goes_on_at: int | None = None
        self.status: int | None = None
        self.asked: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/model.pth"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        server = self.server
        asked = self.headers.get("Range")
        server.asked.append(asked)
        if server.status is not None:
            self.send_error(server.status)
            return
        start, same = 0, self.headers.get("If-Range") in (None, server.etag)
        if asked and server.understands_range and same:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            if start >= len(server.content):
                self.send_error(416)
                return
            if server.goes_on_at is not None:
                start = server.goes_on_at
            self.send_response(206)
            last = len(server.content) - 1
            self.send_header("Content-Range", f"bytes {start}-{last}/{len(server.content)}")
        else:
            self.send_response(200)
        if server.etag is not None:
            self.send_header("ETag", server.etag)
        body = server.content[start:]
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: server.breaks_after])

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "model.pth"


def test_a_whole_download_arrives_with_its_progress_told(server: Server, target: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    fetch(server.url, target, on_progress=lambda *numbers: seen.append(numbers))
    assert target.read_bytes() == CONTENT
    assert [path.name for path in target.parent.iterdir()] == ["model.pth"]
    assert seen[-1] == (len(CONTENT), len(CONTENT)) and len(seen) > 2
    assert seen == sorted(seen)


def break_off(server: Server, target: Path, after: int) -> None:
    server.breaks_after = after
    with pytest.raises(DownloadError, match=r"broke after .* of 1,024,000 bytes"):
        fetch(server.url, target)
    server.breaks_after = None
    assert not target.exists() and part_path(target).stat().st_size == after


@pytest.mark.parametrize("etag", ['"one"', None])
def test_a_broken_download_is_resumed(server: Server, target: Path, etag: str | None) -> None:
    server.etag = etag
    break_off(server, target, 300_000)
    seen: list[int] = []
    fetch(server.url, target, on_progress=lambda there, total: seen.append(there))
    assert server.asked == [None, "bytes=300000-"]
    assert target.read_bytes() == CONTENT and seen[0] > 300_000


def test_a_server_without_ranges_starts_over(server: Server, target: Path) -> None:
    server.understands_range = False
    break_off(server, target, 300_000)
    fetch(server.url, target)
    assert target.read_bytes() == CONTENT


def test_a_server_that_goes_on_elsewhere_is_asked_for_everything(
    server: Server, target: Path
) -> None:
    break_off(server, target, 300_000)
    server.goes_on_at = 200_000
    fetch(server.url, target)
    assert server.asked == [None, "bytes=300000-", None]
    assert target.read_bytes() == CONTENT


def test_a_file_that_changed_in_between_is_not_glued_together(server: Server, target: Path) -> None:
    break_off(server, target, 300_000)
    server.content, server.etag = CONTENT[::-1], '"two"'
    fetch(server.url, target)
    assert target.read_bytes() == CONTENT[::-1]


def test_another_length_without_a_version_is_noticed(server: Server, target: Path) -> None:
    server.etag = None
    break_off(server, target, 300_000)
    server.content = CONTENT[::-1] + b"more"
    fetch(server.url, target)
    assert target.read_bytes() == CONTENT[::-1] + b"more"
    assert server.asked == [None, "bytes=300000-", None]


def test_a_part_longer_than_the_file_starts_over(server: Server, target: Path) -> None:
    break_off(server, target, 300_000)
    part_path(target).write_bytes(CONTENT + b"more")
    fetch(server.url, target)
    assert target.read_bytes() == CONTENT and len(server.asked) == 3


def test_a_part_of_unknown_origin_is_not_trusted(server: Server, target: Path) -> None:
    target.parent.mkdir()
    part_path(target).write_bytes(b"something else")
    fetch(server.url, target)
    assert target.read_bytes() == CONTENT and server.asked == [None]


def test_the_server_s_refusal_is_told(server: Server, target: Path) -> None:
    server.status = 404
    with pytest.raises(DownloadError, match="the server answered 404 Not Found"):
        fetch(server.url, target)
    assert not target.exists()


def test_no_connection_is_told(server: Server, target: Path) -> None:
    url = server.url
    server.server_close()
    with pytest.raises(DownloadError, match="the connection failed"):
        fetch(url, target, timeout_s=0.5)


def test_other_addresses_are_refused(server: Server, target: Path) -> None:
    with pytest.raises(DownloadError, match="wanted an http or https address"):
        fetch("file:///etc/hostname", target)
    for address in ("http://[::1/model.pth", f"{server.url}ü"):
        with pytest.raises(DownloadError, match="is no address that can be asked"):
            fetch(address, target)
    assert not any(target.parent.iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
def test_a_full_disk_names_the_file(server: Server, target: Path) -> None:
    target.parent.mkdir()
    part_path(target).symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left on device") as caught:
        fetch(server.url, target)
    assert caught.value.filename == str(part_path(target))


def test_a_network_lost_on_the_way_keeps_what_came(
    server: Server, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, calls = HTTPResponse.read, []

    def lost(response: HTTPResponse, amount: int | None = None) -> bytes:
        calls.append(amount)
        if len(calls) == 3:
            raise OSError(errno.EHOSTUNREACH, "No route to host")  # no ConnectionError
        return read(response, amount)

    monkeypatch.setattr(HTTPResponse, "read", lost)
    with pytest.raises(DownloadError, match="the connection failed: No route to host"):
        fetch(server.url, target)
    monkeypatch.undo()
    assert part_path(target).stat().st_size > 0
    fetch(server.url, target)
    assert target.read_bytes() == CONTENT and server.asked[-1] is not None


def test_two_processes_do_not_write_into_one_part(
    server: Server, target: Path, hold_lock: Callable[[Path], subprocess.Popen[str]]
) -> None:
    target.parent.mkdir()
    other = hold_lock(Path(f"{part_path(target)}.lock"))
    with pytest.raises(DownloadError, match=r"another process is fetching .* wait until it"):
        fetch(server.url, target)
    assert not server.asked and not part_path(target).exists()
    other.kill()
    other.communicate()
    fetch(server.url, target)  # what a killed process left is in nobody's way
    assert target.read_bytes() == CONTENT
    assert [path.name for path in target.parent.iterdir()] == [target.name]
