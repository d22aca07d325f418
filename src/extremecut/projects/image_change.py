"""How every change of an image begins and ends: lock, version, request; counts."""

from __future__ import annotations

import time

import sqlalchemy as sa

from extremecut.errors import ConflictError, DataError
from extremecut.projects.checking import checked_text
from extremecut.projects.reading import image_row
from extremecut.projects.schema import AnyRow, image, object_, request

_ACCEPTED_FOR = sa.select(request.c.image_id).where(request.c.id == sa.bindparam("request_id"))


def _count_anew() -> sa.Update:
    of_image = object_.c.image_id == image.c.id
    count = sa.select(sa.func.count()).where(of_image).scalar_subquery()
    lowest = sa.select(sa.func.min(object_.c.confidence)).where(of_image).scalar_subquery()
    begun = (image.c.status == "new") & (count > 0)
    return (
        sa.update(image)
        .where(image.c.id == sa.bindparam("image_id"))
        .values(
            version=image.c.version + 1,
            object_count=count,
            lowest_confidence=lowest,
            status=sa.case((begun, "in_progress"), else_=image.c.status),
        )
    )


# Made once: putting a statement together costs more than running it.
_SHOWN_DIFFERENTLY = _count_anew()
_ALTERED = _count_anew().values(reviewed_by=None)


def begin_change(
    connection: sa.Connection, image_id: int, *, version: int, request_id: str | None
) -> AnyRow | None:
    """Lock an image for a change; None when this request was accepted before.

    Raises:
        ConflictError: the image is no longer at `version`.
        NotFoundError: no such image.
        DataError: the request's id was used for another image.
    """
    row = image_row(connection, image_id, lock=True)
    if request_id is not None:
        request_id = checked_text(request_id, "a request's id")
        accepted_for = connection.execute(_ACCEPTED_FOR, {"request_id": request_id}).scalar()
        if accepted_for == image_id:
            return None
        if accepted_for is not None:
            raise DataError(f"the request {request_id} was accepted for image {accepted_for}")
    if row.version != version:
        raise ConflictError(
            f"{row.path} was changed in the meantime: it is at version {row.version} and the "
            f"change was made on {version}. Look at it again, then repeat the change",
            row.version,
        )
    if request_id is not None:
        values = {"id": request_id, "image_id": image_id, "accepted_at": now_ms()}
        connection.execute(sa.insert(request), values)
    return row


def end_change(connection: sa.Connection, image_id: int, *, alters: bool) -> None:
    """Count the image's version up and its objects anew.

    Args:
        alters: the objects themselves changed, so a review no longer holds.
    """
    connection.execute(_ALTERED if alters else _SHOWN_DIFFERENTLY, {"image_id": image_id})


def now_ms() -> int:
    """Milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000
