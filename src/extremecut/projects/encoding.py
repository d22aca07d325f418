"""Masks and states of objects as compact bytes.

A mask's run lengths are little-endian uint16, or uint32 when one of them needs it, compressed;
the first byte says which. An object's state is its row without id and version, for the
history.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from extremecut.errors import StoreError

_LEVEL = 1  # of compression: higher ones save little and cost a multiple
_DTYPES: dict[bytes, np.dtype[Any]] = {b"2": np.dtype("<u2"), b"4": np.dtype("<u4")}
_DAMAGED_STEP = "a step of the history in the database is damaged: it cannot be undone or redone"
STATE_COLUMNS = (
    *("class_id", "x0", "y0", "x1", "y1", "points", "confidence", "visible", "locked"),
    *("author", "seconds", "inputs", "created_at", "changed_at", "identity"),
)
"""Columns of an object's row in a state, next to `runs`."""
_JUDGEMENT_COLUMNS = ("status", "reviewed_by", "former_content")


def runs_to_bytes(runs: Sequence[int]) -> bytes:
    """Run lengths, each from 0 to 2^32 - 1."""
    lengths = np.asarray(runs, np.uint32)
    kind = b"4" if lengths.size and int(lengths.max()) > 0xFFFF else b"2"
    return kind + zlib.compress(lengths.astype(_DTYPES[kind]).tobytes(), _LEVEL)


def bytes_to_runs(data: bytes) -> tuple[int, ...]:
    """
    Raises:
        StoreError: bytes that `runs_to_bytes` did not write.
    """
    try:
        lengths = np.frombuffer(zlib.decompress(data[1:]), _DTYPES[data[:1]])
    except (KeyError, ValueError, zlib.error):
        raise StoreError("a mask in the database is damaged: put a backup in its place") from None
    return tuple(lengths.tolist())


def points_to_text(points_xy: Sequence[tuple[float, float]]) -> str:
    return json.dumps([[float(x), float(y)] for x, y in points_xy], separators=(",", ":"))


def text_to_points(text: str) -> tuple[tuple[float, float], ...]:
    """
    Raises:
        StoreError: text that `points_to_text` did not write.
    """
    try:
        return tuple((x, y) for x, y in json.loads(text))
    except (ValueError, TypeError):
        raise StoreError("points in the database are damaged: put a backup in its place") from None


def judgement_to_text(judgement: Mapping[str, str | None]) -> str:
    """An image's status, reviewer and the like, for the history."""
    return json.dumps(judgement)


def text_to_judgement(text: str) -> dict[str, str | None]:
    """
    Raises:
        StoreError: text that `judgement_to_text` did not write.
    """
    try:
        values = dict(json.loads(text))
        if not {"status", "reviewed_by"} <= values.keys() <= set(_JUDGEMENT_COLUMNS):
            raise ValueError(values.keys())
    except (ValueError, TypeError):
        raise StoreError(_DAMAGED_STEP) from None
    return values


def state_to_bytes(row: Mapping[str, Any]) -> bytes:
    """An object's row, id and version left out."""
    values = {name: row[name] for name in STATE_COLUMNS}
    head = json.dumps(values, separators=(",", ":")).encode()
    return len(head).to_bytes(4, "little") + head + bytes(row["runs"])


def bytes_to_state(data: bytes) -> dict[str, Any]:
    """The columns of `STATE_COLUMNS` and `runs`; those that an older version did not have, None.

    Raises:
        StoreError: bytes that `state_to_bytes` did not write.
    """
    end = 4 + int.from_bytes(data[:4], "little")
    try:
        values = dict(json.loads(data[4:end]))
        if not values.keys() <= set(STATE_COLUMNS):
            raise ValueError(values.keys())
    except (ValueError, TypeError):
        raise StoreError(_DAMAGED_STEP) from None
    return {**dict.fromkeys(STATE_COLUMNS), **values, "runs": data[end:]}
