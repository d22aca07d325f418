"""Where is written to: a folder, a ZIP archive or one file that is there whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from extremecut.errors import DataError
from extremecut.files import atomic_path, check_folder
from extremecut.interchange.tally import EXAMPLES, listed, shown

MARKER = "extremecut-export.txt"
"""In every folder that was written, so that only such a folder is ever replaced."""
CONTENTS = ".extremecut-export.json"
"""The names of the files that were written, so that nobody's own files go with them."""

Make = Callable[[], bytes]
_COPY_BYTES = 1 << 20


class Sink(ABC):
    """Takes named files. Their bytes are made by a function, so that a sink may do without."""

    @abstractmethod
    def add(self, name: str, make: Make) -> None:
        """Take a whole file.

        Args:
            name: relative path with forward slashes.
        """

    @abstractmethod
    def append(self, name: str, make: Make) -> None:
        """Add to the end of a file that grows until everything is written."""


class DiscardSink(Sink):
    """Keeps nothing: for finding out beforehand what a format would lose."""

    def add(self, name: str, make: Make) -> None:
        return None

    def append(self, name: str, make: Make) -> None:
        return None


class FolderSink(Sink):
    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self._open: dict[str, BinaryIO] = {}
        self._written: list[str] = []

    def add(self, name: str, make: Make) -> None:
        self._new(name).write_bytes(make())

    def append(self, name: str, make: Make) -> None:
        if name not in self._open:
            self._open[name] = self._stack.enter_context(self._new(name).open("wb"))
        self._open[name].write(make())

    def finish(self) -> None:
        (self._folder / CONTENTS).write_text(json.dumps(self._written, indent=0), "ascii")

    def _new(self, name: str) -> Path:
        inside = safe_name(name)
        self._written.append(inside)
        path = self._folder / inside
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


class FileSink(Sink):
    """Keeps the format's one main file."""

    def __init__(self, handle: BinaryIO, main: str) -> None:
        self._handle = handle
        self._main = main

    def add(self, name: str, make: Make) -> None:
        return None  # the marker, which belongs to folders

    def append(self, name: str, make: Make) -> None:
        if name != self._main:
            raise AssertionError(f"{name} is not {self._main}")
        self._handle.write(make())


class ZipSink(Sink):
    def __init__(self, archive: zipfile.ZipFile, stack: ExitStack, spool_folder: Path) -> None:
        self._archive = archive
        self._stack = stack
        self._spool_folder = spool_folder
        self._growing: dict[str, BinaryIO] = {}

    def add(self, name: str, make: Make) -> None:
        data = make()
        packed = name.lower().endswith(".png")  # as small as it gets
        method = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        self._archive.writestr(_entry(name, method), data)

    def append(self, name: str, make: Make) -> None:
        if name not in self._growing:
            # An archive takes one file at a time.
            spool = tempfile.TemporaryFile(dir=self._spool_folder)  # noqa: SIM115
            self._stack.enter_context(spool)
            self._growing[name] = spool
        self._growing[name].write(make())

    def finish(self) -> None:
        for name, spool in self._growing.items():
            spool.seek(0)
            with self._archive.open(
                _entry(name, zipfile.ZIP_DEFLATED), "w", force_zip64=True
            ) as target:
                shutil.copyfileobj(spool, target, _COPY_BYTES)


