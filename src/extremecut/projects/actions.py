"""One action of a person on one image: checked, written and remembered as one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from extremecut.errors import NotFoundError
from extremecut.projects.borders import kept_whole
from extremecut.projects.checking import (
    annotation_differs,
    check_unlocked,
    checked_changes,
    checked_effort,
    checked_fields,
    checked_text,
)
from extremecut.projects.encoding import points_to_text, runs_to_bytes, state_to_bytes
from extremecut.projects.image_change import begin_change, end_change, now_ms
from extremecut.projects.records import ObjectChange, ObjectFields
from extremecut.projects.schema import AnyRow, action, object_, object_change, object_class

# Made once: putting a statement together costs more than running it.
_CHANGE_OBJECT = sa.update(object_).where(object_.c.id == sa.bindparam("this_id"))
_NEW_OBJECTS = sa.insert(object_).returning(object_.c.id, sort_by_parameter_order=True)
_NEW_ACTION = sa.insert(action).returning(action.c.id)
_DROP_UNDONE = (
    sa.update(action)
    .where(action.c.image_id == sa.bindparam("this_id"), action.c.state == "undone")
    .values(state="dropped")
)
# Locked, so that nobody removes one before this transaction ends.
_CLASS_IDS = (
    sa.select(object_class.c.id)
    .where(object_class.c.removed.is_(False))
    .with_for_update(read=True, key_share=True)
)


@dataclass(frozen=True, slots=True)
class Action:
    """What a person did to an image, and what it cost."""

    author: str
    label: str
    changes: Sequence[ObjectChange]
    seconds: float = 0.0
    inputs: int = 0

    def __post_init__(self) -> None:
        checked_changes(self.changes)
        checked_effort(self.seconds, self.inputs)


def apply_action(
    connection: sa.Connection,
    image_id: int,
    done: Action,
    *,
    version: int,
    request_id: str | None = None,
) -> None:
    """Check and write; the caller's transaction makes it durable.

    Raises:
        ConflictError: the image is no longer at `version`.
        NotFoundError: no such image, object or class.
        DataError: a change that cannot be accepted.
    """
    row = begin_change(connection, image_id, version=version, request_id=request_id)
    if row is None:
        return
    before = _rows(connection, image_id, done.changes)
    after = _columns(connection, row, before, done)
    now = now_ms()
    changed: list[tuple[int, bytes | None, bytes | None]] = []
    created: list[dict[str, Any]] = []
    shares = _shares(done)
    alters = False
    for change, columns, (seconds, inputs) in zip(done.changes, after, shares, strict=True):
        if change.object_id is None:
            assert columns is not None
            effort = {"seconds": seconds, "inputs": inputs}
            stamps = {"created_at": now, "changed_at": now, "version": row.version + 1}
            author = {"author": checked_text(done.author, "an author's name"), "identity": None}
            created.append({"image_id": image_id, **columns, **author, **effort, **stamps})
            continue
        old = before[change.object_id]
        alters |= columns is None or annotation_differs(old, columns)
        state = None
        if columns is None:
            connection.execute(sa.delete(object_).where(object_.c.id == change.object_id))
        else:
            effort = {"seconds": old["seconds"] + seconds, "inputs": old["inputs"] + inputs}
            values = {**columns, **effort, "changed_at": now, "version": row.version + 1}
            connection.execute(_CHANGE_OBJECT, {"this_id": change.object_id, **values})
            state = state_to_bytes({**old, **values})
        changed.append((change.object_id, state_to_bytes(old), state))
    for object_id, values in zip(insert_objects(connection, created), created, strict=True):
        changed.append((object_id, None, state_to_bytes(values)))
    action_id = new_action(
        connection,
        image_id,
        label=done.label,
        author=done.author,
        now=now,
        seconds=done.seconds,
        inputs=done.inputs,
    )
    remember(connection, action_id, changed)
    end_change(connection, image_id, alters=alters or bool(created))


def remember(
    connection: sa.Connection,
    action_id: int,
    changed: Sequence[tuple[int, bytes | None, bytes | None]],
) -> None:
    """Write down what an action did to objects.

    Args:
        changed: object id, state before, state after.
    """
    steps = [
        {"action_id": action_id, "object_id": object_id, "before": before, "after": after}
        for object_id, before, after in changed
    ]
    connection.execute(sa.insert(object_change), steps)


def new_action(
    connection: sa.Connection,
    image_id: int,
    *,
    label: str,
    author: str,
    now: int,
    seconds: float = 0.0,
    inputs: int = 0,
) -> int:
    """The id of an action on top of the history; what was undone before cannot be redone now."""
    connection.execute(_DROP_UNDONE, {"this_id": image_id})
    values = {
        "image_id": image_id,
        "label": checked_text(label, "an action's name"),
        "author": checked_text(author, "an author's name"),
        "state": "done",
        "seconds": seconds,
        "inputs": inputs,
        "created_at": now,
    }
    return int(connection.execute(_NEW_ACTION, values).scalar_one())


def insert_objects(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """New objects' ids, in the order of their rows."""
    if not rows:
        return []
    return list(connection.execute(_NEW_OBJECTS, [dict(row) for row in rows]).scalars())


