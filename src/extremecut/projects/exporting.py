"""Everything a project knows, as a set that can be written to files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import overload

import sqlalchemy as sa

from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject, AnnotatedSet
from extremecut.projects.classes import read_classes
from extremecut.projects.reading import read_image
from extremecut.projects.schema import image
from extremecut.projects.store import Store


def annotated(store: Store) -> AnnotatedSet:
    """The photos that someone worked on, in the order of their paths.

    Left out are photos nobody touched (they would look like photos without objects), missing and
    unreadable ones; of these it is said how many objects they have. Each image is read when it is
    asked for, as it is then.
    """
    touched = (image.c.status != "new") | (image.c.object_count > 0)
    readable = image.c.missing.is_(False) & image.c.problem.is_(None)
    with store.reading() as connection:
        classes = read_classes(connection)
        ids = connection.execute(
            sa.select(image.c.id).where(touched, readable).order_by(image.c.path)
        ).scalars()
        others = connection.execute(
            sa.select(image.c.path).where(~touched, readable).order_by(image.c.path)
        ).scalars()
        left_out = connection.execute(
            sa.select(image.c.path, image.c.object_count)
            .where(~readable, image.c.object_count > 0)
            .order_by(image.c.path)
        )
        labels = {record.class_id: record.name for record in classes}
        return AnnotatedSet(
            AnnotatedImages(store, tuple(ids), labels),
            tuple(record.name for record in classes),
            other_photos=tuple(others),
            left_out=tuple((path, objects) for path, objects in left_out),
        )


class AnnotatedImages(Sequence[AnnotatedImage]):
    """Images of a project, read from the database one by one."""

    def __init__(self, store: Store, image_ids: tuple[int, ...], labels: Mapping[int, str]) -> None:
        self._store, self._image_ids, self._labels = store, image_ids, labels

    def __len__(self) -> int:
        return len(self._image_ids)

    @overload
    def __getitem__(self, index: int) -> AnnotatedImage: ...

    @overload
    def __getitem__(self, index: slice) -> AnnotatedImages: ...

    def __getitem__(self, index: int | slice) -> AnnotatedImage | AnnotatedImages:
        chosen = self._image_ids[index]
        if isinstance(chosen, tuple):
            return AnnotatedImages(self._store, chosen, self._labels)
        with self._store.reading() as connection:
            record = read_image(connection, chosen, {})
        objects = tuple(
            AnnotatedObject(
                mask=found.mask,
                label=self._labels[found.class_id],
                points_xy=found.points_xy,
                confidence=found.confidence,
                identity=found.identity,
            )
            for found in record.objects
            # A class made after the export began is left to the next one.
            if found.class_id in self._labels
        )
        return AnnotatedImage(record.path, record.size_hw, objects)
