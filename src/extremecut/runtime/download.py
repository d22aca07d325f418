"""Fetching a large file: resumed where it broke off, in place only when it is whole."""

from __future__ import annotations

import http.client
import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from extremecut.errors import ExtremecutError
from extremecut.file_lock import locked

CHUNK_BYTES = 1 << 18
TIMEOUT_S = 30.0

OnProgress = Callable[[int, int | None], object]
"""Called with the bytes that are here and, where known, all there are."""

Version = dict[str, Any]


class DownloadError(ExtremecutError):
    """A download failed; the message says why. What had come is kept to resume from."""


def part_path(target: Path) -> Path:
    """Where the bytes of an unfinished download are kept."""
    return target.with_name(f"{target.name}.part")


def fetch(
    url: str,
    target: Path,
    *,
    on_progress: OnProgress | None = None,
    timeout_s: float = TIMEOUT_S,
) -> None:
    """Bring a file to `target`, which appears only when every byte is there.

    An earlier attempt's `.part` file is continued where the server can do that and the file
    there is still the same one (ETag, date and size are kept beside the part); otherwise the
    download starts over.

    Raises:
        DownloadError: no address, no connection, an error from the server, a connection that
            broke, or another process that is fetching the same file.
        OSError: the disk is full or read-only; names the file.
    """
    if not url.startswith(("https://", "http://")):
        raise DownloadError(f"wanted an http or https address, got {url}")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = part_path(target)
    # Two at once would write into one part, and its hash would be remembered as the file's.
    with locked(part.with_name(f"{part.name}.lock")) as alone:
        if not alone:
            raise DownloadError(f"another process is fetching {target}: wait until it ends")
        _fetch_alone(url, target, part, on_progress, timeout_s)


def _fetch_alone(
    url: str, target: Path, part: Path, on_progress: OnProgress | None, timeout_s: float
) -> None:
    try:
        _receive(url, part, on_progress, timeout_s)
    except urllib.error.HTTPError as error:
        with error:
            raise DownloadError(f"the server answered {error.code} {error.reason}") from None
    except ValueError as error:  # an unpaired bracket, a letter that addresses do not have
        raise DownloadError(f"{url} is no address that can be asked: {error}") from None
    except (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError) as err:
        reason = getattr(err, "reason", None) or err
        raise DownloadError(f"the connection failed: {reason or type(err).__name__}") from None
    except OSError as error:
        if error.filename is None and error.errno is not None:
            raise OSError(error.errno, error.strerror, str(part)) from error
        raise
    with open(part, "rb") as handle:
        os.fsync(handle.fileno())
    os.replace(part, target)
    _version_path(part).unlink(missing_ok=True)


def _receive(url: str, part: Path, on_progress: OnProgress | None, timeout_s: float) -> None:
    there = part.stat().st_size if part.exists() else 0
    version = _read_version(part)
    if not (there and version):
        there = 0
    response = _open(url, there, version, timeout_s)
    if there and not _continues(response, there, version):
        if response.status == http.client.PARTIAL_CONTENT:  # of another file, or elsewhere
            response.close()
            response = _open(url, 0, version, timeout_s)
        there = 0
    with response:
        total = _total_bytes(response, there)
        if there == 0:
            _write_version(part, response, total)
        with open(part, "ab" if there else "wb") as handle:
            while chunk := _next_bytes(response):
                handle.write(chunk)
                there += len(chunk)
                if on_progress is not None:
                    on_progress(there, total)
    if total is not None and there != total:
        raise DownloadError(f"the connection broke after {there:,} of {total:,} bytes")


def _next_bytes(response: Any) -> bytes:
    try:
        chunk: bytes = response.read(CHUNK_BYTES)
    except OSError as error:  # of the network, the disk's are others
        raise DownloadError(f"the connection failed: {error.strerror or error}") from None
    return chunk


def _open(url: str, there: int, version: Version, timeout_s: float) -> Any:
    """Ask for what is missing, or for everything where the server finds nothing missing."""
    request = urllib.request.Request(url, headers={"User-Agent": "extremecut"})
    if there:
        request.add_header("Range", f"bytes={there}-")
        if version.get("validator"):
            request.add_header("If-Range", version["validator"])
    try:
        return urllib.request.urlopen(request, timeout=timeout_s)
    except urllib.error.HTTPError as error:
        if not there or error.code != http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        error.close()
        return _open(url, 0, version, timeout_s)


def _continues(response: Any, there: int, version: Version) -> bool:
    """Whether the server goes on where the part ends, with a file as long as it was."""
    given = response.headers.get("Content-Range", "")
    return (
        response.status == http.client.PARTIAL_CONTENT
        and given.startswith(f"bytes {there}-")
        and given.endswith((f"/{version.get('total')}", "/*"))
    )


def _total_bytes(response: Any, there: int) -> int | None:
    length = response.headers.get("Content-Length", "")
    return there + int(length) if length.isdigit() else None


def _version_path(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _read_version(part: Path) -> Version:
    """Which version of the file the part belongs to; empty when that is not known."""
    try:
        content = json.loads(_version_path(part).read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _write_version(part: Path, response: Any, total: int | None) -> None:
    etag = response.headers.get("ETag", "")
    # A weak ETag may stay the same while bytes change.
    validator = etag if etag.startswith('"') else response.headers.get("Last-Modified", "")
    _version_path(part).write_text(json.dumps({"validator": validator, "total": total}))