def _entry(name: str, method: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(safe_name(name))  # with a fixed date: the same content, the same bytes
    entry.compress_type = method
    entry.external_attr = 0o644 << 16
    return entry


def safe_name(name: str) -> str:
    """
    Raises:
        DataError: a name that would lead out of the folder.
    """
    path = PurePosixPath(name)
    if not path.parts or path.is_absolute() or ".." in path.parts or "\0" in name:
        raise DataError(
            f"the photo's name {shown(name)} must be a path inside the folder of photos"
        )
    return path.as_posix()


@contextmanager
def open_sink(path: Path, *, main: str | None, overwrite: bool) -> Iterator[Sink]:
    """Write to `path`; when the block ends with an error, `path` is as it was.

    Args:
        path: ends in .zip for an archive; ends like `main` for one file; else a folder.
        main: the format's one file, None where there are several.
        overwrite: replace a folder in which is nothing but what an earlier export wrote. Files
            are always replaced.

    Raises:
        DataError: the folder is not empty and not to be replaced, or somebody put files there.
        OSError: as the file system has it.
    """
    path = Path(os.path.realpath(path))
    suffix = path.suffix.lower()
    with ExitStack() as stack:
        if suffix == ".zip":
            temporary = stack.enter_context(atomic_path(path))
            archive = stack.enter_context(zipfile.ZipFile(temporary, "w"))
            sink = ZipSink(archive, stack, path.parent)
            yield sink
            sink.finish()
        elif main is not None and suffix == PurePosixPath(main).suffix:
            temporary = stack.enter_context(atomic_path(path))
            yield FileSink(stack.enter_context(temporary.open("wb")), main)
        else:
            _check_replaceable(path, overwrite)
            temporary = stack.enter_context(_folder_in_place_of(path))
            with ExitStack() as files:
                folder_sink = FolderSink(temporary, files)
                yield folder_sink
                folder_sink.finish()
            _check_replaceable(path, overwrite)  # writing may have taken an hour


def _check_replaceable(path: Path, overwrite: bool) -> None:
    if not path.exists():
        return
    if not path.is_dir():
        raise DataError(f"{path} is a file; a folder or a .zip is needed")
    if not any(path.iterdir()):
        return
    if not overwrite:
        raise DataError(f"{path} is not empty: choose another folder, or say --overwrite")
    if not (path / MARKER).is_file():
        raise DataError(
            f"{path} holds files that no export wrote and is not replaced: choose another folder"
        )
    own = sorted(_files_of_others(path))
    if own:
        more = f" and {len(own) - EXAMPLES} more" if len(own) > EXAMPLES else ""
        raise DataError(
            f"{path} holds files that no export wrote, which would be lost: "
            f"{listed(own[:EXAMPLES])}{more}. Move them elsewhere, or choose another folder"
        )


def _files_of_others(folder: Path) -> Iterable[str]:
    """What lies in an export's folder and is not of it: photos beside their labels, say."""
    try:
        written = set(json.loads((folder / CONTENTS).read_text("ascii")))
    except (OSError, ValueError, TypeError):
        written = None  # an older version's, or changed: the endings tell
    for parent, _, names in os.walk(folder):
        for name in names:
            inside = (Path(parent) / name).relative_to(folder).as_posix()
            if inside in (MARKER, CONTENTS) or name in _LITTER:
                continue
            if inside not in written if written is not None else not name.endswith(_ENDINGS):
                yield inside


_LITTER = (".DS_Store", "Thumbs.db", "desktop.ini")
"""What file managers leave in folders that they show."""
_ENDINGS = (".png", ".txt", ".json", ".xml", ".csv", ".yaml")
"""Of everything that exports write."""


@contextmanager
def _folder_in_place_of(path: Path) -> Iterator[Path]:
    """A folder beside `path` that takes its place when the block ends without an error."""
    check_folder(path.parent)
    temporary = path.with_name(f".{path.name[:40]}.{os.urandom(4).hex()}")  # as in `atomic_path`
    old = temporary.with_name(temporary.name + ".old")
    try:
        temporary.mkdir()
    except OSError as error:
        raise OSError(error.errno, os.strerror(error.errno or 0), str(path)) from error
    try:
        yield temporary
        try:
            if path.exists():
                path.rename(old)
            temporary.rename(path)
        except BaseException:  # a signal between the two, too
            if old.exists() and not path.exists():
                old.rename(path)
            raise
    except OSError as error:  # a full disk, say, is that of the folder's place
        if error.errno is None or not _is_inside(error.filename, temporary):
            raise
        raise OSError(error.errno, os.strerror(error.errno), str(path)) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        if path.exists():
            shutil.rmtree(old, ignore_errors=True)


def _is_inside(name: object, folder: Path) -> bool:
    """Whether an error's file is unknown or one of a folder's."""
    return name is None or (
        isinstance(name, str | os.PathLike) and Path(name).is_relative_to(folder)
    )
