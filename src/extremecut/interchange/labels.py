"""16-bit label PNGs: 0 the background, 1 the first object, one file a photo."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from extremecut.annotations.mask_png import MAX_LABEL, png_bytes
from extremecut.errors import DataError
from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject
from extremecut.interchange.label_files import (
    label_map,
    objects_with_rows,
    say_only_in_table,
    tables_of,
    with_pixels,
)
from extremecut.interchange.limits import Allowance
from extremecut.interchange.object_table import Row, TableWriter
from extremecut.interchange.png_values import png_values
from extremecut.interchange.reading import Entry, Photos, Reading, matched, one_each, without_ending
from extremecut.interchange.sources import Source
from extremecut.interchange.tally import Tally
from extremecut.interchange.writing import Writing


class LabelsWriter:
    """`sub/a.png` for `sub/a.jpg`, and `objects.csv`."""

    def __init__(self, writing: Writing) -> None:
        self._sink = writing.sink
        self._tally = writing.tally
        self._stems = writing.stems
        self._table = TableWriter(writing.sink)
        say_only_in_table(writing.tally)

    def add(self, image: AnnotatedImage) -> None:
        objects = with_pixels(image, self._tally)
        self._tally.count(
            f"A label image holds {MAX_LABEL} objects; objects beyond that are left out",
            image.file_name,
            len(objects) - MAX_LABEL,
        )
        numbered = list(enumerate(objects[:MAX_LABEL], start=1))
        labels = label_map(numbered, image, self._tally, np.uint16)
        self._sink.add(f"{self._stems.of(image.file_name)}.png", partial(png_bytes, labels))
        self._table.add(image.file_name, numbered)

    def finish(self) -> None:
        return None


def read(source: Source, photos: Photos) -> Reading:
    """8 or 16-bit grey and palette PNGs; every value but 0 is an object."""
    tally = Tally()
    names = source.ending(".png")
    if not names:
        raise DataError(f"{source.path} holds no .png file")
    files = one_each(((without_ending(name), name) for name in names), tally)
    tables = tables_of(source, photos)
    found = matched(list(files), photos, tally, by_stem=True)
    tables.say_without_file(found.values(), tally)
    return Reading(
        [
            _entry(source, files[stem], photo, tables.of(photo), tally)
            for stem, photo in found.items()
        ],
        [],
        tally,
    )


def _entry(source: Source, name: str, photo: str, rows: list[Row] | None, tally: Tally) -> Entry:
    where = source.where(name)

    def load(photo_hw: tuple[int, int], allowance: Allowance) -> Sequence[AnnotatedObject]:
        png = png_values(source.read(name), where, photo_hw)
        return objects_with_rows(png.values, rows, photo, photo_hw, allowance, tally)

    return Entry(photo, where, load)
