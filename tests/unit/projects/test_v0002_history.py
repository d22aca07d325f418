"""The history comes in the second version."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from extremecut.projects import migrating
from extremecut.projects.sqlite_file import sqlite_engine


def test_the_second_version_adds_the_history_and_the_requests(tmp_path: Path) -> None:
    engine = sqlite_engine(tmp_path / "p.sqlite", shared_drive=False)
    migrating.bring_up_to_date(engine, to="0001")
    before = set(sa.inspect(engine).get_table_names())
    migrating.bring_up_to_date(engine, to="0002")
    added = set(sa.inspect(engine).get_table_names()) - before
    assert added == {"action", "object_change", "request"}
    engine.dispose()
