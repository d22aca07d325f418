"""From rows to records: one image with its objects, or a page of the list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from extremecut.annotations.packed_mask import PackedMask, runs_to_text
from extremecut.errors import DataError, NotFoundError, StoreError
from extremecut.projects.borders import shown
from extremecut.projects.encoding import bytes_to_runs, text_to_points
from extremecut.projects.records import (
    STATUSES,
    ImageRecord,
    ImageSummary,
    ObjectRecord,
    Page,
    Summary,
)
from extremecut.projects.schema import AnyRow, action, image, object_

ORDERS = ("path", "confidence")


def _label(state: str, order: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[Any]:
    """Of the image's next action to undo or redo, as a column of a query for the image."""
    of_image = (action.c.image_id == image.c.id) & (action.c.state == state)
    query = sa.select(action.c.label).where(of_image).order_by(order).limit(1)
    return query.scalar_subquery().label(name)


# Made once: putting a statement together costs more than running it.
_IMAGE = sa.select(image).where(image.c.id == sa.bindparam("image_id"))
_IMAGE_LOCKED = _IMAGE.with_for_update()
_IMAGE_AND_LABELS = _IMAGE.add_columns(
    _label("done", action.c.id.desc(), "undo_label"),
    _label("undone", action.c.id.asc(), "redo_label"),
)
_VERSIONS = (
    sa.select(object_.c.id, object_.c.version)
    .where(object_.c.image_id == sa.bindparam("image_id"))
    .order_by(object_.c.id)
)


def image_row(connection: sa.Connection, image_id: int, *, lock: bool = False) -> AnyRow:
    """
    Args:
        lock: keep other transactions from changing the image until this one ends.

    Raises:
        NotFoundError: no such image.
    """
    return _one(connection, _IMAGE_LOCKED if lock else _IMAGE, image_id)


def _one(connection: sa.Connection, query: sa.Select[*tuple[Any, ...]], image_id: int) -> AnyRow:
    row = connection.execute(query, {"image_id": image_id}).one_or_none()
    if row is None:
        raise NotFoundError(f"the project has no image {image_id}")
    return row


def read_image(
    connection: sa.Connection, image_id: int, decoded: Mapping[int, ObjectRecord]
) -> ImageRecord:
    """One image with its objects.

    Args:
        decoded: objects of this image read earlier, by id; used where nothing changed.

    Raises:
        NotFoundError: no such image.
    """
    row = _one(connection, _IMAGE_AND_LABELS, image_id)
    size_hw = (row.height, row.width)
    objects = tuple(shown(found, size_hw) for found in _objects(connection, image_id, decoded))
    return ImageRecord(
        **_summary_values(row),
        objects=objects,
        undo_label=row.undo_label,
        redo_label=row.redo_label,
    )


def read_image_summary(connection: sa.Connection, image_id: int) -> ImageSummary:
    """One image without its objects.

    Raises:
        NotFoundError: no such image.
    """
    return ImageSummary(**_summary_values(image_row(connection, image_id)))


def _objects(
    connection: sa.Connection, image_id: int, decoded: Mapping[int, ObjectRecord]
) -> tuple[ObjectRecord, ...]:
    versions = connection.execute(_VERSIONS, {"image_id": image_id}).all()
    kept = {
        object_id: found
        for object_id, version in versions
        if (found := decoded.get(object_id)) is not None and found.version == version
    }
    lacking = [object_id for object_id, _ in versions if object_id not in kept]
    if lacking:
        query = sa.select(object_).where(object_.c.image_id == image_id)
        if len(lacking) <= 100:
            query = query.where(object_.c.id.in_(lacking))
        for row in connection.execute(query):
            kept[row[0]] = object_record(row)
    return tuple(kept[object_id] for object_id, _ in versions)


