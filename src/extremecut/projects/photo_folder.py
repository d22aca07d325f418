"""The photos in a folder: which there are, what is in them, and paths that stay inside."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from extremecut.datasets.folders import IMAGE_SUFFIXES, existing_folder
from extremecut.errors import ImageError, NotFoundError
from extremecut.files import as_text, sha256_of
from extremecut.images import image_size_hw

# A file written this shortly ago may change again without a new time.
_SETTLED_NS = 2_000_000_000
NEVER_NS = 0
"""A time of change that no later look trusts."""


@dataclass(frozen=True, slots=True)
class FoundPhoto:
    """A photo file as the folder lists it."""

    path: str
    """Relative to the folder, with forward slashes."""
    size_bytes: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class PhotoContent:
    """What reading a photo file once tells."""

    content: str
    """SHA-256, lower-case hex; "" when the file cannot be read at all."""
    size_hw: tuple[int, int]
    """(0, 0) when it is no picture."""
    problem: str | None


def find_photos(root: Path) -> tuple[list[FoundPhoto], tuple[str, ...]]:
    """All photo files below a folder, sorted by path, and notes on what was left out.

    Hidden files and folders are not looked at; links to folders are not followed; links to files
    count while they lead to a file inside the folder.

    Raises:
        DataError: there is no such folder.
    """
    notes: list[str] = []
    found = [
        photo
        for folder, name in _files(existing_folder(root), notes)
        if (photo := _look_at(root, folder / name, notes)) is not None
    ]
    return sorted(found, key=lambda photo: photo.path), tuple(notes)


def _files(root: Path, notes: list[str]) -> Iterator[tuple[Path, str]]:
    def cannot_list(error: OSError) -> None:
        folder = as_text(str(error.filename))
        notes.append(f"The folder {folder} cannot be listed: {error.strerror}.")

    for folder, folders, names in os.walk(root, onerror=cannot_list):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() in IMAGE_SUFFIXES:
                yield Path(folder), name


def _look_at(root: Path, path: Path, notes: list[str]) -> FoundPhoto | None:
    relative = path.relative_to(root).as_posix()
    try:
        relative.encode()
    except UnicodeEncodeError:
        notes.append(f"{as_text(relative)} was left out: its name is not valid text, rename it.")
        return None
    try:
        if path.is_symlink() and not path.resolve(strict=True).is_relative_to(root.resolve()):
            notes.append(f"{relative} was left out: it is a link that leads out of the folder.")
            return None
        status = path.stat()
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        notes.append(f"{relative} was left out: it cannot be reached ({reason}).")
        return None
    return FoundPhoto(relative, status.st_size, status.st_mtime_ns) if path.is_file() else None


def read_photo(root: Path, photo: FoundPhoto) -> PhotoContent:
    """Hash a photo's file and read its size from its header; never raises for a bad file."""
    path = root / photo.path
    try:
        content = sha256_of(path)
    except OSError as error:
        return PhotoContent("", (0, 0), f"{photo.path} cannot be read: {error.strerror or error}")
    try:
        return PhotoContent(content, image_size_hw(path), None)
    except ImageError as error:
        return PhotoContent(content, (0, 0), str(error).replace(str(path), photo.path))


def trusted_time_ns(photo: FoundPhoto) -> int:
    """The time of change to remember: by it, a later look knows the file without reading it."""
    settled = time.time_ns() - photo.modified_ns > _SETTLED_NS
    return photo.modified_ns if settled else NEVER_NS


def safe_path(root: Path, relative: str) -> Path:
    """The absolute path of a photo, certainly inside the folder.

    Raises:
        NotFoundError: it is gone, or leads out of the folder.
    """
    parts = PurePosixPath(relative)
    if parts.is_absolute() or ".." in parts.parts or "\0" in relative:
        raise NotFoundError(f"the photo {relative!r} is not inside the photo folder")
    try:
        path = (root / relative).resolve(strict=True)
    except (OSError, RuntimeError):
        raise NotFoundError(
            f"the photo {relative} is not in the folder any more: refresh the photos"
        ) from None
    if not path.is_relative_to(root.resolve()) or not path.is_file():
        raise NotFoundError(f"the photo {relative} is not a file inside the photo folder")
    return path
