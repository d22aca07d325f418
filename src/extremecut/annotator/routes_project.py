"""The project as a whole: classes, settings, the author's name, progress, new photos."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from extremecut import __version__
from extremecut.annotator.failures import declared
from extremecut.annotator.messages import MAX_CHANGES, MAX_INTEGER, MAX_POINTS
from extremecut.annotator.project_messages import (
    AuthorAnswer,
    AuthorRequest,
    ClassMessage,
    ClassPatch,
    Counts,
    LimitsMessage,
    ModelMessage,
    NewClass,
    ProjectMessage,
    Refreshed,
    Settings,
    StatisticsMessage,
)
from extremecut.annotator.services import (
    Author,
    Parts,
    Services,
    remember_author,
    remember_client,
)
from extremecut.errors import DataError
from extremecut.files import as_utf8
from extremecut.projects.records import ClassRecord, EffortRecord

router = APIRouter(tags=["project"])

READS = declared(401, 403, 503)
WRITES = declared(401, 403, 404, 413, 422, 503, 507)
_TABLE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {}}, "description": "A table"}
}
ClassId = Annotated[int, Path(ge=1, le=MAX_INTEGER)]


@router.get("/api/project", operation_id="get_project", responses=declared(401, 403, 422, 503))
def project(request: Request, response: Response, parts: Parts, author: Author) -> ProjectMessage:
    """Everything about the project but its images."""
    remember_client(response, request)
    summary = asdict(parts.project.summary())
    limits = parts.options.limits
    return ProjectMessage(
        name=summary["name"],
        photos_folder_name=summary["photos_folder_name"],
        classes=[_class_view(record) for record in parts.project.classes()],
        author=author,
        settings=parts.project.settings,
        counts=Counts(**{name: summary[name] for name in Counts.model_fields}),
        model=_model_view(parts),
        version=__version__,
        limits=LimitsMessage(
            action_bytes=limits.action_bytes,
            image_bytes=limits.image_bytes,
            image_pixels=limits.image_pixels,
            import_bytes=limits.import_bytes,
            points=MAX_POINTS,
            changes=MAX_CHANGES,
        ),
        login=parts.options.secret is not None,
        notes=[as_utf8(note) for note in parts.project.notes],
    )


@router.put("/api/author", operation_id="set_author", responses=declared(401, 403, 413, 422))
def set_author(
    wanted: AuthorRequest, request: Request, response: Response, parts: Parts
) -> AuthorAnswer:
    """Say who works at this browser; kept in a cookie. Programs send the header `X-Author`."""
    name = " ".join(wanted.name.split())
    if not name or not name.isprintable():
        raise DataError("a name needs letters that can be printed")
    remember_author(response, request, name)
    return AuthorAnswer(author=name)


@router.put("/api/settings", operation_id="change_settings", responses=WRITES)
async def change_settings(wanted: Settings, parts: Parts) -> Settings:
    """Change some settings; the answer holds all."""
    changes = {} if wanted.model_extra is None else wanted.model_extra
    return Settings(**await parts.saved(lambda: parts.project.change_settings(changes)))


@router.post(
    "/api/photos/refresh",
    operation_id="refresh_photos",
    responses=declared(401, 403, 413, 422, 503, 507),
)
async def refresh_photos(request: Request, parts: Parts) -> Refreshed:
    """Look for new, moved, removed and changed photos."""
    await request.body()  # nothing, but what comes after it tells whether the client left
    # A client that leaves stops nothing: reading a large folder may take longer than a proxy waits.
    wanted = parts.looks.unless_stopped
    found = await parts.looks.run(
        lambda given_up: parts.project.refresh_photos(wanted=wanted), request
    )
    parts.album.forget()
    return Refreshed(**asdict(found))


@router.get("/api/statistics", operation_id="get_statistics", responses=READS)
def statistics(parts: Parts) -> StatisticsMessage:
    """How far the project is, and the seconds and actions that a mask costs."""
    return StatisticsMessage(**asdict(parts.project.statistics()))


@router.get(
    "/api/statistics.csv",
    operation_id="get_statistics_csv",
    response_class=Response,
    responses=_TABLE | READS,
)
def statistics_csv(parts: Parts) -> Response:
    """The same as a table, by author and class."""
    found = parts.project.statistics()
    rows = [("all", found.total)]
    rows += [("author", record) for record in found.by_author]
    rows += [("class", record) for record in found.by_class]
    headers = {"Content-Disposition": 'attachment; filename="statistics.csv"'}
    return Response(_table(rows), media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/api/classes", operation_id="add_class", status_code=201, responses=WRITES)
async def add_class(wanted: NewClass, parts: Parts) -> ClassMessage:
    return _class_view(
        await parts.saved(lambda: parts.project.add_class(wanted.name, wanted.color))
    )


@router.patch("/api/classes/{class_id}", operation_id="change_class", responses=WRITES)
async def change_class(class_id: ClassId, wanted: ClassPatch, parts: Parts) -> ClassMessage:
    record = await parts.saved(
        lambda: parts.project.change_class(
            class_id, name=wanted.name, color=wanted.color, order=wanted.order
        )
    )
    return _class_view(record)


@router.delete(
    "/api/classes/{class_id}", operation_id="remove_class", status_code=204, responses=WRITES
)
async def remove_class(class_id: ClassId, parts: Parts) -> None:
    """Refused while objects have it."""
    await parts.saved(lambda: parts.project.remove_class(class_id))


def _class_view(record: ClassRecord) -> ClassMessage:
    return ClassMessage(
        id=record.class_id, name=record.name, color=record.color, order=record.order
    )


def _model_view(parts: Services) -> ModelMessage:
    backend = parts.segmenter.backend
    return ModelMessage(
        name=backend.info.name, sha256=backend.info.sha256 or "", size_px=backend.spec.size_px
    )


def _table(rows: list[tuple[str, EffortRecord]]) -> str:
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(
        ["group", "name", "objects", "timed", "median_seconds", "median_inputs", "total_seconds"]
    )
    for group, record in rows:
        # A spreadsheet would take a name that starts like this for a formula.
        name = f"'{record.name}" if record.name[:1] in tuple("=+-@\t\r") else record.name
        table.writerow(
            [group, name, record.objects, record.timed, record.median_seconds,
             record.median_inputs, record.total_seconds]
        )  # fmt: skip
    return text.getvalue()
