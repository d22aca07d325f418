"""Export and import: the formats of `extremecut.interchange` as downloads and uploads."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect
from starlette.responses import FileResponse
from starlette.types import Receive, Scope, Send

from extremecut.annotator.failures import Refused, declared
from extremecut.annotator.lanes import GivenUp, while_wanted
from extremecut.annotator.project_messages import Imported, Losses
from extremecut.annotator.services import Author, Parts, Services
from extremecut.errors import DataError
from extremecut.files import as_utf8
from extremecut.interchange.formats import FORMATS

router = APIRouter(tags=["files"])

FormatName = Literal["coco", "voc", "yolo", "labelme", "cvat", "davis", "labels", "masks"]
Tolerance = Annotated[
    float, Query(ge=0, lt=1000, description="How far polygons may lie from the outline, pixels.")
]
FileName = Annotated[
    str | None,
    Query(max_length=200, description="The file's name, by which a single PNG finds its photo."),
]

_ZIP: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": {}}, "description": "A ZIP archive"}
}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
        },
    }
}


class _SentOnce(FileResponse):
    """A file that is removed with its folder once it was sent, or the client left, or we stop."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            shutil.rmtree(Path(self.path).parent, ignore_errors=True)


@router.get(
    "/api/export/{name}",
    operation_id="export",
    response_class=FileResponse,
    responses=_ZIP | declared(401, 403, 422, 503, 507),
)
async def export(
    name: FormatName, request: Request, parts: Parts, tolerance: Tolerance = 1.0
) -> Response:
    """All objects in one format, as a ZIP archive."""
    folder = Path(tempfile.mkdtemp(prefix="extremecut-export-"))
    archive = folder / "export.zip"

    def write(given_up: GivenUp) -> None:
        found = while_wanted(parts.project.annotated(), given_up)
        FORMATS[name].write(found, archive, tolerance_px=tolerance)

    await parts.exchange.run(write, request, folder=folder)
    return _SentOnce(
        archive,
        media_type="application/zip",
        filename=f"{as_utf8(parts.project.photos.name) or 'photos'}-{name}.zip",
    )


@router.get(
    "/api/export/{name}/losses",
    operation_id="export_losses",
    responses=declared(401, 403, 422, 503),
)
async def losses(
    name: FormatName, request: Request, parts: Parts, tolerance: Tolerance = 1.0
) -> Losses:
    """What an export would lose, in plain sentences; nothing is written."""

    def look(given_up: GivenUp) -> tuple[str, ...]:
        found = while_wanted(parts.project.annotated(), given_up)
        return FORMATS[name].losses(found, tolerance_px=tolerance)

    return Losses(losses=list(await parts.exchange.run(look, request)))


@router.post(
    "/api/import/{name}",
    operation_id="import",
    responses=declared(401, 403, 413, 422, 503, 507),
    openapi_extra=_BODY,
)
async def import_(
    name: FormatName, request: Request, parts: Parts, author: Author, file_name: FileName = None
) -> Imported:
    """Add the objects of a file or ZIP archive, sent as it is or in a form; all of it or nothing.

    Photos are found by relative path, then by file name.
    """
    folder = Path(tempfile.mkdtemp(prefix="extremecut-import-"))
    try:
        path = await _received(request, folder, file_name)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, ClientDisconnect):
            raise Refused(499, "gone", "the client went away") from None
        raise

    def take_in(given_up: GivenUp) -> Imported:
        try:
            return _taken_in(parts, name, path, author, given_up)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    return await parts.exchange.run(take_in, request, folder=folder)


async def _received(request: Request, folder: Path, file_name: str | None) -> Path:
    """The body in a file, without ever holding it in memory.

    Raises:
        ClientDisconnect: the client went away before its end.
    """
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with request.form(max_files=1, max_fields=10) as form:
            sent = next((item for item in form.values() if isinstance(item, UploadFile)), None)
            if sent is None:
                raise DataError("the form holds no file")
            path = folder / _safe_name(file_name or sent.filename or "")
            await run_in_threadpool(_copied, sent.file, path)
        return path
    path = folder / _safe_name(file_name or "")
    with path.open("wb") as handle:
        async for part in request.stream():
            await run_in_threadpool(handle.write, part)
    return path


def _copied(source: Any, path: Path) -> None:
    with path.open("wb") as handle:
        shutil.copyfileobj(source, handle)


def _safe_name(name: str) -> str:
    """A plain file name, whatever a stranger called his file."""
    last = PurePosixPath(name.replace("\\", "/")).name[-100:].lstrip(".")
    return last if last.isprintable() and last else "import"


def _taken_in(parts: Services, name: str, path: Path, author: str, given_up: GivenUp) -> Imported:
    if path.stat().st_size == 0:
        raise DataError("the file is empty (0 bytes)")
    try:
        photos = parts.project.photo_sizes()
        reading = FORMATS[name].opened(path, photos=photos)
        wanted = while_wanted(reading.annotated(photos), given_up)
        taken = parts.project.take_in(wanted, author=author)
    except DataError as error:
        # Nobody else's business where the server kept it for a moment.
        text = str(error).replace(f"{path.parent}/", "")
        raise type(error)(text) if type(error) is DataError else error from None
    notes = [*reading.tally.sentences(), *taken.notes]
    return Imported(images=taken.images, objects=taken.objects, notes=notes)
