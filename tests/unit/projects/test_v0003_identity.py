"""The third version remembers which objects of different photos are the same one."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from extremecut.projects import migrating
from extremecut.projects.sqlite_file import sqlite_engine


def test_the_third_version_adds_one_column(tmp_path: Path) -> None:
    engine = sqlite_engine(tmp_path / "p.sqlite", shared_drive=False)
    migrating.bring_up_to_date(engine, to="0002")
    before = {column["name"] for column in sa.inspect(engine).get_columns("object")}
    migrating.bring_up_to_date(engine, to="0003")
    after = {column["name"] for column in sa.inspect(engine).get_columns("object")}
    assert after - before == {"identity"}
    engine.dispose()
