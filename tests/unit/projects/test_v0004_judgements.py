"""The fourth version remembers status and review as steps of the history."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from extremecut.projects import migrating
from extremecut.projects.sqlite_file import sqlite_engine


def test_the_fourth_version_adds_one_table(tmp_path: Path) -> None:
    engine = sqlite_engine(tmp_path / "p.sqlite", shared_drive=False)
    migrating.bring_up_to_date(engine, to="0003")
    before = set(sa.inspect(engine).get_table_names())
    migrating.bring_up_to_date(engine, to="0004")
    assert set(sa.inspect(engine).get_table_names()) - before == {"judgement_change"}
    engine.dispose()
