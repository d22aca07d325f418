"""The folder of a run: taken by one run, and at any time by one process or one group of them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extremecut.errors import ConfigError
from extremecut.file_lock import locked
from extremecut.files import missing_folders, remove_folders
from extremecut.training.snapshots import LAST, PREVIOUS

CONFIG = "config.json"
LOCK = ".lock"
"""Locked by the process at work in the folder. The lock ends with it, however that ends."""


@contextlib.contextmanager
def claimed(fabric: Any, run: Path, *, fresh: bool) -> Iterator[None]:
    """Hold a run's folder, in the first process alone; around the whole run.

    The folders that were made for a run that could not begin go again.

    Args:
        fresh: the run begins; its folder is made and must hold none yet.

    Raises:
        ConfigError: in every process, when the folder holds a run already, another process is at
            work in it, or it takes no files.
    """
    made = missing_folders(run) if fabric.is_global_zero else []
    with contextlib.ExitStack() as stack:
        stack.callback(remove_folders, made)  # those that are empty
        refusal = ""
        if fabric.is_global_zero:
            try:
                refusal = stack.enter_context(_taken(run, fresh=fresh))
            except OSError as error:
                refusal = f"{error.filename or run}: {error.strerror or error}"
        refusal = fabric.broadcast(refusal)
        if refusal:
            raise ConfigError(refusal)
        yield


@contextlib.contextmanager
def _taken(run: Path, *, fresh: bool) -> Iterator[str]:
    """What speaks against working in the folder; nothing does where that is empty."""
    if fresh:
        run.mkdir(parents=True, exist_ok=True)
    with locked(run / LOCK) as alone:
        if not alone:
            yield f"another process is at work in {run}: wait until it ends, or stop it"
        elif fresh and any((run / name).exists() for name in (CONFIG, LAST, PREVIOUS)):
            yield f"{run} already holds a run: resume it, or choose another folder"
        else:
            yield ""
