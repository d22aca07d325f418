"""Objects of different photos that are the same one: what a video's import says about them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("object", sa.Column("identity", sa.Text))
