"""An image's status and who looked it over: on the undo stack like everything else."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from extremecut.errors import DataError
from extremecut.projects.actions import new_action
from extremecut.projects.checking import checked_text
from extremecut.projects.encoding import judgement_to_text, text_to_judgement
from extremecut.projects.image_change import begin_change, now_ms
from extremecut.projects.reading import check_status
from extremecut.projects.schema import AnyRow, image, judgement_change

_STATUS_LABELS = {
    "new": "Mark as new",
    "in_progress": "Mark as in progress",
    "done": "Mark as done",
}


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
    before = {"status": row.status, "reviewed_by": row.reviewed_by}
    after = {"status": status or row.status, "reviewed_by": row.reviewed_by}
    if reviewed is not None:
        after["reviewed_by"] = author if reviewed else None
    # Whoever judges it has seen the photo as it is now, if it can be seen.
    former_content = row.former_content if row.problem else None
    if after != before:
        label = _label(status if status != row.status else None, reviewed)
        action_id = new_action(connection, image_id, label=label, author=author, now=now_ms())
        if former_content != row.former_content:
            before["former_content"] = row.former_content
        states = {"before": judgement_to_text(before), "after": judgement_to_text(after)}
        connection.execute(sa.insert(judgement_change).values(action_id=action_id, **states))
    _write(connection, image_id, {**after, "former_content": former_content})


def restore_judgement(connection: sa.Connection, row: AnyRow, remembered: str) -> None:
    """Bring an image's status and reviewer to a remembered state.

    The mark of a changed photo comes back too, but for a photo that changed once more since then:
    its mark is about that.
    """
    values = text_to_judgement(remembered)
    if row.former_content is not None or values.get("former_content") == row.content:
        values.pop("former_content", None)
    _write(connection, row.id, values)


def _write(connection: sa.Connection, image_id: int, values: Mapping[str, str | None]) -> None:
    this = sa.update(image).where(image.c.id == image_id)
    connection.execute(this.values(version=image.c.version + 1, **values))


def _label(status: str | None, reviewed: bool | None) -> str:
    if status is not None:
        return _STATUS_LABELS[status]
    return "Mark as reviewed" if reviewed else "Mark as not reviewed"
