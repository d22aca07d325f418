"""What is read: a folder, a ZIP archive or one file, within limits and never unpacked to disk."""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from extremecut.errors import DataError
from extremecut.interchange.limits import MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES
from extremecut.interchange.tally import printable, shown


class Source(ABC):
    """Named files, read whole one at a time."""

    def __init__(self, path: Path, names: list[str]) -> None:
        self.path = path
        self.names = tuple(sorted(names))
        """Relative paths with forward slashes, in order; hidden files left out."""

    def ending(self, *endings: str) -> list[str]:
        """The names that end so, in small or large letters."""
        return [name for name in self.names if name.lower().endswith(endings)]

    def where(self, name: str) -> str:
        """How messages call a file."""
        return f"{self.path}: {printable(name, 200)}"

    @abstractmethod
    def read(self, name: str, *, limit: int = MAX_FILE_BYTES) -> bytes:
        """
        Raises:
            DataError: cannot be read, or more than `limit` bytes.
        """

    def _too_large(self, name: str, limit: int) -> DataError:
        return DataError(
            f"{self.where(name)} has more than {limit >> 20} MB, the limit for such a file"
        )


def open_source(path: Path) -> Source:
    """
    Raises:
        DataError: there is nothing, or too much of it, or an archive that is damaged or not safe.
    """
    path = Path(path)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return FolderSource(path)
        if not stat.S_ISREG(mode):
            raise DataError(f"{path} is neither a file nor a folder")
        with path.open("rb") as handle:
            start = handle.read(4)
    except (OSError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"cannot read {path}: {reason}") from None
    # Archives begin with a file, or with the end of their table when they are empty.
    return ZipSource(path) if start in (b"PK\x03\x04", b"PK\x05\x06") else FileSource(path)


class FileSource(Source):
    """One file."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, [path.name])

    def where(self, name: str) -> str:
        return str(self.path)

    def read(self, name: str, *, limit: int = MAX_FILE_BYTES) -> bytes:
        return self._bounded(self.path, name, limit)

    def _bounded(self, file: Path, name: str, limit: int) -> bytes:
        try:
            with file.open("rb") as handle:
                if not stat.S_ISREG(os.fstat(handle.fileno()).st_mode):
                    raise DataError(f"{self.where(name)} is not a file")
                data = handle.read(limit + 1)
        except OSError as error:
            raise DataError(f"cannot read {self.where(name)}: {error.strerror or error}") from None
        if len(data) > limit:
            raise self._too_large(name, limit)
        return data


class FolderSource(FileSource):
    """The files of a folder and of those below it; links are not followed."""

    def __init__(self, path: Path) -> None:
        names: list[str] = []
        for name in _files_below(path, ""):
            names.append(name)
            if len(names) > MAX_FILES:
                raise DataError(f"{path} holds more than {MAX_FILES} files, the limit")
        Source.__init__(self, path, names)

    def where(self, name: str) -> str:
        return printable(self.path / name, 300)

    def read(self, name: str, *, limit: int = MAX_FILE_BYTES) -> bytes:
        return self._bounded(self.path / name, name, limit)


def _files_below(folder: Path, prefix: str) -> Iterator[str]:
    pending = [(folder, prefix)]
    while pending:
        current, start = pending.pop()
        with os.scandir(current) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    pending.append((Path(entry.path), f"{start}{entry.name}/"))
                elif entry.is_file(follow_symlinks=False):
                    yield start + entry.name


class ZipSource(Source):
    """The files of a ZIP archive, unpacked one at a time in memory."""

    def __init__(self, path: Path) -> None:
        try:
            self._archive = zipfile.ZipFile(path)
        except _ZIP_ERRORS as error:
            raise DataError(f"{path} is no ZIP archive, or damaged: {printable(error)}") from None
        self._entries = {}
        entries = self._archive.infolist()
        if len(entries) > MAX_FILES:
            raise DataError(f"{path} holds more than {MAX_FILES} files, the limit")
        total = 0
        for entry in entries:
            name = _name_of(entry).replace("\\", "/")
            parts = PurePosixPath(name).parts
            if ".." in parts or name.startswith("/"):
                raise DataError(
                    f"{path}: the name {shown(name)} leads out of the "
                    "archive; it is not safe to read"
                )
            total += max(0, entry.file_size)
            hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
            if not entry.is_dir() and not hidden and parts:
                self._entries["/".join(parts)] = entry
        if total > MAX_TOTAL_BYTES:
            raise DataError(
                f"{path} would unpack to {total >> 20} MB, more than the limit of "
                f"{MAX_TOTAL_BYTES >> 20} MB"
            )
        super().__init__(path, list(self._entries))

    def read(self, name: str, *, limit: int = MAX_FILE_BYTES) -> bytes:
        entry = self._entries[name]
        if entry.file_size > limit:
            raise self._too_large(name, limit)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # The others are unpacked without a limit before Python looks at the size.
            raise DataError(f"{self.where(name)} is packed in a rare way: pack it with Deflate")
        try:
            # Never more than the table of contents says, whatever the packed data hold.
            with self._archive.open(entry) as handle:
                data = handle.read(entry.file_size)
        except _ZIP_ERRORS as error:
            raise DataError(f"{self.where(name)} cannot be unpacked: {printable(error)}") from None
        if len(data) != entry.file_size:
            raise DataError(f"{self.where(name)} cannot be unpacked: it is cut short")
        return data


def _name_of(entry: zipfile.ZipInfo) -> str:
    """The name of a file in an archive. `zip` and macOS write UTF-8 without the mark that says
    so, which Python takes for the letters of DOS; hardly a name in those is UTF-8 by chance."""
    if entry.flag_bits & _UTF8_MARK:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode()
    except UnicodeError:
        return entry.filename


_UTF8_MARK = 1 << 11

# Encrypted files are a RuntimeError, unknown packing a NotImplementedError (one of those).
_ZIP_ERRORS = (
    zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, OSError, EOFError, ValueError,
    zlib.error, OverflowError, MemoryError, KeyError, IndexError, UnicodeError,
)  # fmt: skip
