"""The page: built from `frontend/` beforehand, shipped inside the package."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable

from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from extremecut.annotator.failures import failure

FOR_EVER = "public, max-age=31536000, immutable"
MISSING = (
    "this installation lacks the page. From a checkout, build it: cd frontend && npm ci && "
    "npm run build"
)
_TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html; charset=utf-8"}


class PageFiles:
    """The page's files by the path they are asked for; nothing else can be read through it."""

    def __init__(self, folder: Traversable | None = None) -> None:
        root = resources.files("extremecut.annotator") / "page" if folder is None else folder
        self._files = dict(_files_of(root, "/")) if root.is_dir() else {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers every path that is no route."""
        path = "/index.html" if scope["path"] == "/" else scope["path"]
        found = self._files.get(path)
        if found is not None and scope["method"] in ("GET", "HEAD"):
            data = await run_in_threadpool(found.read_bytes)
            suffix = "." + path.rpartition(".")[2]
            kind = _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
            # The names of assets hold a hash of their content.
            kept = FOR_EVER if path.startswith("/assets/") else "no-cache"
            response = Response(data, media_type=kind, headers={"Cache-Control": kept})
        elif found is not None:
            response = failure(405, "method", "this can only be read", headers={"Allow": "GET"})
        elif path == "/index.html":
            response = failure(503, "no_page", MISSING)
        else:
            response = failure(404, "not_found", "there is nothing at this address")
        await response(scope, receive, send)


def _files_of(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for item in folder.iterdir():
        if item.is_dir():
            yield from _files_of(item, f"{prefix}{item.name}/")
        elif not item.name.startswith("."):
            yield prefix + item.name, item
