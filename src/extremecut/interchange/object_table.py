"""`objects.csv`: what images of labels cannot say, one row an object, in drawing order.

::

    image,value,class,confidence,points,identity
    sub/a.jpg,1,cup,0.93,"9,50 60,8 99,55 55,80",

`value` is the object's value in the label image, or the number of its mask file. An image without
objects has one row with nothing but its name. Other programs do not know the file.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from dataclasses import dataclass
from pathlib import PurePosixPath

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.errors import DataError
from extremecut.interchange.annotated import AnnotatedObject
from extremecut.interchange.checks import file_text, finite, name_text, points, share, whole
from extremecut.interchange.limits import MAX_OBJECTS
from extremecut.interchange.sinks import Sink
from extremecut.interchange.sources import Source
from extremecut.interchange.tally import printable

TABLE = "objects.csv"
COLUMNS = ("image", "value", "class", "confidence", "points", "identity")


@dataclass(frozen=True, slots=True)
class Row:
    """One object without its mask."""

    value: int
    label: str
    confidence: float | None
    points: list[list[float]]
    identity: str | None
    where: str

    def with_mask(self, mask: MaskRuns, size_hw: tuple[int, int]) -> AnnotatedObject:
        """
        Raises:
            DataError: points far outside the photo.
        """
        points_xy = points(self.points, f"{self.where}: points", size_hw)
        return AnnotatedObject(mask, self.label, points_xy, self.confidence, self.identity)


def table_start() -> bytes:
    return _line(COLUMNS)


def table_rows(file_name: str, numbered: list[tuple[int, AnnotatedObject]]) -> bytes:
    """The rows of one image."""
    if not numbered:
        return _line((file_name, "", "", "", "", ""))
    return b"".join(
        _line(
            (
                file_name,
                str(value),
                each.label,
                "" if each.confidence is None else repr(each.confidence),
                " ".join(f"{x!r},{y!r}" for x, y in each.points_xy),
                each.identity or "",
            )
        )
        for value, each in numbered
    )


def _line(cells: tuple[str, ...]) -> bytes:
    buffer = io.StringIO()
    plain = csv.writer(buffer, lineterminator="\n")
    quoting = csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL)
    # Before Python 3.13 the usual one leaves \r bare, which would end the line.
    (quoting if any("\r" in cell for cell in cells) else plain).writerow(cells)
    return buffer.getvalue().encode("utf-8", "surrogateescape")


class TableWriter:
    """Adds the rows of one image after the other."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        sink.append(TABLE, table_start)

    def add(self, file_name: str, numbered: list[tuple[int, AnnotatedObject]]) -> None:
        self._sink.append(TABLE, lambda: table_rows(file_name, numbered))


def table_name(source: Source) -> str | None:
    """What the file is called in the source: archives often have all in a folder of their own.

    Raises:
        DataError: several, none of them at the top.
    """
    found = [name for name in source.names if PurePosixPath(name).name == TABLE]
    if len(found) > 1 and TABLE not in found:
        raise DataError(
            f"{source.path} holds {len(found)} files {TABLE}, the first of them "
            f"{printable(found[0])}: read the folders one by one"
        )
    return TABLE if TABLE in found else next(iter(found), None)


def read_table(source: Source) -> dict[str, list[Row]] | None:
    """The rows of each image; None where there is no such file.

    Raises:
        DataError: a row that `TableWriter` does not write; several such files.
    """
    name = table_name(source)
    if name is None:
        return None
    where = source.where(name)
    text = source.read(name).decode("utf-8", "surrogateescape")
    found: defaultdict[str, list[Row]] = defaultdict(list)
    try:
        lines = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
        header = tuple(next(lines, ()))
        if header != COLUMNS:
            raise DataError(
                f"{where} must begin with {','.join(COLUMNS)}, got {printable(','.join(header))}"
            )
        for number, cells in enumerate(lines, start=2):
            if cells:
                _read_row(cells, f"{where}, row {number}", found)
    except csv.Error as error:
        raise DataError(f"{where} is not CSV: {printable(error)}") from None
    return dict(found)


def _read_row(cells: list[str], where: str, found: defaultdict[str, list[Row]]) -> None:
    if len(cells) != len(COLUMNS):
        raise DataError(f"{where} needs {len(COLUMNS)} cells, got {len(cells)}")
    image, value, label, confidence, clicks, identity = cells
    rows = found[file_text(image, f"{where}: image")]
    if not any(cells[1:]):
        return
    if len(rows) >= MAX_OBJECTS:
        raise DataError(f"{where}: more than {MAX_OBJECTS} objects of one image, the limit")
    rows.append(
        Row(
            whole(value, f"{where}: value", low=1, high=1 << 24),
            name_text(label, f"{where}: class"),
            share(confidence, f"{where}: confidence") if confidence else None,
            [[finite(n, f"{where}: points") for n in xy.split(",")] for xy in clicks.split()],
            name_text(identity, f"{where}: identity") if identity else None,
            where,
        )
    )
