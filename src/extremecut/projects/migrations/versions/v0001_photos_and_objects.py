"""Photos, objects, classes and settings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_TEXT_IN_ORDER = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "image",
        sa.Column("id", _IDENTITY, nullable=False),
        sa.Column("path", _TEXT_IN_ORDER, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
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
        sa.Column("object_count", sa.Integer, nullable=False),
        sa.Column("lowest_confidence", sa.Float),
        sa.PrimaryKeyConstraint("id", name="pk_image"),
        sqlite_autoincrement=True,
    )
    present = sa.column("missing").is_(False)
    op.create_index(
        "uq_image_path",
        "image",
        ["path"],
        unique=True,
        sqlite_where=present,
        postgresql_where=present,
    )
    op.create_index("ix_image_content", "image", ["content"])
    op.create_table(
        "object_class",
        sa.Column("id", _IDENTITY, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("color", sa.Text, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("removed", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_object_class"),
        sa.UniqueConstraint("name", name="uq_object_class_name"),
        sqlite_autoincrement=True,
    )
    _create_objects()
    op.create_table(
        "setting",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_setting"),
    )


def _create_objects() -> None:
    op.create_table(
        "object",
        sa.Column("id", _IDENTITY, nullable=False),
        sa.Column("image_id", _IDENTITY, nullable=False),
        sa.Column("class_id", _IDENTITY, nullable=False),
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
        sa.PrimaryKeyConstraint("id", name="pk_object"),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name="fk_object_image_id_image"),
        sa.ForeignKeyConstraint(
            ["class_id"], ["object_class.id"], name="fk_object_class_id_object_class"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_object_image_id", "object", ["image_id"])
    op.create_index("ix_object_class_id", "object", ["class_id"])
