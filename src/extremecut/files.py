"""Writing files so that a reader never meets a half-written one, and telling them apart."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_AT_ONCE = getattr(os, "O_NONBLOCK", 0)


@contextmanager
def atomic_path(path: str | os.PathLike[str]) -> Iterator[Path]:
    """A temporary path beside `path` that takes its place when the block ends without an error.

    The temporary name keeps the suffix, since image writers choose the format by it. On any
    error, Ctrl-C included, the temporary file is removed and `path` is left as it was. An
    OSError names `path`, not the temporary file, or the folder that is missing.

    Example:
        >>> with atomic_path("mask.png") as temporary:  # doctest: +SKIP
        ...     image.save(temporary)
    """
    target = Path(path)
    check_folder(target.parent)
    _refuse_special(target)
    # Of a long name only the start, that the temporary one is none too long for the file system.
    temporary = target.with_name(f".{target.stem[:40]}.{os.urandom(4).hex()}{target.suffix}")
    try:
        yield temporary
        with open(temporary, "r+b") as handle:
            os.fsync(handle.fileno())
        os.replace(temporary, target)
    except OSError as error:
        if error.errno is None or error.filename not in (None, str(temporary), temporary):
            raise
        raise OSError(error.errno, os.strerror(error.errno), str(target)) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def open_at_once(path: str | os.PathLike[str]) -> BinaryIO:
    """Opened to be read; a pipe that nobody writes to as well, which `open` would wait for.

    Whether it is a file the caller has to look at.
    """
    return open(path, "rb", opener=lambda name, flags: os.open(name, flags | _AT_ONCE))


def check_folder(folder: Path) -> None:
    """Raises: OSError: missing, or not a folder."""
    if not folder.is_dir():
        code = errno.ENOTDIR if folder.exists() else errno.ENOENT
        raise OSError(code, f"{os.strerror(code)}, create this folder first", str(folder))


def check_writable(folder: Path) -> None:
    """Find out before the work whether a folder takes files.

    Raises:
        OSError: missing, not a folder, or not to be written to.
    """
    check_folder(folder)
    # Only a file tells: root has every permission, also where no file can be made.
    trial = folder / f".{os.urandom(8).hex()}"
    try:
        trial.touch(exist_ok=False)
    except OSError as error:
        reason = f"no file can be made here: {error.strerror}"
        raise OSError(error.errno, reason, str(folder)) from error
    finally:  # also when a signal ends the program in between
        with suppress(OSError):
            trial.unlink()


def check_place(path: Path) -> None:
    """Find out before the work whether a file can be written.

    Raises:
        OSError: its folder is missing or takes no files; a folder or a device is in its place.
    """
    check_writable(path.parent)
    _refuse_special(path)


def _refuse_special(path: Path) -> None:
    if path.exists() and not path.is_file():  # replacing a device or a folder would destroy it
        raise OSError(errno.EINVAL, "Not a regular file", str(path))


def write_bytes(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a whole file atomically."""
    with atomic_path(path) as temporary:
        temporary.write_bytes(data)


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write a whole UTF-8 file atomically; names of files that are not UTF-8 as their bytes."""
    write_bytes(path, text.encode("utf-8", "surrogateescape"))


def sha256_of(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def is_utf8(text: str, *, of_file: bool = False) -> bool:
    """Whether text can be written as UTF-8, without unpaired surrogates.

    Args:
        of_file: those by which Python keeps the bytes of a file's name are allowed.
    """
    try:
        text.encode("utf-8", "surrogateescape" if of_file else "strict")
    except UnicodeEncodeError:
        return False
    return True


def as_utf8(name: str) -> str:
    """A file's name, or words that hold one, with `?` for what is not text in it.

    Python keeps the bytes of a name that is not UTF-8 as unpaired surrogates, which neither a
    database nor a network takes.
    """
    return name.encode(errors="replace").decode()


def missing_folders(folder: Path) -> list[Path]:
    """What `folder.mkdir(parents=True)` would make, the innermost first."""
    return [each for each in (folder, *folder.parents) if not each.exists()]


def remove_folders(folders: Iterable[Path]) -> None:
    """Remove folders that were made in vain, up to the first that is not empty or not there."""
    with suppress(OSError):
        for folder in folders:
            folder.rmdir()
