"""The tables as they are now; `migrations` leads every older database here.

Times are whole milliseconds since 1970 (UTC), masks and history states the bytes of `encoding`.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import sqlalchemy as sa

AnyRow: TypeAlias = "sa.Row[*tuple[Any, ...]]"

# The same order of text on both databases: by code point.
TEXT_IN_ORDER = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

image = sa.Table(
    "image",
    metadata,
    sa.Column("id", IDENTITY, primary_key=True),
    sa.Column("path", TEXT_IN_ORDER, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    # What the objects were drawn on, while the photo is something else now.
    sa.Column("former_content", sa.Text),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("modified_ns", sa.BigInteger, nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("problem", sa.Text),
    sa.Column("missing", sa.Boolean, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("reviewed_by", sa.Text),
    sa.Column("version", sa.Integer, nullable=False),
    # Kept here, so that a list of many images needs no look at their objects.
    sa.Column("object_count", sa.Integer, nullable=False),
    sa.Column("lowest_confidence", sa.Float),
    sqlite_autoincrement=True,
)
# A missing photo keeps its last path, where another one may lie by now.
sa.Index(
    "uq_image_path",
    image.c.path,
    unique=True,
    sqlite_where=image.c.missing.is_(False),
    postgresql_where=image.c.missing.is_(False),
)
sa.Index("ix_image_content", image.c.content)

object_class = sa.Table(
    "object_class",
    metadata,
    sa.Column("id", IDENTITY, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("color", sa.Text, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    # Removed classes stay as rows: undo may bring an object of theirs back.
    sa.Column("removed", sa.Boolean, nullable=False),
    sqlite_autoincrement=True,
)

object_ = sa.Table(
    "object",
    metadata,
    sa.Column("id", IDENTITY, primary_key=True),
    sa.Column("image_id", sa.ForeignKey("image.id"), nullable=False),
    sa.Column("class_id", sa.ForeignKey("object_class.id"), nullable=False),
    sa.Column("x0", sa.Integer, nullable=False),
    sa.Column("y0", sa.Integer, nullable=False),
    sa.Column("x1", sa.Integer, nullable=False),
    sa.Column("y1", sa.Integer, nullable=False),
    sa.Column("runs", sa.LargeBinary, nullable=False),
    sa.Column("points", sa.Text, nullable=False),
    sa.Column("confidence", sa.Float),
    sa.Column("visible", sa.Boolean, nullable=False),
    sa.Column("locked", sa.Boolean, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("inputs", sa.Integer, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("changed_at", sa.BigInteger, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("identity", sa.Text),
    sa.Index(None, "image_id"),
    sa.Index(None, "class_id"),
    sqlite_autoincrement=True,
)

setting = sa.Table(
    "setting",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

action = sa.Table(
    "action",
    metadata,
    sa.Column("id", IDENTITY, primary_key=True),
    sa.Column("image_id", sa.ForeignKey("image.id"), nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    # done, undone, or dropped: undone and then overtaken by another action.
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("inputs", sa.Integer, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("undone_by", sa.Text),
    sa.Index(None, "image_id", "state"),
    sqlite_autoincrement=True,
)

object_change = sa.Table(
    "object_change",
    metadata,
    sa.Column("id", IDENTITY, primary_key=True),
    sa.Column("action_id", sa.ForeignKey("action.id"), nullable=False),
    # Not a foreign key: the object may be deleted by now.
    sa.Column("object_id", sa.BigInteger, nullable=False),
    sa.Column("before", sa.LargeBinary),
    sa.Column("after", sa.LargeBinary),
    sa.Index(None, "action_id"),
    sqlite_autoincrement=True,
)

judgement_change = sa.Table(
    "judgement_change",
    metadata,
    sa.Column("action_id", sa.ForeignKey("action.id"), primary_key=True, autoincrement=False),
    # Status and reviewer, as JSON; before also `former_content`, when the judgement ended it.
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("after", sa.Text, nullable=False),
)

request = sa.Table(
    "request",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("image_id", sa.ForeignKey("image.id"), nullable=False),
    sa.Column("accepted_at", sa.BigInteger, nullable=False),
)
