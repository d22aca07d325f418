"""What a run resumes from: a folder with one safetensors and one JSON file, never half-written.

::

    runs/NAME/last/tensors.safetensors   model, average, optimiser, generators
    runs/NAME/last/state.json            step, counters, settings, the other file's hash
    runs/NAME/previous/                  the one before

A new folder is written and flushed before it takes the place of the last one by renaming.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from extremecut.errors import ModelError
from extremecut.files import sha256_of

FORMAT = 1
LAST, PREVIOUS, WRITING = "last", "previous", ".writing"
TENSORS, STATE = "tensors.safetensors", "state.json"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A run at one of its steps."""

    tensors: dict[str, Tensor]
    state: dict[str, Any]
    """Goes through JSON."""


def save_snapshot(run: Path, snapshot: Snapshot) -> None:
    """Write `run/last`; the one before becomes `run/previous`.

    Raises:
        OSError: the disk is full or read-only; `last` is then as it was.
    """
    writing = run / WRITING
    shutil.rmtree(writing, ignore_errors=True)
    writing.mkdir(parents=True)
    try:
        tensors = {
            name: tensor.detach().to("cpu").contiguous()
            for name, tensor in snapshot.tensors.items()
        }
        save_file(tensors, writing / TENSORS)
        state = snapshot.state | {"format": FORMAT, "sha256": sha256_of(writing / TENSORS)}
        (writing / STATE).write_text(json.dumps(state, indent=1))
        # `save_file` lets nobody but the owner read; the umask may think otherwise.
        shutil.copymode(writing / STATE, writing / TENSORS)
        for path in (writing / TENSORS, writing / STATE, writing):
            _flush(path)
    except BaseException as error:
        shutil.rmtree(writing, ignore_errors=True)
        if isinstance(error, SafetensorError):
            raise OSError(f"cannot write the checkpoint {run / LAST}: {error}") from None
        raise
    if (run / LAST).exists():
        shutil.rmtree(run / PREVIOUS, ignore_errors=True)
        (run / LAST).rename(run / PREVIOUS)
    writing.rename(run / LAST)


def load_snapshot(run: Path) -> Snapshot:
    """Read `run/last`, or `run/previous` where a run was stopped between the two renamings.

    Raises:
        ModelError: there is none, or it is damaged; the one before is named, never used silently.
    """
    state = load_state(run)
    folder = _folder(run)
    with _damage_named(run, folder):
        if sha256_of(folder / TENSORS) != state["sha256"]:
            raise ValueError(f"{TENSORS} is not the file that was written")
        return Snapshot(load_file(folder / TENSORS), state)


def load_state(run: Path) -> dict[str, Any]:
    """The state of what `load_snapshot` reads, without the tensors; raises as that."""
    folder = _folder(run)
    if not folder.exists():
        raise ModelError(
            f"{run} holds no checkpoint to resume from: wanted {run / LAST}. Give the folder of "
            "a run that `extremecut train` has started"
        )
    with _damage_named(run, folder):
        state: dict[str, Any] = json.loads((folder / STATE).read_text())
        if state["format"] != FORMAT:
            raise ModelError(
                f"{folder} has format {state['format']}; this version reads format {FORMAT}"
            )
        return state


def _folder(run: Path) -> Path:
    return run / LAST if (run / LAST).exists() else run / PREVIOUS


@contextlib.contextmanager
def _damage_named(run: Path, folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        message = f"the checkpoint {folder} is damaged: {error}."
        if folder.name == LAST and (run / PREVIOUS).exists():
            message += (
                f" The one before it is kept in {run / PREVIOUS}: remove {folder} to go on "
                "from there"
            )
        raise ModelError(message) from None


def _flush(path: Path) -> None:
    if os.name != "posix":  # elsewhere folders cannot be opened
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
