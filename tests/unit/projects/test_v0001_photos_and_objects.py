"""The first tables."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from extremecut.projects import migrating
from extremecut.projects.sqlite_file import sqlite_engine


def test_the_first_version_knows_photos_objects_classes_and_settings(tmp_path: Path) -> None:
    engine = sqlite_engine(tmp_path / "p.sqlite", shared_drive=False)
    migrating.bring_up_to_date(engine, to="0001")
    tables = set(sa.inspect(engine).get_table_names())
    assert tables == {"alembic_version", "image", "object", "object_class", "setting"}
    engine.dispose()
