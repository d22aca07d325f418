"""Values of files that strangers wrote, each checked before it is used."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from extremecut.errors import DataError
from extremecut.interchange.tally import printable, shown

MAX_NAME = 200
"""Letters in the name of a class or an identity."""
MAX_POINTS = 1000
"""Clicks of one object."""


def utf8_text(data: bytes, where: str) -> str:
    """A text file's content, which names of classes must not lose letters of.

    Raises:
        DataError: another encoding than UTF-8.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataError(f"{where} is not UTF-8: save it as text in UTF-8") from None


def parsed_json(data: bytes, where: str) -> Any:
    """
    Raises:
        DataError: not JSON, nested too deeply, or with NaN or Infinity in it.
    """
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{where} is not JSON: {printable(error, 120)}") from None


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is not a number of JSON")


def mapping(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise DataError(f"{where} must be an object with names, got {shown(value)}")
    return value


def listing(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise DataError(f"{where} must be a list, got {shown(value)}")
    return value


def name_text(value: Any, where: str) -> str:
    """The name of a class or an identity: text of 1 to `MAX_NAME` printable letters."""
    if not isinstance(value, str) or not value.strip():
        raise DataError(f"{where} must be text, got {shown(value)}")
    if len(value) > MAX_NAME or not value.isprintable():
        raise DataError(
            f"{where} must be text of at most {MAX_NAME} printable letters, got {shown(value)}"
        )
    return value


def file_text(value: Any, where: str) -> str:
    """A file name as another program wrote it. It is compared, never opened."""
    if not isinstance(value, str) or not 0 < len(value) <= 4096:
        raise DataError(f"{where} must be a file name, got {shown(value)}")
    return value


def whole(value: Any, where: str, *, low: int, high: int) -> int:
    """A whole number; text of one, as XML and CSV have it, too."""
    if isinstance(value, str):
        try:
            value = int(value)
        except ValueError:
            raise DataError(f"{where} must be a whole number, got {printable(value)!r}") from None
    if type(value) is float and value.is_integer():
        value = int(value)
    if type(value) is not int or not low <= value <= high:
        raise DataError(f"{where} must be a whole number from {low} to {high}, got {shown(value)}")
    return value


def finite(value: Any, where: str) -> float:
    """A finite number, or text of one."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            raise DataError(f"{where} must be a number, got {printable(value)!r}") from None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 53:
        return float(value)
    if not isinstance(value, float) or not math.isfinite(value):
        raise DataError(f"{where} must be a finite number, got {shown(value)}")
    return value


def share(value: Any, where: str) -> float:
    """A number from 0 to 1."""
    number = finite(value, where)
    if not 0 <= number <= 1:
        raise DataError(f"{where} must be from 0 to 1, got {number}")
    return number


def size_hw(height: Any, width: Any, where: str, wanted_hw: tuple[int, int]) -> None:
    """That a file means the photo of this size.

    Raises:
        DataError: no size, or another one.
    """
    got = (
        whole(height, f"{where}: the height", low=1, high=1 << 30),
        whole(width, f"{where}: the width", low=1, high=1 << 30),
    )
    same_size(got, where, wanted_hw)


def same_size(got_hw: tuple[int, int], where: str, wanted_hw: tuple[int, int]) -> None:
    if got_hw == wanted_hw:
        return
    hint = ""
    if got_hw == wanted_hw[::-1]:
        hint = "; it may have been made before the photo was turned the right way up"
    raise DataError(
        f"{where} is for a photo of {got_hw[1]} x {got_hw[0]} pixels, the photo has "
        f"{wanted_hw[1]} x {wanted_hw[0]}{hint}"
    )


def points(value: Any, where: str, size_hw: tuple[int, int]) -> tuple[tuple[float, float], ...]:
    """Clicks [[x, y], ...] in or near the photo."""
    rows = listing(value, where)
    if len(rows) > MAX_POINTS:
        raise DataError(f"{where}: at most {MAX_POINTS} points, got {len(rows)}")
    return tuple(_point(row, f"{where}[{number}]", size_hw) for number, row in enumerate(rows))


def _point(row: Any, where: str, size_hw: tuple[int, int]) -> tuple[float, float]:
    if not isinstance(row, Sequence) or isinstance(row, str) or len(row) != 2:
        raise DataError(f"{where} must be [x, y], got {shown(row)}")
    x, y = finite(row[0], where), finite(row[1], where)
    height, width = size_hw
    if not is_near(x, y, size_hw):
        raise DataError(f"{where} lies far outside the photo of {width} x {height}: {x}, {y}")
    return (x, y)


def is_near(x: float, y: float, size_hw: tuple[int, int]) -> bool:
    """Whether a point lies no further outside a photo than this is wide or high."""
    height, width = size_hw
    return -width <= x <= 2 * width and -height <= y <= 2 * height
