"""A project: photos in a folder, objects in a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extremecut.projects.records import (
    ClassRecord,
    ImageRecord,
    ObjectChange,
    Page,
    PhotosRefreshed,
    Statistics,
    Summary,
    TakenIn,
)

if TYPE_CHECKING:
    from types import TracebackType

    from extremecut.interchange.annotated import AnnotatedSet


class Project:
    """One folder of photos and its objects; may be used from several threads and processes."""

    photos: Path
    """The photo folder, absolute."""
    notes: tuple[str, ...]
    """Plain sentences for the person who opened it, as: the database is on a network drive."""

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
        raise NotImplementedError

    def close(self) -> None: ...

    def __enter__(self) -> Project:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def refresh_photos(self) -> PhotosRefreshed:
        """Look for new, moved, removed and changed photos."""
        raise NotImplementedError

    def summary(self) -> Summary:
        raise NotImplementedError

    def images(
        self,
        *,
        status: str | None = None,
        class_id: int | None = None,
        reviewed: bool | None = None,
        missing: bool | None = None,
        order: str = "path",
        offset: int = 0,
        limit: int = 200,
    ) -> Page:
        """A part of the list; `order` is "path" or "confidence" (lowest first)."""
        raise NotImplementedError

    def image(self, image_id: int) -> ImageRecord:
        raise NotImplementedError

    def photo_path(self, image_id: int) -> Path:
        """The photo's file, absolute, certainly inside the photo folder.

        Raises:
            NotFoundError: no such image, or its file is gone or lies outside the folder.
        """
        raise NotImplementedError

    def apply(
        self,
        image_id: int,
        *,
        version: int,
        author: str,
        action: str,
        changes: Sequence[ObjectChange],
        seconds: float = 0.0,
        inputs: int = 0,
        request_id: str | None = None,
    ) -> ImageRecord:
        """One action of a person; durable when this returns, or not done at all.

        Raises:
            ConflictError: the image is no longer at `version`.
            NotFoundError: no such image, object or class.
            DataError: a mask outside the image, a locked object, a value out of range.
            StoreError: it could not be written.
        """
        raise NotImplementedError

    def undo(
        self, image_id: int, *, version: int, author: str, request_id: str | None = None
    ) -> ImageRecord:
        raise NotImplementedError

    def redo(
        self, image_id: int, *, version: int, author: str, request_id: str | None = None
    ) -> ImageRecord:
        raise NotImplementedError

    def set_status(
        self,
        image_id: int,
        *,
        version: int,
        author: str,
        status: str | None = None,
        reviewed: bool | None = None,
    ) -> ImageRecord:
        """Set the status, whether it was reviewed (by `author`), or both."""
        raise NotImplementedError

    def classes(self) -> tuple[ClassRecord, ...]:
        raise NotImplementedError

    def add_class(self, name: str, color: str | None = None) -> ClassRecord:
        """A new class at the end; without a colour, one that is not in use yet."""
        raise NotImplementedError

    def change_class(
        self,
        class_id: int,
        *,
        name: str | None = None,
        color: str | None = None,
        order: int | None = None,
    ) -> ClassRecord:
        raise NotImplementedError

    def remove_class(self, class_id: int) -> None:
        """Refused with a DataError while objects have it."""
        raise NotImplementedError

    @property
    def settings(self) -> dict[str, Any]:
        raise NotImplementedError

    def change_settings(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Set some settings (JSON values; None removes one); all of them afterwards."""
        raise NotImplementedError

    def statistics(self) -> Statistics:
        raise NotImplementedError

    def annotated(self) -> AnnotatedSet:
        """Everything there is to export; images are read one by one when asked for."""
        raise NotImplementedError

    def take_in(self, annotated: AnnotatedSet, *, author: str) -> TakenIn:
        """Add the objects of an import, all or none; one undoable action per image."""
        raise NotImplementedError

    def back_up(self, target: str | Path) -> None:
        """Copy the SQLite database, whole and consistent, while others go on working."""
        raise NotImplementedError
