"""An image's status and who looked it over: changes like others, but not on the undo stack."""

from __future__ import annotations

import sqlalchemy as sa

from extremecut.errors import DataError
from extremecut.projects.checking import checked_text
from extremecut.projects.image_change import begin_change
from extremecut.projects.reading import check_status
from extremecut.projects.schema import image


def set_status(
    connection: sa.Connection,
    image_id: int,
    *,
    version: int,
    author: str,
    status: str | None,
    reviewed: bool | None,
) -> None:
    """Set one or both; this also says that the objects fit the photo as it is now.

    Raises:
        ConflictError: the image is no longer at `version`.
        NotFoundError: no such image.
        DataError: no such status, or nothing to set.
    """
    author = checked_text(author, "an author's name")
    if status is None and reviewed is None:
        raise DataError("nothing to set: give a status, reviewed, or both")
    if status is not None:
        check_status(status)
    row = begin_change(connection, image_id, version=version, request_id=None)
    assert row is not None  # only a request's id makes it None
    values = {
        "version": row.version + 1,
        "status": status or row.status,
        # Whoever judges it has seen the photo as it is now, if it can be seen.
        "former_content": row.former_content if row.problem else None,
    }
    if reviewed is not None:
        values["reviewed_by"] = author if reviewed else None
    connection.execute(sa.update(image).where(image.c.id == image_id).values(values))
