"""The tables in the code are those that the migrations make."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from extremecut.errors import StoreError
from extremecut.projects.project import Project
from extremecut.projects.records import ImageRecord
from extremecut.projects.schema import metadata, object_


def test_migrations_lead_to_the_tables_of_the_code(open_project: Callable[[], Project]) -> None:
    with open_project()._store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_an_object_belongs_to_an_image(local: Project, draw: Callable[..., ImageRecord]) -> None:
    draw(local)
    with pytest.raises(StoreError, match="FOREIGN KEY"), local._store.writing() as connection:
        connection.execute(sa.update(object_).values(image_id=99))
