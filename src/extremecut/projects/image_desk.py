"""Working on the images of a project: look, change, undo, redo, mark as done."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import sqlalchemy as sa

from extremecut.projects import actions, history, reading, reviewing
from extremecut.projects.object_cache import ObjectCache
from extremecut.projects.records import ImageRecord, ImageSummary, ObjectChange, Page
from extremecut.projects.store import Store


class ImageDesk:
    """The part of a `Project` that knows images and their objects."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._decoded = ObjectCache()

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
        with self._store.reading() as connection:
            return reading.read_page(
                connection,
                status=status,
                class_id=class_id,
                reviewed=reviewed,
                missing=missing,
                order=order,
                offset=offset,
                limit=limit,
            )

    def image(self, image_id: int) -> ImageRecord:
        """One image with its objects.

        Raises:
            NotFoundError: no such image.
        """
        with self._store.reading() as connection:
            record = reading.read_image(connection, image_id, self._decoded.of_image(image_id))
        self._keep(record)
        return record

    def image_summary(self, image_id: int) -> ImageSummary:
        """The same without the objects, at a cost that does not grow with them.

        Raises:
            NotFoundError: no such image.
        """
        with self._store.reading() as connection:
            return reading.read_image_summary(connection, image_id)

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
        done = actions.Action(author, action, changes, seconds, inputs)
        return self._change(
            image_id,
            lambda connection: actions.apply_action(
                connection, image_id, done, version=version, request_id=request_id
            ),
        )

    def undo(
        self, image_id: int, *, version: int, author: str, request_id: str | None = None
    ) -> ImageRecord:
        """Take back the last action, whoever did it.

        Raises:
            ConflictError: the image is no longer at `version`.
            NotFoundError: no such image.
            DataError: there is nothing to undo.
        """
        return self._change(
            image_id,
            lambda connection: history.undo(
                connection, image_id, version=version, author=author, request_id=request_id
            ),
        )

    def redo(
        self, image_id: int, *, version: int, author: str, request_id: str | None = None
    ) -> ImageRecord:
        """Do the action again that was undone last.

        Raises:
            ConflictError: the image is no longer at `version`.
            NotFoundError: no such image.
            DataError: there is nothing to redo.
        """
        return self._change(
            image_id,
            lambda connection: history.redo(
                connection, image_id, version=version, author=author, request_id=request_id
            ),
        )

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
        return self._change(
            image_id,
            lambda connection: reviewing.set_status(
                connection,
                image_id,
                version=version,
                author=author,
                status=status,
                reviewed=reviewed,
            ),
        )

    def _change(self, image_id: int, change: Callable[[sa.Connection], None]) -> ImageRecord:
        """Run a change; the image after it, as this transaction saw it."""
        decoded = self._decoded.of_image(image_id)
        with self._store.writing() as connection:
            change(connection)
            record = reading.read_image(connection, image_id, decoded)
        self._keep(record)  # only now is it certain
        return record

    def _keep(self, record: ImageRecord) -> None:
        as_stored = [found for found in record.objects if not found.cut]
        self._decoded.keep(record.image_id, as_stored)
