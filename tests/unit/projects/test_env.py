"""The migrations run on the connection and in the transaction they are given."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command

from extremecut.projects import migrating
from extremecut.projects.sqlite_file import WRITES, sqlite_engine


def test_what_the_caller_takes_back_did_not_happen(tmp_path: Path) -> None:
    engine = sqlite_engine(tmp_path / "p.sqlite", shared_drive=False)
    with engine.execution_options(**{WRITES: True}).connect() as connection:
        transaction = connection.begin()
        config = migrating._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        assert sa.inspect(connection).has_table("object")
        transaction.rollback()
    with engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == []
    engine.dispose()


def test_a_path_with_a_percent_sign_is_no_pattern() -> None:
    assert migrating._config().get_main_option("script_location") == str(migrating.FOLDER)
