"""PASCAL VOC segmentation: a palette PNG of the classes and one of the objects, for each photo."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.errors import DataError
from extremecut.interchange.annotated import DEFAULT_LABEL, AnnotatedImage, AnnotatedObject
from extremecut.interchange.label_files import label_map, with_pixels
from extremecut.interchange.label_maps import drawn, objects_of
from extremecut.interchange.limits import Allowance
from extremecut.interchange.png_values import PngValues, palette_png, png_values, voc_colours
from extremecut.interchange.reading import Entry, Photos, Reading, matched, one_each
from extremecut.interchange.sources import Source
from extremecut.interchange.tally import Tally, listed
from extremecut.interchange.voc_classes import (
    BACKGROUND,
    LABEL_MAP,
    VocClasses,
    label_map_text,
    misread,
    read_classes,
)
from extremecut.interchange.writing import Writing

CLASSES, OBJECTS = "SegmentationClass", "SegmentationObject"
IMAGE_LIST = "ImageSets/Segmentation/default.txt"
MAX_OBJECTS = 254
VOID = 255
VOID_COLOUR = 224 << 16 | 224 << 8 | 192


class VocWriter:
    """`SegmentationClass/sub/a.png`, `SegmentationObject/sub/a.png`, the list of both, labelmap."""

    def __init__(self, writing: Writing) -> None:
        if len(writing.classes) > MAX_OBJECTS:
            raise DataError(
                f"PASCAL VOC's palette has room for {MAX_OBJECTS} classes, these are "
                f"{len(writing.classes)}: choose another format"
            )
        self._sink = writing.sink
        self._tally = writing.tally
        self._stems = writing.stems
        self._palette = voc_colours()
        self._numbers = {name: number for number, name in enumerate(writing.classes, start=1)}
        writing.tally.say("Points and confidences are not kept.")
        if names := misread(writing.classes):
            writing.tally.say(
                f'Other programs misread names of classes with ":", with "#" at the start, or '
                f'"{BACKGROUND}" in {LABEL_MAP}: {listed(names, len(names))}; rename them for '
                "those programs."
            )
        writing.sink.add(LABEL_MAP, partial(label_map_text, writing.classes, self._palette))
        writing.sink.append(IMAGE_LIST, lambda: b"")

    def add(self, image: AnnotatedImage) -> None:
        objects = with_pixels(image, self._tally)
        self._tally.count(
            f"A palette image holds {MAX_OBJECTS} objects; objects beyond that are left out",
            image.file_name,
            len(objects) - MAX_OBJECTS,
        )
        numbered = list(enumerate(objects[:MAX_OBJECTS], start=1))
        labels = label_map(numbered, image, self._tally, np.uint8)
        classes, _ = drawn(
            [(self._numbers[each.label], each.mask) for _, each in numbered],
            image.size_hw,
            np.uint8,
        )
        stem = self._stems.of(image.file_name)
        self._sink.add(f"{OBJECTS}/{stem}.png", partial(palette_png, labels, self._palette))
        self._sink.add(f"{CLASSES}/{stem}.png", partial(palette_png, classes, self._palette))
        self._sink.append(IMAGE_LIST, lambda: f"{stem}\n".encode("utf-8", "surrogateescape"))

    def finish(self) -> None:
        return None


def read(source: Source, photos: Photos) -> Reading:
    """Both folders, or one of them: without objects each class is one object."""
    tally = Tally()
    classes = read_classes(source)
    object_files, class_files = _below(source, OBJECTS), _below(source, CLASSES)
    if not object_files and not class_files:
        raise DataError(
            f"{source.path} holds no PNGs in folders {CLASSES} and {OBJECTS}, as PASCAL VOC has"
        )
    objects_of_stem = one_each(object_files, tally)
    classes_of_stem = one_each(class_files, tally)
    stems = sorted(objects_of_stem.keys() | classes_of_stem.keys())
    entries = [
        _entry(source, objects_of_stem.get(stem), classes_of_stem.get(stem), photo, classes, tally)
        for stem, photo in matched(stems, photos, tally, by_stem=True).items()
    ]
    return Reading(entries, list(classes.names), tally)


def _below(source: Source, folder: str) -> list[tuple[str, str]]:
    """The PNGs in a folder of this name: the path without it and the ending, and the name."""
    found = []
    for name in source.ending(".png"):
        path = PurePosixPath(name)
        parts = list(path.with_suffix("").parts)
        if folder in parts[:-1]:
            parts.remove(folder)
            found.append(("/".join(parts), name))
    return found


def _entry(
    source: Source,
    objects_name: str | None,
    classes_name: str | None,
    photo: str,
    classes: VocClasses,
    tally: Tally,
) -> Entry:
    where = source.where(objects_name or classes_name or "")

    def load(photo_hw: tuple[int, int], allowance: Allowance) -> Sequence[AnnotatedObject]:
        kinds = None if classes_name is None else _png(source, classes_name, photo_hw)
        if objects_name is None:
            tally.count("Photos without objects, where each class became one object", photo)
            png = kinds
        else:
            png = _png(source, objects_name, photo_hw)
        if png is None:
            return []
        found = []
        for value, mask in objects_of(png.values, allowance).items():
            if value == (VOID_COLOUR if png.in_colour else VOID):
                continue
            label = None if kinds is None else _label(kinds, mask, classes)
            if label is None:
                tally.count(f'Objects without a class, now of the class "{DEFAULT_LABEL}"', photo)
            found.append(AnnotatedObject(mask, label or DEFAULT_LABEL))
        return found

    return Entry(photo, where, load)


def _png(source: Source, name: str, photo_hw: tuple[int, int]) -> PngValues:
    return png_values(source.read(name), source.where(name), photo_hw, colour=True)


def _label(kinds: PngValues, mask: MaskRuns, classes: VocClasses) -> str | None:
    """The class that most of an object's pixels have."""
    if mask.box is None:
        return None
    under: NDArray[Any] = kinds.values[mask.box.slices][mask.inside()]
    void = VOID_COLOUR if kinds.in_colour else VOID
    values, counts = np.unique(under[(under != 0) & (under != void)], return_counts=True)
    if not values.size:
        return None
    value = int(values[counts.argmax()])
    return classes.name_of(None if kinds.in_colour else value, kinds.colour_of(value))
