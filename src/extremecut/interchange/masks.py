"""Binary PNGs: one file of 0 and 255 an object, one folder a photo."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from pathlib import PurePosixPath

import numpy as np

from extremecut.annotations.mask_png import png_bytes
from extremecut.annotations.mask_runs import EMPTY, MaskRuns
from extremecut.errors import DataError
from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject
from extremecut.interchange.label_files import joined, say_only_in_table, tables_of
from extremecut.interchange.label_maps import objects_of
from extremecut.interchange.limits import Allowance
from extremecut.interchange.object_table import TABLE, Row, TableWriter
from extremecut.interchange.png_values import png_values
from extremecut.interchange.reading import Entry, Photos, Reading, matched
from extremecut.interchange.sources import Source
from extremecut.interchange.tally import Tally
from extremecut.interchange.writing import Writing


class MasksWriter:
    """`sub/a/0001.png`, ... for `sub/a.jpg`, and `objects.csv`."""

    def __init__(self, writing: Writing) -> None:
        self._sink = writing.sink
        self._stems = writing.stems
        self._table = TableWriter(writing.sink)
        say_only_in_table(writing.tally)

    def add(self, image: AnnotatedImage) -> None:
        folder = self._stems.of(image.file_name)
        numbered = list(enumerate(image.objects, start=1))
        for number, each in numbered:
            make = partial(_png, each.mask, image.size_hw)
            self._sink.add(f"{folder}/{number:04d}.png", make)
        self._table.add(image.file_name, numbered)

    def finish(self) -> None:
        return None


def _png(mask: MaskRuns, size_hw: tuple[int, int]) -> bytes:
    return png_bytes(mask.mask(size_hw).astype(np.uint8) * np.uint8(255))


def read(source: Source, photos: Photos) -> Reading:
    """Folders named like photos, with or without the ending; in each the PNGs in order of name."""
    tally = Tally()
    folders: defaultdict[str, list[str]] = defaultdict(list)
    for name in source.ending(".png"):
        folders[PurePosixPath(name).parent.as_posix()].append(name)
    tables = tables_of(source, photos)
    if not folders and not tables.there:  # there may be photos without objects alone
        raise DataError(f"{source.path} holds no .png file")
    if loose := folders.pop(".", None):
        raise DataError(
            f"{source.where(loose[0])} lies in no folder: masks of a photo lie in a folder that "
            "is called like it"
        )
    found = matched(list(folders), photos, tally, by_stem=True)
    names_of = {photo: folders[folder] for folder, photo in found.items()}
    for photo, of_photo in tables.rows.items():
        if not of_photo:
            names_of.setdefault(photo, [])  # without objects there is no folder
        elif photo not in names_of:
            tally.count(
                f"Objects of {TABLE} without a folder of masks are left out", photo, len(of_photo)
            )
    return Reading(
        [
            _entry(source, names, photo, tables.of(photo), tally)
            for photo, names in names_of.items()
        ],
        [],
        tally,
    )


def _entry(
    source: Source, names: list[str], photo: str, rows: list[Row] | None, tally: Tally
) -> Entry:
    where = source.where(PurePosixPath(names[0]).parent.as_posix() if names else TABLE)

    def load(photo_hw: tuple[int, int], allowance: Allowance) -> Sequence[AnnotatedObject]:
        masks: dict[int, MaskRuns] = {}
        for place, name in enumerate(names, start=1):
            allowance.file_of(photo_hw[0] * photo_hw[1])
            place_where = source.where(name)
            found = objects_of(
                png_values(source.read(name), place_where, photo_hw).values, allowance
            )
            if len(found) > 1:
                shown = ", ".join(str(value) for value in list(found)[:5])
                raise DataError(
                    f"{place_where} must hold one value beside 0, got {shown}; several objects "
                    "in one image are read as labels"
                )
            # Files that are not called by a number stay apart from those that are.
            number = _number(name, -place) if rows else place
            if number in masks:
                raise DataError(f"{place_where} has the same number as another file beside it")
            masks[number] = next(iter(found.values()), EMPTY)
        return joined(masks, rows, photo, photo_hw, tally)

    return Entry(photo, where, load)


def _number(name: str, otherwise: int) -> int:
    """What `objects.csv` calls a mask: the number that is its file's name."""
    stem = PurePosixPath(name).stem
    return int(stem) if stem.isascii() and stem.isdigit() and len(stem) < 9 else otherwise
