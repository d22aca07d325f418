"""A file as a lock between processes, which ends with its holder, however that ends."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: nothing is locked there
    fcntl = None  # type: ignore[assignment]


@contextlib.contextmanager
def locked(path: Path) -> Iterator[bool]:
    """Whether this process has the lock, which it then holds in the block.

    The file is there as long as the lock is held; one that a killed process left is no lock.

    Raises:
        OSError: the file cannot be made.

    Example:
        >>> with locked(Path("model.lock")) as alone:  # doctest: +SKIP
        ...     print(alone)
    """
    if fcntl is None:
        yield True
        return
    file = _lock(path)
    if file is None:
        yield False
        return
    try:
        yield True
    finally:
        path.unlink(missing_ok=True)  # while it is locked: see `_lock`
        os.close(file)


def _lock(path: Path) -> int | None:
    """The open file, locked; None where another process has the lock."""
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            # Not flock: forked workers would hold that on after this process is killed.
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever let go in the meantime has removed the file that was opened here.
            if path.exists() and os.path.samestat(os.fstat(file), path.stat()):
                return file
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EAGAIN):
                os.close(file)
                return None
            if path.exists():  # a file system without locks
                return file
        os.close(file)
