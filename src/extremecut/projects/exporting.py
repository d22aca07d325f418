"""Everything a project knows, as a set that can be written to files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import overload

import sqlalchemy as sa

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject, AnnotatedSet
from extremecut.interchange.checks import is_near
from extremecut.projects.borders import clipped
from extremecut.projects.classes import read_classes
from extremecut.projects.encoding import bytes_to_runs, text_to_points
from extremecut.projects.reading import image_row
from extremecut.projects.schema import image, object_
from extremecut.projects.store import Store

_c = object_.c
_OBJECTS = (
    sa.select(
        *(_c.class_id, _c.runs, _c.points, _c.confidence, _c.identity, _c.x0, _c.y0, _c.x1, _c.y1)
    )
    .where(_c.image_id == sa.bindparam("image_id"))
    .order_by(_c.id)
)


def annotated(store: Store) -> AnnotatedSet:
    """The photos that someone worked on, in the order of their paths.

    Left out are photos nobody touched (they would look like photos without objects), missing and
    unreadable ones; of these, the photos with objects are listed. Each image is read when it is
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
        gone = connection.execute(
            sa.select(image.c.path, image.c.object_count)
            .where(image.c.object_count > 0, ~readable)
            .order_by(image.c.path)
        )
        labels = {record.class_id: record.name for record in classes}
        return AnnotatedSet(
            AnnotatedImages(store, tuple(ids), labels),
            tuple(record.name for record in classes),
            other_photos=tuple(others),
            left_out=tuple((path, number) for path, number in gone),
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
            row = image_row(connection, chosen)
            found = connection.execute(_OBJECTS, {"image_id": chosen}).all()
        size_hw = (row.height, row.width)
        objects = tuple(
            AnnotatedObject(
                mask=clipped(MaskRuns(tuple(box), bytes_to_runs(runs)), size_hw),
                label=self._labels[class_id],
                points_xy=_near(text_to_points(points), size_hw),
                confidence=confidence,
                identity=identity,
            )
            for class_id, runs, points, confidence, identity, *box in found
            # A class made after the export began is left to the next one.
            if class_id in self._labels
        )
        return AnnotatedImage(row.path, size_hw, objects)


def _near(
    points_xy: tuple[tuple[float, float], ...], size_hw: tuple[int, int]
) -> tuple[tuple[float, float], ...]:
    """An object's clicks; none where one was made far beyond the border that a photo has by now:
    files that hold such points are refused."""
    return points_xy if all(is_near(x, y, size_hw) for x, y in points_xy) else ()
