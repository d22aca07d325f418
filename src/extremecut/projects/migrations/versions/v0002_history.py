"""The history that undo and redo walk along, and the requests already answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "action",
        sa.Column("id", _IDENTITY, nullable=False),
        sa.Column("image_id", _IDENTITY, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("inputs", sa.Integer, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("undone_by", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_action"),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name="fk_action_image_id_image"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_action_image_id_state", "action", ["image_id", "state"])
    op.create_table(
        "object_change",
        sa.Column("id", _IDENTITY, nullable=False),
        sa.Column("action_id", _IDENTITY, nullable=False),
        sa.Column("object_id", sa.BigInteger, nullable=False),
        sa.Column("before", sa.LargeBinary),
        sa.Column("after", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_object_change"),
        sa.ForeignKeyConstraint(
            ["action_id"], ["action.id"], name="fk_object_change_action_id_action"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_object_change_action_id", "object_change", ["action_id"])
    op.create_table(
        "request",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("image_id", _IDENTITY, nullable=False),
        sa.Column("accepted_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_request"),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name="fk_request_image_id_image"),
    )
