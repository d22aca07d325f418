"""The classes of a project: names, colours, order."""

from __future__ import annotations

import colorsys
import re

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
    present = read_classes(connection)
    color = _free_color(present) if color is None else checked_color(color)
    _refuse_taken(present, name)
    values = {"color": color, "place": _next_place(connection), "removed": False}
    removed = _removed_id(connection, name)
    if removed is not None:
        connection.execute(
            sa.update(object_class).where(object_class.c.id == removed).values(values)
        )
        return _record(connection, removed)
    new = sa.insert(object_class).values(name=name, **values).returning(object_class.c.id)
    try:
        return _record(connection, connection.execute(new).scalar_one())
    except sa.exc.IntegrityError:  # someone else added it at the same moment
        raise DataError(f"there is a class {name!r} already") from None


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
        removed = _removed_id(connection, name)
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


def _removed_id(connection: sa.Connection, name: str) -> int | None:
    columns = object_class.c
    query = sa.select(columns.id).where(columns.name == name, columns.removed.is_(True))
    return connection.execute(query).scalar()


def _next_place(connection: sa.Connection) -> int:
    highest = connection.execute(sa.select(sa.func.max(object_class.c.place))).scalar()
    return 0 if highest is None else highest + 1


def _free_color(present: tuple[ClassRecord, ...]) -> str:
    used = {record.color for record in present}
    for color in COLORS:
        if color not in used:
            return color
    hue = len(present) * _GOLDEN % 1.0
    red, green, blue = colorsys.hls_to_rgb(hue, 0.45, 0.75)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
