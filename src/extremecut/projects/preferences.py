"""The settings of a project: names with JSON values, for those who show it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import sqlalchemy as sa

from extremecut.errors import DataError
from extremecut.projects.checking import checked_text
from extremecut.projects.schema import setting

MOST_SETTINGS = 200
MOST_VALUE_CHARACTERS = 20_000
"""Of one value, written as JSON."""


def read_settings(connection: sa.Connection) -> dict[str, Any]:
    """All settings by name; a damaged one is left out: no setting is worth a project."""
    rows = connection.execute(sa.select(setting.c.name, setting.c.value).order_by(setting.c.name))
    settings = {}
    for name, value in rows:
        with suppress(ValueError):
            settings[name] = json.loads(value)
    return settings


def change_settings(connection: sa.Connection, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Set some settings, None removes one; all of them afterwards.

    Raises:
        DataError: a name that is none, a value that is no JSON or too long, too many.
    """
    for name, value in changes.items():
        name = checked_text(name, "a setting's name")
        try:
            text = json.dumps(value, allow_nan=False, separators=(",", ":"))
            # Half a character would be stored, and then never be sent to anyone again.
            json.dumps(value, ensure_ascii=False).encode()
        except (TypeError, ValueError, RecursionError):
            raise DataError(f"the setting {name!r} must be a JSON value") from None
        if len(text) > MOST_VALUE_CHARACTERS:
            raise DataError(
                f"the setting {name!r} is longer than {MOST_VALUE_CHARACTERS} characters"
            )
        this = setting.c.name == name
        if value is None:
            connection.execute(sa.delete(setting).where(this))
        elif connection.execute(sa.update(setting).where(this).values(value=text)).rowcount == 0:
            connection.execute(sa.insert(setting).values(name=name, value=text))
    settings = read_settings(connection)
    if len(settings) > MOST_SETTINGS:
        raise DataError(f"a project has at most {MOST_SETTINGS} settings, got {len(settings)}")
    return settings