def columns_of(fields: ObjectFields) -> dict[str, Any]:
    """An object's columns of what a person decides."""
    x0, y0, x1, y1 = fields.mask.box_xyxy
    return {
        "class_id": fields.class_id,
        "x0": x0,
        "y0": y0,
        "x1": x1,
        "y1": y1,
        "runs": runs_to_bytes(fields.mask.runs),
        "points": points_to_text(fields.points_xy),
        "confidence": None if fields.confidence is None else float(fields.confidence),
        "visible": bool(fields.visible),
        "locked": bool(fields.locked),
    }


def class_ids(connection: sa.Connection) -> frozenset[int]:
    """Of the classes that are not removed."""
    return frozenset(connection.execute(_CLASS_IDS).scalars())


def _rows(
    connection: sa.Connection, image_id: int, changes: Sequence[ObjectChange]
) -> dict[int, Mapping[str, Any]]:
    ids = [change.object_id for change in changes if change.object_id is not None]
    query = sa.select(object_).where(object_.c.image_id == image_id, object_.c.id.in_(ids))
    rows: dict[int, Mapping[str, Any]] = {}
    for row in connection.execute(query).mappings():
        rows[row["id"]] = {str(name): value for name, value in row.items()}
    for object_id in ids:
        if object_id not in rows:
            raise NotFoundError(f"image {image_id} has no object {object_id}")
    return rows


def _columns(
    connection: sa.Connection,
    row: AnyRow,
    before: Mapping[int, Mapping[str, Any]],
    done: Action,
) -> list[dict[str, Any] | None]:
    """Each change's columns, checked; None for a deletion."""
    known = class_ids(connection)
    size_hw = (row.height, row.width)
    result: list[dict[str, Any] | None] = []
    for change in done.changes:
        columns = None
        if change.fields is not None:
            columns = columns_of(checked_fields(change.fields, size_hw=size_hw, class_ids=known))
        if change.object_id is not None:
            old = before[change.object_id]
            if columns is not None:
                columns = kept_whole(old, columns, size_hw)
            check_unlocked(old, columns)
        result.append(columns)
    return result


def _shares(done: Action) -> list[tuple[float, int]]:
    """An action's time and inputs, spread over the objects that it leaves; others get none."""
    left = sum(change.fields is not None for change in done.changes)
    result, number = [], 0
    for change in done.changes:
        if change.fields is None:
            result.append((0.0, 0))
            continue
        extra = number < done.inputs % left
        result.append((done.seconds / left, done.inputs // left + extra))
        number += 1
    return result
