"""DAVIS: a palette PNG a frame, where one object has one number through its whole video."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from pathlib import PurePosixPath

import numpy as np

from extremecut.errors import DataError
from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject
from extremecut.interchange.label_files import (
    Numbered,
    joined,
    label_map,
    say_only_in_table,
    say_without_row,
    tables_of,
    with_pixels,
)
from extremecut.interchange.label_maps import objects_of
from extremecut.interchange.limits import Allowance
from extremecut.interchange.object_table import Row, TableWriter
from extremecut.interchange.png_values import palette_png, png_values, voc_colours
from extremecut.interchange.reading import Entry, Photos, Reading, matched, one_each, without_ending
from extremecut.interchange.sources import Source
from extremecut.interchange.tally import Tally, shown
from extremecut.interchange.writing import Writing

ANNOTATIONS = "Annotations"
FOLDER = f"{ANNOTATIONS}/Full-Resolution"
SEQUENCE = "sequence"
"""What the video of photos without a folder is called."""
MAX_OBJECTS = 254
VOID = 255
OLD_VOID = 254


class DavisWriter:
    """`Annotations/Full-Resolution/walk/00000.png` for `walk/00000.jpg`, and `objects.csv`."""

    def __init__(self, writing: Writing) -> None:
        self._sink = writing.sink
        self._tally = writing.tally
        self._stems = writing.stems
        self._table = TableWriter(writing.sink)
        self._palette = voc_colours()
        self._photo_of: dict[str, str] = {}
        self._numbers: defaultdict[str, dict[tuple[str, object], int]] = defaultdict(dict)
        say_only_in_table(writing.tally)

    def add(self, image: AnnotatedImage) -> None:
        stem = self._stems.of(image.file_name)
        path = PurePosixPath(stem)
        sequence = path.parent.as_posix() if path.parent.parts else SEQUENCE
        name = f"{FOLDER}/{sequence}/{path.name}.png"
        if (other := self._photo_of.setdefault(name, image.file_name)) != image.file_name:
            raise DataError(
                f"DAVIS has one place for the frames {shown(other)} and {shown(image.file_name)}: "
                f"rename one of them or the folder {SEQUENCE}, or choose another format"
            )
        objects = with_pixels(image, self._tally)
        numbered = self._numbered(objects, self._numbers[sequence])
        self._tally.count(
            f"A palette image holds {MAX_OBJECTS} objects; objects beyond that are left out",
            image.file_name,
            len(objects) - len(numbered),
        )
        labels = label_map(numbered, image, self._tally, np.uint8)
        self._sink.add(name, partial(palette_png, labels, self._palette))
        self._table.add(image.file_name, numbered)

    def finish(self) -> None:
        return None

    def _numbered(
        self, objects: list[AnnotatedObject], numbers: dict[tuple[str, object], int]
    ) -> Numbered:
        """Each object's number in its video: by identity, or by its place among those without."""
        found: Numbered = []
        used: set[int] = set()
        anonymous = 0
        for each in objects:
            key: tuple[str, object] = ("identity", each.identity)
            if each.identity is None or numbers.get(key) in used:
                anonymous += 1
                key = ("place", anonymous)
            if key not in numbers and len(numbers) == MAX_OBJECTS:
                continue
            number = numbers.setdefault(key, len(numbers) + 1)
            used.add(number)
            found.append((number, each))
        return found


def read(source: Source, photos: Photos) -> Reading:
    """Frames below `Annotations`, or any folder of PNGs. 255 is void, and so is 254 where no
    `objects.csv` names it, but for images with no other value, as DAVIS 2016 has them."""
    tally = Tally()
    names = source.ending(".png")
    names = [name for name in names if ANNOTATIONS in name.split("/")] or names
    if not names:
        raise DataError(f"{source.path} holds no .png file")
    files = one_each(((_frame(name), name) for name in names), tally)
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


def _frame(name: str) -> str:
    """A frame's place below `Annotations`, where its photo has the same one below `JPEGImages`."""
    parts = without_ending(name).split("/")
    return "/".join(parts[parts.index(ANNOTATIONS) + 1 :] if ANNOTATIONS in parts[:-1] else parts)


def _entry(source: Source, name: str, photo: str, rows: list[Row] | None, tally: Tally) -> Entry:
    where = source.where(name)
    named = {row.value for row in rows or ()}

    def load(photo_hw: tuple[int, int], allowance: Allowance) -> Sequence[AnnotatedObject]:
        masks = objects_of(png_values(source.read(name), where, photo_hw).values, allowance)
        void = {VOID} | ({OLD_VOID} - named)
        if not named and len(masks) == 1:
            void = set()  # DAVIS 2016: 255 alone is the object
        for value in void & masks.keys():
            del masks[value]
            tally.count("Void areas are left out", photo)
        if not rows:
            if rows is not None:
                say_without_row(tally, photo, len(masks))
            return [AnnotatedObject(mask, identity=str(value)) for value, mask in masks.items()]
        return joined(masks, rows, photo, photo_hw, tally)

    return Entry(photo, where, load)
