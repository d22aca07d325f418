"""Undo and redo: walking along an image's actions, which outlive the program."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from extremecut.errors import DataError
from extremecut.projects.checking import checked_text
from extremecut.projects.encoding import bytes_to_state
from extremecut.projects.image_change import begin_change, end_change
from extremecut.projects.reviewing import restore_judgement
from extremecut.projects.schema import (
    AnyRow,
    action,
    image,
    judgement_change,
    object_,
    object_change,
    object_class,
)

# The first object took the image to "in progress", in no action of its own: an image that all is
# undone of would be exported as one without objects.
_NEW_AGAIN = (
    sa.update(image)
    .where(
        image.c.id == sa.bindparam("this_id"),
        image.c.status == "in_progress",
        image.c.object_count == 0,
        ~sa.exists().where(action.c.image_id == image.c.id, action.c.state == "done"),
    )
    .values(status="new")
)


def undo(
    connection: sa.Connection,
    image_id: int,
    *,
    version: int,
    author: str,
    request_id: str | None = None,
) -> None:
    """Take back the last action that is not undone.

    Raises:
        ConflictError: the image is no longer at `version`.
        NotFoundError: no such image.
        DataError: there is nothing to undo.
    """
    undone_by = checked_text(author, "an author's name")
    row = begin_change(connection, image_id, version=version, request_id=request_id)
    if row is not None:
        _walk(connection, row, undone_by=undone_by)


def redo(
    connection: sa.Connection,
    image_id: int,
    *,
    version: int,
    author: str,
    request_id: str | None = None,
) -> None:
    """Do the action again that was undone last.

    Raises:
        ConflictError: the image is no longer at `version`.
        NotFoundError: no such image.
        DataError: there is nothing to redo.
    """
    checked_text(author, "an author's name")
    row = begin_change(connection, image_id, version=version, request_id=request_id)
    if row is not None:
        _walk(connection, row, undone_by=None)


def _walk(connection: sa.Connection, row: AnyRow, *, undone_by: str | None) -> None:
    back = undone_by is not None
    state = "done" if back else "undone"
    query = sa.select(action.c.id).where(action.c.image_id == row.id, action.c.state == state)
    order = action.c.id.desc() if back else action.c.id
    action_id = connection.execute(query.order_by(order).limit(1)).scalar()
    if action_id is None:
        raise DataError(f"there is nothing to {'undo' if back else 'redo'} in {row.path}")
    values = {"state": "undone" if back else "done", "undone_by": undone_by}
    connection.execute(sa.update(action).where(action.c.id == action_id).values(values))
    side = "before" if back else "after"
    judgement = connection.execute(
        sa.select(judgement_change.c[side]).where(judgement_change.c.action_id == action_id)
    ).scalar()
    if judgement is not None:
        restore_judgement(connection, row, judgement)
        return
    steps = connection.execute(
        sa.select(object_change.c.object_id, object_change.c[side])
        .where(object_change.c.action_id == action_id)
        .order_by(object_change.c.id)
    ).all()
    for object_id, data in steps:
        _restore(connection, row.id, object_id, data, row.version + 1)
    end_change(connection, row.id, alters=True)
    if back:
        connection.execute(_NEW_AGAIN, {"this_id": row.id})


def _restore(
    connection: sa.Connection, image_id: int, object_id: int, data: bytes | None, version: int
) -> None:
    """Bring one object to a remembered state; None is its absence."""
    here = object_.c.id == object_id
    if data is None:
        connection.execute(sa.delete(object_).where(here))
        return
    values: dict[str, Any] = {**bytes_to_state(data), "version": version}
    back = (object_class.c.id == values["class_id"]) & object_class.c.removed.is_(True)
    connection.execute(sa.update(object_class).where(back).values(removed=False))
    if connection.execute(sa.update(object_).where(here).values(values)).rowcount == 0:
        connection.execute(sa.insert(object_).values(id=object_id, image_id=image_id, **values))
