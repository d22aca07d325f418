"""Status and review of an image, on the history like everything else."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "judgement_change",
        sa.Column("action_id", _IDENTITY, nullable=False, autoincrement=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("action_id", name="pk_judgement_change"),
        sa.ForeignKeyConstraint(
            ["action_id"], ["action.id"], name="fk_judgement_change_action_id_action"
        ),
    )
