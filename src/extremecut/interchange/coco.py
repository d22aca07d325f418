"""COCO instances: one JSON file. Polygons, or run lengths where polygons would lie.

Outlines count from the top-left pixel's corner, `extreme_points` and `points` from its centre.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from extremecut.annotations.coco import annotation_of_part
from extremecut.annotations.coco_segmentation import NOTHING, segmentation_run_lengths
from extremecut.errors import DataError
from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject
from extremecut.interchange.checks import (
    file_text,
    listing,
    mapping,
    name_text,
    parsed_json,
    points,
    share,
    size_hw,
)
from extremecut.interchange.column_runs import of_column_runs
from extremecut.interchange.limits import Allowance
from extremecut.interchange.reading import Entry, Photos, Reading, matched
from extremecut.interchange.sources import Source
from extremecut.interchange.tally import Tally, printable, shown
from extremecut.interchange.writing import Writing

MAIN = "annotations.json"


class CocoWriter:
    """Writes annotations as images come, and the list of images at the end."""

    def __init__(self, writing: Writing) -> None:
        self._sink = writing.sink
        self._numbers = {name: number for number, name in enumerate(writing.classes, start=1)}
        self._tolerance_px = writing.tolerance_px
        self._images: list[bytes] = []
        self._annotations = 0
        writing.say_simplified()
        categories = [
            {"id": number, "name": name, "supercategory": ""}
            for name, number in self._numbers.items()
        ]
        start = f'{{"info": {{"description": "written by extremecut"}},\n"categories": {json.dumps(categories)},\n"annotations": [\n'  # noqa: E501
        writing.sink.append(MAIN, start.encode)

    def add(self, image: AnnotatedImage) -> None:
        height, width = image.size_hw
        number = len(self._images) + 1
        entry = {"id": number, "file_name": image.file_name, "width": width, "height": height}
        self._images.append(json.dumps(entry).encode())
        for each in image.objects:
            self._sink.append(MAIN, partial(self._entry, each, number, image.size_hw))

    def finish(self) -> None:
        self._sink.append(
            MAIN, lambda: b'\n],\n"images": [\n' + b",\n".join(self._images) + b"\n]}\n"
        )

    def _entry(self, each: AnnotatedObject, image_id: int, image_hw: tuple[int, int]) -> bytes:
        entry = annotation_of_part(
            each.mask.inside(),
            each.mask.box,
            np.array(each.points_xy, np.float64).reshape(-1, 2),
            each.confidence,
            image_hw,
            tolerance_px=self._tolerance_px,
        )
        self._annotations += 1
        numbers = {
            "id": self._annotations,
            "image_id": image_id,
            "category_id": self._numbers[each.label],
        }
        clicked = [list(point) for point in each.points_xy]
        if clicked != entry.get("extreme_points", []):
            entry["points"] = clicked
        if each.identity is not None:
            entry["identity"] = each.identity
        comma = b",\n" if self._annotations > 1 else b""
        return comma + json.dumps({**numbers, **entry}).encode()


def read(source: Source, photos: Photos) -> Reading:
    """The one JSON file in the source, or each of several."""
    files = source.ending(".json")
    if not files:
        raise DataError(f"{source.path} holds no .json file, as COCO has it")
    if len(files) > 1:
        files = [name for name in files if name.rsplit("/", 1)[-1] == MAIN] or files
    if len(files) > 1:
        raise DataError(
            f"{source.path} holds {len(files)} .json files, the first of them "
            f"{printable(files[0])}: say which one"
        )
    where = source.where(files[0])
    content = parsed_json(source.read(files[0]), where)
    if isinstance(content, list):
        raise DataError(f"{where} is a list of results; a COCO file with images is needed")
    content = mapping(content, where)
    tally = Tally()
    names = _categories(content, where)
    images = _images(content, where)
    of_image = _annotations_of(content, where, images, names, tally)
    by_file: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for image in images.values():
        by_file[image["file_name"]].append(image)
    found = matched(list(by_file), photos, tally)
    entries = []
    for file_name, photo in found.items():
        rows = []
        for image in by_file[file_name]:
            size_hw(image["height"], image["width"], image["where"], photos[photo])
            rows += of_image.get(image["id"], [])
        entries.append(_entry(photo, where, sorted(rows, key=lambda row: row[0]), names, tally))
    return Reading(entries, list(dict.fromkeys(names.values())), tally)


def _entry(
    photo: str, where: str, rows: list[tuple[int, Any]], names: dict[Any, str], tally: Tally
) -> Entry:
    def load(photo_hw: tuple[int, int], allowance: Allowance) -> Sequence[AnnotatedObject]:
        objects = []
        for number, row in rows:
            place = f"{where}, annotations[{number}]"
            if row.get("segmentation") in NOTHING:  # boxes alone; empty masks are run lengths
                tally.count("Annotations without a mask are left out", photo)
                continue
            lengths = segmentation_run_lengths(row["segmentation"], photo_hw, place)
            mask = of_column_runs(lengths, photo_hw, allowance)
            confidence, identity = row.get("score"), row.get("identity")
            objects.append(
                AnnotatedObject(
                    mask,
                    names[row["category_id"]],
                    _clicks(row, place, photo_hw),
                    None if confidence is None else share(confidence, f"{place}: score"),
                    None if identity is None else name_text(identity, f"{place}: identity"),
                )
            )
        return objects

    return Entry(photo, where, load)


def _clicks(
    row: dict[str, Any], place: str, photo_hw: tuple[int, int]
) -> tuple[tuple[float, float], ...]:
    for key in ("points", "extreme_points"):
        if row.get(key) is not None:
            return points(row[key], f"{place}: {key}", photo_hw)
    return ()


def _categories(content: dict[str, Any], where: str) -> dict[Any, str]:
    names: dict[Any, str] = {}
    for number, row in enumerate(listing(content.get("categories"), f"{where}: categories")):
        place = f"{where}, categories[{number}]"
        identifier = _identifier(mapping(row, place), "id", place)
        if identifier in names:
            raise DataError(f"{place}: the id {identifier!r} is used twice")
        names[identifier] = name_text(row.get("name"), f"{place}: name")
    return names


def _images(content: dict[str, Any], where: str) -> dict[Any, dict[str, Any]]:
    images: dict[Any, dict[str, Any]] = {}
    for number, row in enumerate(listing(content.get("images"), f"{where}: images")):
        place = f"{where}, images[{number}]"
        identifier = _identifier(mapping(row, place), "id", place)
        if identifier in images:
            raise DataError(f"{place}: the id {identifier!r} is used twice")
        images[identifier] = {
            "id": identifier,
            "file_name": file_text(row.get("file_name"), f"{place}: file_name"),
            "height": row.get("height"),
            "width": row.get("width"),
            "where": place,
        }
    return images


def _annotations_of(
    content: dict[str, Any],
    where: str,
    images: dict[Any, dict[str, Any]],
    names: dict[Any, str],
    tally: Tally,
) -> dict[Any, list[tuple[int, Any]]]:
    """(row number, row) of each image's objects, in the file's order."""
    found: defaultdict[Any, list[tuple[int, Any]]] = defaultdict(list)
    for number, row in enumerate(listing(content.get("annotations"), f"{where}: annotations")):
        place = f"{where}, annotations[{number}]"
        image = images.get(_identifier(mapping(row, place), "image_id", place))
        if image is None:
            raise DataError(f"{place}: there is no image {shown(row['image_id'])}")
        if row.get("iscrowd") not in (None, 0, 1):  # the text "0" would count as yes
            raise DataError(f"{place}: iscrowd must be 0 or 1, got {shown(row['iscrowd'])}")
        if row.get("iscrowd"):
            tally.count("Crowds are left out", image["file_name"])
            continue
        if _identifier(row, "category_id", place) not in names:
            raise DataError(f"{place}: there is no category {shown(row['category_id'])}")
        found[image["id"]].append((number, row))
    return found


def _identifier(row: dict[str, Any], key: str, place: str) -> Any:
    value = row.get(key)
    if type(value) not in (int, str):
        raise DataError(f"{place}: {key} must be a number or text, got {shown(value)}")
    return value
