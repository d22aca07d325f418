"""YOLO-seg: a text file a photo, one ring a line, as shares of the photo's width and height."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import PurePosixPath

import numpy as np

from extremecut.errors import DataError
from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject
from extremecut.interchange.checks import finite, share, utf8_text, whole
from extremecut.interchange.label_files import with_pixels
from extremecut.interchange.limits import Allowance
from extremecut.interchange.outlines import bridged, filled, outlines, without_holes
from extremecut.interchange.reading import Entry, Photos, Reading, matched, one_each, without_ending
from extremecut.interchange.sources import Source
from extremecut.interchange.tally import Tally, printable, shown
from extremecut.interchange.writing import Writing
from extremecut.interchange.yolo_names import DATA, LISTS, YoloNames, names_text, read_names
from extremecut.interchange.yolo_places import (
    LABELS,
    in_place,
    label_file,
    twin,
    without_labels,
)

_OTHER_TEXTS = (*LISTS, "train.txt", "val.txt", "test.txt", "extremecut-export.txt")


class YoloWriter:
    """`labels/sub/a.txt` for `sub/a.jpg` or `images/sub/a.jpg`, and `data.yaml`."""

    def __init__(self, writing: Writing) -> None:
        self._sink = writing.sink
        self._tally = writing.tally
        self._tolerance_px = writing.tolerance_px
        self._stems = writing.stems
        self._numbers = {name: number for number, name in enumerate(writing.classes)}
        writing.tally.say("Points and confidences are not kept.")
        if writing.tolerance_px > 0:
            writing.tally.say(
                f"Outlines are simplified by up to {writing.tolerance_px:g} px; with a tolerance "
                "of 0 every pixel of an object without holes is kept."
            )
        writing.sink.add(DATA, partial(names_text, writing.classes))

    def add(self, image: AnnotatedImage) -> None:
        stem = self._stems.of(image.file_name)
        other = twin(image.file_name)
        if self._stems.may_mean(other) or self._stems.may_mean(without_ending(other)):
            raise DataError(
                f"YOLO has one place for the labels of {shown(image.file_name)} and of a photo "
                f"like {shown(other)}: rename one of them, or choose another format"
            )
        if not self._stems.is_short(stem, image.file_name):
            self._tally.count(
                "Photos that differ from another only in the ending, whose labels YOLO will not "
                "find",
                image.file_name,
            )
        lines = [self._line(each, image) for each in with_pixels(image, self._tally)]
        self._sink.add(label_file(stem), "".join(lines).encode)

    def finish(self) -> None:
        return None

    def _line(self, each: AnnotatedObject, image: AnnotatedImage) -> str:
        mask = without_holes(each.mask)
        if mask != each.mask:
            self._tally.count(
                "YOLO has no holes: holes are filled; objects that had some", image.file_name
            )
        rings = [part.outer for part in outlines(mask, tolerance_px=self._tolerance_px)]
        if len(rings) > 1:
            self._tally.count(
                "YOLO has one ring an object: parts are joined by bridges of no width; objects "
                "of several parts",
                image.file_name,
            )
        height, width = image.size_hw
        shares = (bridged(rings) + 0.5) / (width, height)
        numbers = " ".join(f"{value:.7g}" for value in shares.ravel().tolist())
        return f"{self._numbers[each.label]} {numbers}\n"


def read(source: Source, photos: Photos) -> Reading:
    """Text files in folders called `labels`, or all; `data.yaml` or a list for the names."""
    tally = Tally()
    texts = [
        name
        for name in source.ending(".txt")
        if PurePosixPath(name).name.lower() not in _OTHER_TEXTS
    ]
    texts = [name for name in texts if LABELS in name.split("/")[:-1]] or texts
    if not texts:
        raise DataError(f"{source.path} holds no .txt files of labels, as YOLO has them")
    names = read_names(source)
    if names is None:
        tally.say(f"There is no {DATA}, {' or '.join(LISTS)}: classes are called by their numbers.")
    photo_of = in_place(texts, photos)
    taken = set(photo_of.values())
    others = {photo: size_hw for photo, size_hw in photos.items() if photo not in taken}
    files = one_each(
        ((without_labels(name), name) for name in texts if name not in photo_of), tally
    )
    for stem, photo in matched(list(files), others, tally, by_stem=True).items():
        photo_of[files[stem]] = photo
    entries = [_entry(source, name, photo, names, tally) for name, photo in photo_of.items()]
    return Reading(entries, list(names.by_number.values()) if names else [], tally)


def _entry(source: Source, name: str, photo: str, names: YoloNames | None, tally: Tally) -> Entry:
    where = source.where(name)

    def load(photo_hw: tuple[int, int], allowance: Allowance) -> Sequence[AnnotatedObject]:
        found = []
        text = utf8_text(source.read(name), where)
        for number, line in enumerate(text.split("\n"), start=1):
            words = line.split()
            if len(words) in (5, 6):
                tally.count("Boxes without an outline are left out", photo)
            elif words:
                place = f"{where}, line {number}"
                found.append(_object(words, place, photo_hw, names, allowance))
        return found

    return Entry(photo, where, load)


def _object(
    words: list[str],
    where: str,
    photo_hw: tuple[int, int],
    names: YoloNames | None,
    allowance: Allowance,
) -> AnnotatedObject:
    if len(words) < 7:
        raise DataError(
            f"{where} must be a class and three or more points, got {printable(' '.join(words))!r}"
        )
    number = whole(words[0], f"{where}: the class", low=0, high=1 << 20)
    if names is not None and number not in names.by_number:
        raise DataError(f"{where}: {names.where} has no class {number}")
    label = f"class {number}" if names is None else names.by_number[number]
    confidence = None
    if len(words) % 2 == 0:  # predictions end with one
        confidence = share(words.pop(), f"{where}: the confidence")
    shares = np.array([finite(word, f"{where}: a point") for word in words[1:]])
    with np.errstate(over="ignore"):  # what lies at infinity is refused with its line
        ring = shares.reshape(-1, 2) * (photo_hw[1], photo_hw[0]) - 0.5
    return AnnotatedObject(filled([ring], photo_hw, where, allowance), label, confidence=confidence)
