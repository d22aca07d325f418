"""What became of a folder's photos: which moved, changed, came and went. No files, no database."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from extremecut.projects.photo_folder import FoundPhoto


@dataclass(frozen=True, slots=True)
class KnownPhoto:
    """A photo as the project remembers it."""

    image_id: int
    path: str
    content: str
    size_bytes: int
    modified_ns: int
    missing: bool
    former_content: str | None = None
    """What its objects were drawn on, while the file is something else."""


@dataclass(slots=True)
class PhotoChanges:
    """Each found photo is in one of these; so is each known one, or it stays missing."""

    unchanged: list[tuple[KnownPhoto, FoundPhoto]] = field(default_factory=list)
    returned: list[tuple[KnownPhoto, FoundPhoto]] = field(default_factory=list)
    """Missing before; same path, and its content or what that was before."""
    moved: list[tuple[KnownPhoto, FoundPhoto]] = field(default_factory=list)
    """Same content, another path; or what it was before its file was damaged or replaced."""
    changed: list[tuple[KnownPhoto, FoundPhoto]] = field(default_factory=list)
    """Same path, other content."""
    added: list[FoundPhoto] = field(default_factory=list)
    missing: list[KnownPhoto] = field(default_factory=list)
    """Newly missing."""


def unread(known: Iterable[KnownPhoto], found: Iterable[FoundPhoto]) -> list[FoundPhoto]:
    """The found photos that path, size and time of change do not identify: their content counts.

    One that could not be read is always tried again: `NEVER_NS` may be a file's time in fact, 1970.
    """
    remembered = {
        (photo.path, photo.size_bytes, photo.modified_ns) for photo in known if photo.content
    }
    return [
        photo
        for photo in found
        if (photo.path, photo.size_bytes, photo.modified_ns) not in remembered
    ]


def only_additions(known: Sequence[KnownPhoto], found: Sequence[FoundPhoto]) -> bool:
    """Whether all known photos lie untouched where they were."""
    there = {(photo.path, photo.size_bytes, photo.modified_ns) for photo in found}
    return all(
        photo.content
        and not photo.missing
        and (photo.path, photo.size_bytes, photo.modified_ns) in there
        for photo in known
    )


def photo_changes(
    known: Sequence[KnownPhoto], found: Sequence[FoundPhoto], contents: Mapping[str, str]
) -> PhotoChanges:
    """Tell moved, changed, new and missing photos apart.

    Args:
        known: at most one that is not missing for each path.
        found: one for each path.
        contents: SHA-256 by path, for each of `unread(known, found)` at least.
    """
    matching = _Matching(known, found, contents)
    matching.by_path_and_content()
    # Objects go with what they were drawn on, before they go with what took its place.
    matching.by_former_content(spoken_for={photo.content for photo in known})
    matching.by_content()
    matching.by_former_content()
    matching.by_path()
    return matching.rest()


class _Matching:
    def __init__(
        self,
        known: Sequence[KnownPhoto],
        found: Sequence[FoundPhoto],
        contents: Mapping[str, str],
    ) -> None:
        remembered = {
            (photo.path, photo.size_bytes, photo.modified_ns): photo.content for photo in known
        }
        self.content_of = {
            photo.path: contents[photo.path]
            if photo.path in contents
            else remembered[photo.path, photo.size_bytes, photo.modified_ns]
            for photo in found
        }
        # Those in the folder before missing ones, newer before older.
        self.known = {
            photo.image_id: photo
            for photo in sorted(known, key=lambda photo: (photo.missing, -photo.image_id))
        }
        self.found = {photo.path: photo for photo in found}
        self.changes = PhotoChanges()

    def take(
        self, photo: KnownPhoto, found: FoundPhoto, kind: list[tuple[KnownPhoto, FoundPhoto]]
    ) -> None:
        kind.append((photo, found))
        del self.known[photo.image_id], self.found[found.path]

    def by_path_and_content(self) -> None:
        for photo in list(self.known.values()):
            found = self.found.get(photo.path)
            if found is not None and self.content_of[photo.path] == photo.content:
                changes = self.changes
                self.take(photo, found, changes.returned if photo.missing else changes.unchanged)

    def by_content(self) -> None:
        self.move({photo.image_id: photo.content for photo in self.known.values()})

    def by_former_content(self, spoken_for: Collection[str] = ()) -> None:
        """What a file was before it was damaged, unreadable or replaced, at its path or another.

        Args:
            spoken_for: contents to leave to other photos.
        """
        former = {
            photo.image_id: photo.former_content
            for photo in self.known.values()
            if photo.former_content and photo.former_content not in spoken_for
        }
        for image_id, content in list(former.items()):
            photo = self.known[image_id]
            found = self.found.get(photo.path)
            if found is not None and self.content_of[photo.path] == content:
                changes = self.changes
                self.take(photo, found, changes.returned if photo.missing else changes.changed)
                del former[image_id]
        self.move(former)

    def move(self, content_of_known: Mapping[int, str]) -> None:
        """Match by content, whatever the path; "" is equal to nothing."""
        waiting: dict[str, _Equals] = defaultdict(_Equals)
        for image_id, content in content_of_known.items():
            if content:
                waiting[content].add(self.known[image_id])
        for found in list(self.found.values()):
            photo = waiting[self.content_of[found.path]].take(found.path)
            if photo is not None:
                self.take(photo, found, self.changes.moved)

    def by_path(self) -> None:
        for photo in list(self.known.values()):
            found = self.found.get(photo.path)
            if found is not None:
                self.take(photo, found, self.changes.changed)

    def rest(self) -> PhotoChanges:
        self.changes.added = list(self.found.values())
        self.changes.missing = [photo for photo in self.known.values() if not photo.missing]
        return self.changes


class _Equals:
    """Photos of the same content: of a film there may be thousands of black ones."""

    def __init__(self) -> None:
        self._photos: OrderedDict[int, KnownPhoto] = OrderedDict()
        self._named: dict[str, deque[int]] = defaultdict(deque)

    def add(self, photo: KnownPhoto) -> None:
        self._photos[photo.image_id] = photo
        self._named[PurePosixPath(photo.path).name].append(photo.image_id)

    def take(self, path: str) -> KnownPhoto | None:
        """The first with the name of a path, else the first of all; it is not given again."""
        named = self._named.get(PurePosixPath(path).name, deque())
        while named:
            image_id = named.popleft()
            if image_id in self._photos:  # else it was taken under another name
                return self._photos.pop(image_id)
        return self._photos.popitem(last=False)[1] if self._photos else None