def object_record(row: AnyRow) -> ObjectRecord:
    """Of a row of all columns of the table."""
    (object_id, _, class_id, x0, y0, x1, y1, runs, points, confidence, visible, locked) = row[:12]
    author, seconds, inputs, created_at, changed_at, version, identity = row[12:]
    return ObjectRecord(
        object_id=object_id,
        packed=PackedMask((x0, y0, x1, y1), runs_to_text(bytes_to_runs(runs))),
        points_xy=text_to_points(points),
        class_id=class_id,
        confidence=confidence,
        visible=visible,
        locked=locked,
        author=author,
        seconds=seconds,
        inputs=inputs,
        created_at=_time(created_at),
        changed_at=_time(changed_at),
        version=version,
        identity=identity,
    )


def _summary_values(row: AnyRow) -> dict[str, Any]:
    return {
        "image_id": row.id,
        "path": row.path,
        "size_hw": (row.height, row.width),
        "status": row.status,
        "reviewed_by": row.reviewed_by,
        "object_count": row.object_count,
        "lowest_confidence": row.lowest_confidence,
        "version": row.version,
        "missing": row.missing,
        "changed": row.former_content is not None,
        "problem": row.problem,
        "content": row.content,
    }


def _time(milliseconds: int) -> datetime:
    """
    Raises:
        StoreError: not a time that this program wrote.
    """
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        raise StoreError("a time in the database is damaged: put a backup in its place") from None


def read_page(
    connection: sa.Connection,
    *,
    status: str | None,
    class_id: int | None,
    reviewed: bool | None,
    missing: bool | None,
    order: str,
    offset: int,
    limit: int,
) -> Page:
    """A part of the list of images.

    Raises:
        DataError: a status or order that does not exist, a negative offset or limit.
    """
    if status is not None:
        check_status(status)
    if order not in ORDERS:
        raise DataError(f"images are listed by one of {', '.join(ORDERS)}; got {order!r}")
    if offset < 0 or limit < 0:
        raise DataError(f"offset and limit must be 0 or more, got {offset} and {limit}")
    conditions: list[sa.ColumnElement[bool]] = []
    if status is not None:
        conditions.append(image.c.status == status)
    if reviewed is not None:
        conditions.append(image.c.reviewed_by.is_not(None) == sa.literal(reviewed))
    if missing is not None:
        conditions.append(image.c.missing.is_(missing))
    if class_id is not None:
        of_class = sa.select(object_.c.image_id).where(object_.c.class_id == class_id)
        conditions.append(image.c.id.in_(of_class))
    by = [image.c.path, image.c.id]
    if order == "confidence":
        by.insert(0, image.c.lowest_confidence.asc().nulls_last())  # type: ignore[arg-type]
    total = connection.execute(
        sa.select(sa.func.count()).select_from(image).where(*conditions)
    ).scalar_one()
    rows = connection.execute(
        sa.select(image).where(*conditions).order_by(*by).offset(offset).limit(limit)
    )
    return Page(total, tuple(ImageSummary(**_summary_values(row)) for row in rows))


def check_status(status: str) -> None:
    """
    Raises:
        DataError: not one of `STATUSES`.
    """
    if status not in STATUSES:
        raise DataError(f"a status is one of {', '.join(STATUSES)}; got {status!r}")


def read_summary(connection: sa.Connection, *, name: str, folder: str) -> Summary:
    """Counts over all images."""
    c = image.c
    present = c.missing.is_(False)

    def count(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.count().filter(*conditions) if conditions else sa.func.count()

    row = connection.execute(
        sa.select(
            count(present).label("images"),
            *(count(present, c.status == status).label(status) for status in STATUSES),
            count(c.missing.is_(True)).label("missing"),
            count(present, c.former_content.is_not(None)).label("changed"),
            count(present, c.problem.is_not(None)).label("unreadable"),
            sa.func.coalesce(sa.func.sum(c.object_count), 0).label("objects"),
        )
    ).one()
    return Summary(name=name, photos_folder_name=folder, **row._mapping)
