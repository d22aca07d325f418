"""Lists of objects to segment, over one or many images: JSON or CSV, told by content.

JSON::

    [{"image": "photos/a.jpg", "points": [[9, 50], [60, 8], [99, 55], [55, 80]], "label": "cup"}]

CSV, with a header::

    image,points,label
    photos/a.jpg,"9,50 60,8 99,55 55,80",cup

`points` are four or more, in any order. `label` may be missing; so may `image`, when the command
that reads the list names one. Relative paths start from the list's own folder. Whatever else a
row holds is left alone.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extremecut.errors import DataError, PointsError
from extremecut.files import is_utf8

FORMATS = ("json", "csv")


@dataclass(frozen=True, slots=True)
class ListedObject:
    """One row."""

    points: tuple[tuple[float, float], ...]
    """(x, y) in image pixels."""
    image: str | None = None
    """Path of the image as it stands in the list."""
    label: str | None = None
    where: str = ""
    """File and row, for messages."""


def parse_points(text: str) -> tuple[tuple[float, float], ...]:
    """Read "x,y x,y x,y x,y".

    Raises:
        PointsError: not pairs of numbers, or fewer than four.
    """
    points = []
    for pair in text.replace(";", " ").split():
        try:
            if "_" in pair:  # Python would read 1_0 as ten
                raise ValueError
            x, y = (float(number) for number in pair.split(","))
        except ValueError:
            raise PointsError(
                f'points are written "x,y x,y x,y x,y" in pixels; got {pair!r} in {text!r}'
            ) from None
        points.append((x, y))
    return _checked(points)


def read_object_list(path: Path) -> list[ListedObject]:
    """The rows of a JSON or CSV list, all checked.

    Raises:
        DataError: the file cannot be read, is neither, or has a wrong row (says which).
    """
    try:
        # File names that are not UTF-8 stand in CSV as they are; new lines in names are kept too.
        text = path.read_bytes().decode("utf-8-sig", "surrogateescape")
    except OSError as error:
        raise DataError(f"cannot read the list {path}: {error.strerror or error}") from None
    if "\0" in text:
        raise DataError(f"the list {path} is not text: JSON or CSV in UTF-8 is needed")
    rows = _json_rows(text, path) if text.lstrip()[:1] in ("[", "{") else _csv_rows(text, path)
    if not rows:
        raise DataError(f"the list {path} holds no objects")
    return rows


def _json_rows(text: str, path: Path) -> list[ListedObject]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataError(f"the list {path} is not valid JSON: {error}") from None
    if not isinstance(content, list):
        kind = (
            " (a COCO file? `extremecut points` makes a list of it)"
            if isinstance(content, dict) and "annotations" in content
            else ""
        )
        raise DataError(f"the list {path} must be a JSON list of objects{kind}")
    return [
        _row(entry, f"{path}, object {number}") for number, entry in enumerate(content, start=1)
    ]


def _csv_rows(text: str, path: Path) -> list[ListedObject]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = list(reader.fieldnames or ())
        if "points" not in columns:
            raise DataError(
                f'the list {path} is neither JSON nor a CSV file with the columns "image" and '
                f'"points"; its first line is {text[:80].splitlines()[:1]}'
            )
        twice = [name for name in ("image", "points", "label") if columns.count(name) > 1]
        if twice:
            raise DataError(f'the list {path} has two columns "{twice[0]}": rename one')
        rows = []
        for entry in reader:
            where = f"{path}, line {reader.line_num}"
            if None in entry:
                raise DataError(
                    f'{where}: more columns than the header has; points stand in quotes, "x,y x,y '
                    'x,y x,y"'
                )
            rows.append(_row({key: value for key, value in entry.items() if value}, where))
        return rows
    except csv.Error as error:  # raised before the line is counted
        raise DataError(f"{path}, line {reader.line_num + 1}: not valid CSV: {error}") from None


def _row(entry: Any, where: str) -> ListedObject:
    if not isinstance(entry, dict):
        raise DataError(f'{where}: an object needs "image" and "points", got {entry!r:.80}')
    if "points" not in entry:
        raise DataError(f'{where}: "points" is missing')
    for key in ("image", "label"):
        if entry.get(key) is not None and not isinstance(entry[key], str):
            raise DataError(f'{where}: "{key}" must be text, got {entry[key]!r:.80}')
        if not is_utf8(entry.get(key) or "", of_file=key == "image"):
            raise DataError(f'{where}: "{key}" must be UTF-8 text, got {entry[key]!r:.80}')
    if not _can_name_a_file(entry.get("image") or ""):
        raise DataError(f'{where}: "image" can be no file\'s name here, got {entry["image"]!r:.80}')
    points = entry["points"]
    try:
        listed = parse_points(points) if isinstance(points, str) else _from_lists(points)
    except PointsError as error:
        raise DataError(f"{where}: {error}") from None
    return ListedObject(listed, entry.get("image"), entry.get("label"), where)


def _can_name_a_file(text: str) -> bool:
    try:
        return b"\0" not in os.fsencode(text)  # JSON has escapes for everything
    except UnicodeEncodeError:  # in a locale that is not UTF-8
        return False


def _from_lists(points: Any) -> tuple[tuple[float, float], ...]:
    if not isinstance(points, list):
        raise PointsError(f'"points" must be a list [[x, y], ...], got {points!r:.80}')
    pairs = []
    for pair in points:
        numbers = pair if isinstance(pair, list) else []
        if len(numbers) != 2 or not all(type(number) in (int, float) for number in numbers):
            raise PointsError(f"a point is written [x, y] in pixels; got {pair!r:.80}")
        try:
            pairs.append((float(numbers[0]), float(numbers[1])))
        except OverflowError:  # JSON's whole numbers may have any length
            raise PointsError(f"points must be finite; got {pair!r:.80}...") from None
    return _checked(pairs)


def _checked(points: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    if len(points) < 4:
        raise PointsError(
            "four extreme points (left-most, top, right-most, bottom) are needed; "
            f"got {len(points)}"
        )
    if not all(math.isfinite(number) for point in points for number in point):
        raise PointsError("points must be finite; got NaN or infinity")
    return tuple(points)


def write_object_list(rows: Sequence[ListedObject], form: str = "json") -> str:
    """The rows as the text of a list that `read_object_list` reads.

    Args:
        form: "json" or "csv".
    """
    if form == "csv":
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, lineterminator="\n")
        quoting = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow(["image", "points", "label"])
        for row in rows:
            points = " ".join(f"{_short(x)},{_short(y)}" for x, y in row.points)
            cells = [row.image or "", points, row.label or ""]
            # Before Python 3.13 the usual one leaves \r bare, which would end the line.
            (quoting if any("\r" in cell for cell in cells) else writer).writerow(cells)
        return stream.getvalue()
    lines = []
    for row in rows:
        entry: dict[str, Any] = {} if row.image is None else {"image": row.image}
        entry["points"] = [[_number(x), _number(y)] for x, y in row.points]
        if row.label is not None:
            entry["label"] = row.label
        lines.append(json.dumps(entry, ensure_ascii=False))
    text = "[\n" + ",\n".join(lines) + "\n]\n" if lines else "[]\n"
    # Of names of files that are not UTF-8 this makes JSON's own escapes: "caf\udce9.png".
    return text.encode("utf-8", "backslashreplace").decode()


def _number(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _short(value: float) -> str:
    return str(_number(value))
