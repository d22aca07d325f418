"""Bringing an older database up to date, whole or not at all."""

from __future__ import annotations

import threading
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from extremecut.errors import StoreError
from extremecut.projects.sqlite_file import WRITES

_TABLES = {"image", "object", "object_class", "setting"}
"""Those of every version."""

FOLDER = Path(__file__).parent / "migrations"

# Alembic keeps the running migration in module globals.
_one_at_a_time = threading.Lock()
_POSTGRES_LOCK = 0x65787463  # "extc"


@cache
def known() -> tuple[str, ...]:
    """The revisions that this version of the package knows, oldest first."""
    steps = ScriptDirectory.from_config(_config()).walk_revisions()
    return tuple(step.revision for step in steps)[::-1]


def newest() -> str:
    """The revision that this version of the package writes."""
    return known()[-1]


def revision_of(connection: sa.Connection) -> str | None:
    """What revision a database is at; None when it has none."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def check_ours(engine: sa.Engine, where: str) -> None:
    """Refuse a database with other people's tables or a newer version's; changes nothing.

    Raises:
        StoreError: it is one of these.
    """
    with engine.connect() as connection:
        # In this order: another program may make a new project's tables in between.
        tables = set(sa.inspect(connection).get_table_names())
        revision = revision_of(connection)
    # Others number their versions, too: only the tables tell whose they are.
    if tables and (revision is None or not tables >= _TABLES):
        raise StoreError(
            f"{where} is a database, but not a project's: it is left as it is. Name another one"
        )
    if revision is None:
        return
    if revision not in known():
        raise StoreError(
            f"{where} was written by a newer version of extremecut (its tables are at {revision}, "
            f"this version knows them up to {newest()}): update extremecut"
        )


def bring_up_to_date(engine: sa.Engine, *, to: str = "head") -> None:
    """Run the migrations that are missing, in one transaction.

    Several processes may do this at once; the others wait for the first.
    """
    target = newest() if to == "head" else to
    with engine.connect() as connection:
        if revision_of(connection) == target:
            return
    with _one_at_a_time, engine.execution_options(**{WRITES: True}).begin() as connection:
        if connection.dialect.name == "postgresql":
            lock = sa.text("SELECT pg_advisory_xact_lock(:key)")
            connection.execute(lock, {"key": _POSTGRES_LOCK})
        if revision_of(connection) == target:
            return
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, target)


def _config() -> Config:
    config = Config()
    # Percent signs are Config's own.
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
