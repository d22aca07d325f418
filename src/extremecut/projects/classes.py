"""The classes of a project: names, colours, order."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from extremecut.errors import DataError, NotFoundError
from extremecut.projects.checking import checked_text
from extremecut.projects.records import ClassRecord
from extremecut.projects.schema import object_, object_class

FIRST_NAME = "object"
"""The class that a new project starts with."""
COLORS = (
    *("#e6194b", "#3cb44b", "#4363d8", "#f58231", "#911eb4", "#008080"),
    *("#f032e6", "#9a6324", "#808000", "#46b4d6", "#bfa100", "#800000"),
)
"""Tellable apart on photos, light and dark; used in this order."""

_GOLDEN = 0.618034  # steps of this share of the colour circle never repeat

# Of two who put classes in order at once, the second waits before it has one that the first needs.
_ALL_IN_TURN = (
    sa.select(object_class.c.id).order_by(object_class.c.id).with_for_update(key_share=True)
)
_NEW_CLASSES = sa.insert(object_class).returning(object_class.c.id, sort_by_parameter_order=True)


def read_classes(connection: sa.Connection) -> tuple[ClassRecord, ...]:
    """In their order."""
    columns = object_class.c
    rows = connection.execute(
        sa.select(columns.id, columns.name, columns.color)
        .where(columns.removed.is_(False))
        .order_by(columns.place, columns.id)
    )
    return tuple(ClassRecord(*row, order) for order, row in enumerate(rows))


def add_class(connection: sa.Connection, name: str, color: str | None = None) -> ClassRecord:
    """A new class at the end; without a colour, one not in use.

    Raises:
        DataError: a name that is taken or none, a colour that is none.
    """
    name = checked_text(name, "a class's name")
    _refuse_taken(read_classes(connection), name)
    checked = None if color is None else checked_color(color)
    return _record(connection, add_classes(connection, [name], checked)[name])


def add_classes(
    connection: sa.Connection, names: Sequence[str], color: str | None = None
) -> dict[str, int]:
    """Ids by name of new classes at the end, or of removed ones that are back: an import may bring
    thousands.

    Args:
        names: checked, each once; none of them is in use.
        color: checked; None for colours not in use.

    Raises:
        DataError: someone else adds one of them at the same moment.
    """
    present = read_classes(connection)
    used = {record.color for record in present}
    removed = _removed_ids(connection)
    first = _next_place(connection)
    ids: dict[str, int] = {}
    new: list[dict[str, Any]] = []
    for number, name in enumerate(names):
        own = color or _free_color(used, len(present) + number)
        used.add(own)
        values = {"color": own, "place": first + number, "removed": False}
        if name in removed:
            ids[name] = removed[name]
            this = sa.update(object_class).where(object_class.c.id == removed[name])
            connection.execute(this.values(values))
        else:
            new.append({"name": name, **values})
    try:
        made = connection.execute(_NEW_CLASSES, new).scalars() if new else ()
    except sa.exc.IntegrityError:  # someone else added it at the same moment
        others = f" or another of {len(new)}" if len(new) > 1 else ""
        raise DataError(f"there is a class {new[0]['name']!r}{others} already") from None
    return {**ids, **dict(zip((row["name"] for row in new), made, strict=True))}


def change_class(
    connection: sa.Connection,
    class_id: int,
    *,
    name: str | None = None,
    color: str | None = None,
    order: int | None = None,
) -> ClassRecord:
    """Rename, recolour or move a class; all its objects follow.

    Raises:
        NotFoundError: no such class.
        DataError: a name that is taken or none, a colour that is none.
    """
    record = _record(connection, class_id)
    this = sa.update(object_class).where(object_class.c.id == class_id)
    if name is not None and (name := checked_text(name, "a class's name")) != record.name:
        _refuse_taken(read_classes(connection), name)
        removed = _removed_ids(connection).get(name)
        if removed is not None:  # its objects are only in the history: it may have another name
            other = sa.update(object_class).where(object_class.c.id == removed)
            connection.execute(other.values(name=f"{name} ({removed})"))
        try:
            connection.execute(this.values(name=name))
        except sa.exc.IntegrityError:
            raise DataError(f"there is a class {name!r} already") from None
    if color is not None:
        connection.execute(this.values(color=checked_color(color)))
    if order is not None:
        connection.execute(_ALL_IN_TURN)
        ids = [other.class_id for other in read_classes(connection) if other.class_id != class_id]
        ids.insert(max(order, 0), class_id)
        for place, other_id in enumerate(ids):
            connection.execute(
                sa.update(object_class).where(object_class.c.id == other_id).values(place=place)
            )
    return _record(connection, class_id)


def remove_class(connection: sa.Connection, class_id: int) -> None:
    """Remove a class that no object has; undo may bring it back with an object.

    Raises:
        NotFoundError: no such class.
        DataError: objects have it.
    """
    record = _record(connection, class_id)
    this = object_class.c.id == class_id
    # Locked, so that nobody gives it to an object at the same moment.
    connection.execute(sa.select(object_class.c.id).where(this).with_for_update())
    query = sa.select(sa.func.count()).where(object_.c.class_id == class_id)
    used = connection.execute(query).scalar_one()
    if used:
        raise DataError(
            f"{used} objects have the class {record.name!r}: give them another class first"
        )
    connection.execute(sa.update(object_class).where(this).values(removed=True))


def any_class(connection: sa.Connection) -> bool:
    """Whether the project ever had a class."""
    return connection.execute(sa.select(object_class.c.id).limit(1)).scalar() is not None


def start_classes(connection: sa.Connection) -> None:
    """Give a new project its first class, also when several programs open it at once."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("LOCK TABLE object_class IN SHARE ROW EXCLUSIVE MODE"))
    if not any_class(connection):
        add_class(connection, FIRST_NAME)


def checked_color(color: str) -> str:
    """
    Raises:
        DataError: not #rrggbb.
    """
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", color):
        raise DataError(f"a colour is written like #3cb44b, got {color[:20]!r}")
    return color.lower()


def _record(connection: sa.Connection, class_id: int) -> ClassRecord:
    for record in read_classes(connection):
        if record.class_id == class_id:
            return record
    raise NotFoundError(f"the project has no class {class_id}")


def _refuse_taken(present: tuple[ClassRecord, ...], name: str) -> None:
    if any(record.name == name for record in present):
        raise DataError(f"there is a class {name!r} already")


def _removed_ids(connection: sa.Connection) -> dict[str, int]:
    columns = object_class.c
    query = sa.select(columns.name, columns.id).where(columns.removed.is_(True))
    return {row.name: row.id for row in connection.execute(query)}


def _next_place(connection: sa.Connection) -> int:
    highest = connection.execute(sa.select(sa.func.max(object_class.c.place))).scalar()
    return 0 if highest is None else highest + 1


def _free_color(used: Collection[str], number: int) -> str:
    """
    Args:
        number: of classes that are there.
    """
    for color in COLORS:
        if color not in used:
            return color
    hue = number * _GOLDEN % 1.0
    red, green, blue = colorsys.hls_to_rgb(hue, 0.45, 0.75)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
