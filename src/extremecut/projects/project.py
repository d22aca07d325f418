"""A project: photos in a folder, objects in a database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extremecut.datasets.folders import existing_folder
from extremecut.errors import StoreError
from extremecut.files import as_utf8
from extremecut.projects import (
    classes,
    effort,
    exporting,
    importing,
    preferences,
    reading,
    refreshing,
)
from extremecut.projects.image_desk import ImageDesk
from extremecut.projects.photo_folder import safe_path
from extremecut.projects.records import (
    ClassRecord,
    PhotosRefreshed,
    Statistics,
    Summary,
    TakenIn,
)
from extremecut.projects.store import Store, open_file, open_server

if TYPE_CHECKING:
    from types import TracebackType

    from extremecut.interchange.annotated import AnnotatedSet


class Project(ImageDesk):
    """One folder of photos and its objects; may be used from several threads and processes.

    Attributes:
        photos: the photo folder, absolute.
        where: the database's file, or its URL without the password.
        notes: plain sentences for the person who opened it: the database is on a network drive.
    """

    def __init__(self, photos: Path, store: Store) -> None:
        """For `open`."""
        super().__init__(store)
        self.photos, self.where, self.notes = photos, store.where, store.notes

    @classmethod
    def open(cls, photos: str | Path, *, store: str | Path | None = None) -> Project:
        """Open or create.

        Args:
            photos: the folder of photos; only ever read, but for `.extremecut` in it.
            store: where the database is: None for `.extremecut/project.sqlite` in the photo
                folder, a path, or a postgresql:// URL.

        Raises:
            DataError: there is no such folder.
            StoreError: the database cannot be opened or created, is damaged, is something else,
                or was written by a newer version.
            MissingExtraError: a PostgreSQL URL without the driver.
        """
        folder = existing_folder(Path(photos)).absolute()
        opened = _open_store(folder, store)
        try:
            with opened.reading() as connection:
                new = not classes.any_class(connection)
            if new:
                with opened.writing() as connection:
                    classes.start_classes(connection)
            return cls(folder, opened)
        except BaseException:
            opened.close()
            raise

    def close(self) -> None:
        """Close the database; nothing is pending, all was saved when it was accepted."""
        self._store.close()

    def __enter__(self) -> Project:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def refresh_photos(self, *, wanted: Callable[[], object] = lambda: None) -> PhotosRefreshed:
        """Look for new, moved, removed and changed photos.

        Args:
            wanted: called before each photo is read, from any thread; what it raises ends the
                look. New photos that were added until then stay.
        """
        return refreshing.refresh_photos(self._store, self.photos, wanted=wanted)

    def summary(self) -> Summary:
        with self._store.reading() as connection:
            name = preferences.read_settings(connection).get("name")
            folder = as_utf8(self.photos.name)
            shown = name if isinstance(name, str) and name else folder
            return reading.read_summary(connection, name=shown, folder=folder)

    def photo_path(self, image_id: int) -> Path:
        """The photo's file, absolute, certainly inside the photo folder.

        Raises:
            NotFoundError: no such image, or its file is gone or lies outside the folder.
        """
        with self._store.reading() as connection:
            path = reading.image_row(connection, image_id).path
        return safe_path(self.photos, path)

    def photo_sizes(self) -> dict[str, tuple[int, int]]:
        """(height, width) by relative path, of the photos that are there and can be read."""
        with self._store.reading() as connection:
            known = importing.known_photos(connection)
        return {path: size_hw for path, (_, size_hw) in known.items()}

    def classes(self) -> tuple[ClassRecord, ...]:
        with self._store.reading() as connection:
            return classes.read_classes(connection)

    def add_class(self, name: str, color: str | None = None) -> ClassRecord:
        """A new class at the end; without a colour, one that is not in use yet."""
        with self._store.writing() as connection:
            return classes.add_class(connection, name, color)

    def change_class(
        self,
        class_id: int,
        *,
        name: str | None = None,
        color: str | None = None,
        order: int | None = None,
    ) -> ClassRecord:
        with self._store.writing() as connection:
            return classes.change_class(connection, class_id, name=name, color=color, order=order)

    def remove_class(self, class_id: int) -> None:
        """Refused with a DataError while objects have it."""
        with self._store.writing() as connection:
            classes.remove_class(connection, class_id)

    @property
    def settings(self) -> dict[str, Any]:
        with self._store.reading() as connection:
            return preferences.read_settings(connection)

    def change_settings(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Set some settings (JSON values; None removes one); all of them afterwards."""
        with self._store.writing() as connection:
            return preferences.change_settings(connection, changes)

    def statistics(self) -> Statistics:
        with self._store.reading() as connection:
            return effort.read_statistics(connection)

    def annotated(self) -> AnnotatedSet:
        """Everything there is to export; images are read one by one when asked for."""
        return exporting.annotated(self._store)

    def take_in(self, annotated: AnnotatedSet, *, author: str) -> TakenIn:
        """Add the objects of an import, all or none; one undoable action per image."""
        return importing.take_in(self._store, annotated, author=author)

    def back_up(self, target: str | Path) -> None:
        """Copy the SQLite database, whole and consistent, while others go on working."""
        self._store.back_up(Path(target))


def _open_store(folder: Path, store: str | Path | None) -> Store:
    if store is None:
        return open_file(folder / ".extremecut" / "project.sqlite")
    if isinstance(store, str) and "://" in store:
        if not store.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
            scheme = store.split("://")[0]
            raise StoreError(
                f"a project is a file or a postgresql:// URL, got a URL of the kind {scheme}://"
            )
        return open_server(store)
    return open_file(Path(store))
