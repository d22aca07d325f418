"""Bringing the project's images in line with the photo folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from extremecut.projects.photo_changes import (
    KnownPhoto,
    PhotoChanges,
    only_additions,
    photo_changes,
    unread,
)
from extremecut.projects.photo_folder import (
    NEVER_NS,
    FoundPhoto,
    PhotoContent,
    find_photos,
    is_there,
    read_photo,
    trusted_time_ns,
)
from extremecut.projects.records import PhotosRefreshed
from extremecut.projects.schema import image
from extremecut.projects.store import Store

Wanted = Callable[[], object]
"""Called before each photo is read, from any thread; what it raises ends the look."""

_SEE = sa.update(image).where(image.c.id == sa.bindparam("this_id"))
_AT_ONCE = 256  # new photos that one transaction adds: they are kept if the next is interrupted


def refresh_photos(store: Store, root: Path, *, wanted: Wanted = lambda: None) -> PhotosRefreshed:
    """Look for new, moved, removed and changed photos; files are read outside any transaction.

    Args:
        wanted: raises when nobody waits for the look any more. New photos that were added until
            then stay.

    Raises:
        DataError: there is no such folder.
        StoreError: the database cannot be written.
    """
    found, notes = find_photos(root)
    with store.reading() as connection:
        known = known_photos(connection)
    contents: dict[str, PhotoContent] = {}
    added = 0
    if only_additions(known, found):
        waiting = unread(known, found)
        for start in range(0, len(waiting), _AT_ONCE):
            part = waiting[start : start + _AT_ONCE]
            added += len(_settle(store, root, part, contents, wanted, whole=False).added)
    changes = _settle(store, root, found, contents, wanted, whole=True)
    # What went in the meantime is no problem.
    problems = (
        content.problem
        for path, content in sorted(contents.items())
        if content.content or is_there(root, path)
    )
    return PhotosRefreshed(
        added=added + len(changes.added),
        moved=len(changes.moved),
        changed=len(changes.changed),
        missing=len(changes.missing),
        returned=len(changes.returned),
        unchanged=len(changes.unchanged) - added,
        notes=(*notes, *(f"{problem}." for problem in problems if problem)),
    )


def known_photos(connection: sa.Connection, paths: Sequence[str] | None = None) -> list[KnownPhoto]:
    """What the project remembers; with `paths`, only of photos there."""
    columns = image.c
    query = sa.select(
        columns.id,
        columns.path,
        columns.content,
        columns.size_bytes,
        columns.modified_ns,
        columns.missing,
        columns.former_content,
    )
    if paths is not None:
        query = query.where(columns.path.in_(paths))
    return [KnownPhoto(*row) for row in connection.execute(query)]


def _settle(
    store: Store,
    root: Path,
    found: Sequence[FoundPhoto],
    contents: dict[str, PhotoContent],
    wanted: Wanted,
    *,
    whole: bool,
) -> PhotoChanges:
    """Read what must be read, then write what became of the photos, in one transaction.

    `whole` says that `found` is all there is: what is not in it is missing. What was read is
    added to `contents`.
    """
    paths = None if whole else [photo.path for photo in found]
    while True:
        with store.reading() as connection:
            known = known_photos(connection, paths)
        _read(root, unread(known, found), contents, wanted)
        with store.writing() as connection:
            if connection.dialect.name == "postgresql":
                # Also against locks on single images: whoever has one wants to write next, and
                # both would wait for each other.
                connection.execute(sa.text("LOCK TABLE image IN EXCLUSIVE MODE"))
            known = known_photos(connection, paths)
            # Another program may have refreshed in the meantime.
            if all(photo.path in contents for photo in unread(known, found)):
                hashes = {path: content.content for path, content in contents.items()}
                changes = photo_changes(known, found, hashes)
                _bring_to_now(root, found, changes, contents)
                _write(connection, changes, contents)
                return changes


def _bring_to_now(
    root: Path,
    found: Sequence[FoundPhoto],
    changes: PhotoChanges,
    contents: Mapping[str, PhotoContent],
) -> None:
    """Reading may have taken minutes since the folder was listed, and someone else looked later.

    A photo that came since then is not missing, and one that went is not a new unreadable one.
    """
    taken = {photo.path for photo in found}  # what lies there was matched already
    changes.missing = [
        photo for photo in changes.missing if photo.path in taken or not is_there(root, photo.path)
    ]
    changes.added = [
        photo
        for photo in changes.added
        if contents[photo.path].content or is_there(root, photo.path)
    ]


def _read(
    root: Path, photos: Sequence[FoundPhoto], contents: dict[str, PhotoContent], wanted: Wanted
) -> None:
    def read(photo: FoundPhoto) -> PhotoContent:
        wanted()  # those in line behind it are not read either
        return read_photo(root, photo)

    waiting = [photo for photo in photos if photo.path not in contents]
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        for photo, content in zip(waiting, pool.map(read, waiting), strict=True):
            contents[photo.path] = content


def _write(
    connection: sa.Connection, changes: PhotoChanges, contents: Mapping[str, PhotoContent]
) -> None:
    # Paths of photos in the folder are unique: all that give theirs up do so first.
    gone = [photo.image_id for photo in changes.missing]
    gone += [photo.image_id for photo, _ in changes.moved]
    _each(connection, gone, {"missing": True})
    other = list(changes.changed)
    seen: list[dict[str, Any]] = []
    for photo, found in (*changes.unchanged, *changes.returned, *changes.moved):
        if found.path in contents and contents[found.path].content != photo.content:
            other.append((photo, found))
        elif found.path in contents or photo.missing or photo.path != found.path:
            values = {"path": found.path, "missing": False, **_file_values(found, contents)}
            seen.append({"this_id": photo.image_id, **values})
    if seen:  # together, since everybody who saves waits: a renamed folder may hold thousands
        connection.execute(_SEE, seen)
    for photo, found in other:
        _change(connection, photo, found, contents)
    new = [
        {
            "path": found.path,
            "missing": False,
            "status": "new",
            "version": 1,
            "object_count": 0,
            **_file_values(found, contents),
            **_content_values(contents[found.path]),
        }
        for found in changes.added
    ]
    if new:
        connection.execute(sa.insert(image), new)


def _change(
    connection: sa.Connection,
    photo: KnownPhoto,
    found: FoundPhoto,
    contents: Mapping[str, PhotoContent],
) -> None:
    """Other content than before: objects stay, and the record says what they were drawn on."""
    columns = image.c
    before = connection.execute(
        sa.select(columns.object_count, columns.status).where(columns.id == photo.image_id)
    ).one()
    now = contents[found.path]
    # Work without objects does not depend on the picture, but is to be found again with it.
    worked_on = before.object_count or (now.problem and before.status != "new")
    drawn_on = photo.former_content or (photo.content if worked_on else "") or None
    values = {
        "path": found.path,
        "missing": False,
        "former_content": None if now.content == drawn_on else drawn_on,
        "version": columns.version + 1,
        **_file_values(found, contents),
        **_content_values(now),
    }
    if now.problem:  # half-way through a copy, or locked: the size that was known holds until then
        del values["width"], values["height"]
    _each(connection, [photo.image_id], values)


def _file_values(found: FoundPhoto, contents: Mapping[str, PhotoContent]) -> dict[str, Any]:
    """By what a later look knows the file; a file that could not be read is tried again."""
    read = contents.get(found.path)
    trusted = found.modified_ns if read is None else trusted_time_ns(found)
    unreadable = read is not None and not read.content
    return {
        "size_bytes": found.size_bytes,
        "modified_ns": NEVER_NS if unreadable else trusted,
    }


def _content_values(content: PhotoContent) -> dict[str, Any]:
    height, width = content.size_hw
    return {
        "content": content.content,
        "width": width,
        "height": height,
        "problem": content.problem,
    }


def _each(connection: sa.Connection, image_ids: Sequence[int], values: dict[str, Any]) -> None:
    for start in range(0, len(image_ids), 500):
        part = image_ids[start : start + 500]
        connection.execute(sa.update(image).where(image.c.id.in_(part)).values(values))
