"""Objects that another program made, taken into a project: all of them or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.errors import DataError
from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject, AnnotatedSet
from extremecut.projects.actions import columns_of, insert_objects, new_action, remember
from extremecut.projects.borders import MASK_COLUMNS, clipped
from extremecut.projects.checking import checked_fields, checked_text
from extremecut.projects.classes import FIRST_NAME, add_classes, read_classes, remove_class
from extremecut.projects.encoding import bytes_to_runs, state_to_bytes
from extremecut.projects.image_change import end_change, now_ms
from extremecut.projects.reading import image_row
from extremecut.projects.records import ObjectFields, TakenIn
from extremecut.projects.schema import AnyRow, image, object_
from extremecut.projects.store import Store

_LABEL = "import"
_NAMED = 3  # photos named in a note


@dataclass(frozen=True, slots=True)
class _Incoming:
    """A checked object, its class still a name; small, since a whole import is kept of them."""

    label: str
    columns: dict[str, Any]
    identity: str | None

    @property
    def mask(self) -> MaskRuns:
        x0, y0, x1, y1, runs = (self.columns[name] for name in MASK_COLUMNS)
        return MaskRuns((x0, y0, x1, y1), bytes_to_runs(runs))


def take_in(store: Store, annotated: AnnotatedSet, *, author: str) -> TakenIn:
    """Add objects to the photos they belong to; one undoable action per image.

    Objects that an image has already, with the same class and mask, are left out. Each image is
    asked for once, before anything is written; its objects may have classes that the set lacks.

    Raises:
        DataError: a photo of another size, also one that became so while the import was read; a
            mask or class name that cannot be accepted.
        StoreError: it could not be written.
    """
    author = checked_text(author, "an author's name")
    with store.reading() as connection:
        sizes = known_photos(connection)
    incoming, unknown = _checked(annotated.images, sizes)
    size_of = dict(sizes.values())
    added = repeated = 0
    with store.writing() as connection:
        class_of = _classes(connection, annotated, incoming)
        for image_id in sorted(incoming):  # everybody locks in the same order
            row = image_row(connection, image_id, lock=True)
            if (row.height, row.width) != size_of[image_id]:  # someone refreshed meanwhile
                raise DataError(
                    f"{row.path} became another photo of {row.width} x {row.height} pixels while "
                    "the import was under way: nothing was imported, try again"
                )
            count = _add(connection, row, incoming[image_id], class_of, author)
            added += count
            repeated += len(incoming[image_id]) - count
    return TakenIn(images=len(incoming), objects=added, notes=_notes(unknown, repeated=repeated))


def known_photos(connection: sa.Connection) -> dict[str, tuple[int, tuple[int, int]]]:
    """Id and (height, width) by path, of the photos that are there and can be read."""
    rows = connection.execute(
        sa.select(image.c.path, image.c.id, image.c.height, image.c.width).where(
            image.c.missing.is_(False), image.c.problem.is_(None)
        )
    )
    return {path: (image_id, (height, width)) for path, image_id, height, width in rows}


def _checked(
    images: Iterable[AnnotatedImage], sizes: Mapping[str, tuple[int, tuple[int, int]]]
) -> tuple[dict[int, list[_Incoming]], list[str]]:
    """What comes in by image id, and the photos that the project does not have."""
    incoming: dict[int, list[_Incoming]] = {}
    unknown: list[str] = []
    for annotated in images:
        if annotated.file_name not in sizes:
            unknown.append(annotated.file_name)
            continue
        image_id, size_hw = sizes[annotated.file_name]
        if annotated.size_hw != size_hw:
            (height, width), (has_height, has_width) = annotated.size_hw, size_hw
            raise DataError(
                f"{annotated.file_name} has {has_width} x {has_height} pixels in the project, but "
                f"{width} x {height} in the import: objects would not fit. Is it the same photo?"
            )
        objects = [_incoming(found, annotated.file_name, size_hw) for found in annotated.objects]
        incoming.setdefault(image_id, []).extend(objects)
    return incoming, unknown


def _incoming(found: AnnotatedObject, file_name: str, size_hw: tuple[int, int]) -> _Incoming:
    fields = ObjectFields(found.mask, found.points_xy, class_id=0, confidence=found.confidence)
    try:
        label = checked_text(found.label, "a class's name")
        fields = checked_fields(fields, size_hw=size_hw, class_ids=(0,))
    except DataError as error:
        raise DataError(f"{file_name}: {error}") from None
    return _Incoming(label, columns_of(fields), found.identity)


def _classes(
    connection: sa.Connection, annotated: AnnotatedSet, incoming: Mapping[int, list[_Incoming]]
) -> dict[str, int]:
    """Ids by name, of classes that are there or are made now."""
    used = (found.label for objects in incoming.values() for found in objects)
    names = dict.fromkeys([*(checked_text(n, "a class's name") for n in annotated.classes), *used])
    class_of = {record.name: record.class_id for record in read_classes(connection)}
    empty = connection.execute(sa.select(object_.c.id).limit(1)).scalar() is None
    if empty and names and list(class_of) == [FIRST_NAME] and FIRST_NAME not in names:
        # A new project's first class was a suggestion; the import knows better.
        remove_class(connection, class_of.pop(FIRST_NAME))
    return class_of | add_classes(connection, [name for name in names if name not in class_of])


def _add(
    connection: sa.Connection,
    row: AnyRow,
    objects: list[_Incoming],
    class_of: Mapping[str, int],
    author: str,
) -> int:
    """Write one image's objects; how many were new."""
    there = _present(connection, row)
    now = now_ms()
    rows: list[dict[str, Any]] = []
    for found in objects:
        class_id = class_of[found.label]
        if (class_id, found.mask) in there:
            continue
        stamps = {"created_at": now, "changed_at": now, "version": row.version + 1}
        effort = {"seconds": 0.0, "inputs": 0}
        who = {"image_id": row.id, "author": author, "identity": found.identity}
        rows.append({**found.columns, "class_id": class_id, **who, **effort, **stamps})
    if rows:
        ids = insert_objects(connection, rows)
        steps = [(ids[n], None, state_to_bytes(values)) for n, values in enumerate(rows)]
        action_id = new_action(connection, row.id, label=_LABEL, author=author, now=now)
        remember(connection, action_id, steps)
        end_change(connection, row.id, alters=True)
    return len(rows)


def _present(connection: sa.Connection, row: AnyRow) -> set[tuple[int, MaskRuns]]:
    """Class and mask of an image's objects, as they are shown and exported."""
    c = object_.c
    query = sa.select(c.class_id, c.x0, c.y0, c.x1, c.y1, c.runs).where(c.image_id == row.id)
    return {
        (class_id, clipped(MaskRuns(tuple(box), bytes_to_runs(runs)), (row.height, row.width)))
        for class_id, *box, runs in connection.execute(query)
    }


def _notes(unknown: list[str], *, repeated: int) -> tuple[str, ...]:
    notes = []
    if unknown:
        named = ", ".join(unknown[:_NAMED])
        if len(unknown) > _NAMED:
            named += f" and {len(unknown) - _NAMED} more"
        notes.append(f"{len(unknown)} photos of the import are not in the folder: {named}.")
    if repeated:
        notes.append(f"{repeated} objects were left out: the project has the same ones already.")
    return tuple(notes)
