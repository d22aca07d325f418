"""labelme: one JSON a photo with polygons and masks as shapes.

Polygons count from the top-left pixel's corner, as labelme's canvas does; masks are whole pixels.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from extremecut.annotations.mask_png import png_bytes
from extremecut.annotations.mask_runs import MaskRuns
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
    utf8_text,
    whole,
)
from extremecut.interchange.label_files import with_pixels
from extremecut.interchange.labelme_shapes import SHAPE_READERS
from extremecut.interchange.limits import Allowance
from extremecut.interchange.outlines import outlines, parts_of, united
from extremecut.interchange.reading import Entry, Photos, Reading, matched, one_each
from extremecut.interchange.sources import Source
from extremecut.interchange.stems import Stems
from extremecut.interchange.tally import Tally
from extremecut.interchange.writing import Writing

VERSION = "5.5.0"
LABELS = "labels.txt"
"""For `labelme --labels`."""
_NO_CLASSES = ("__ignore__", "_background_")
_LEFT_OUT = ("point", "points", "line", "linestrip")


class LabelmeWriter:
    """`sub/a.json` for `sub/a.jpg`, to be put beside the photo, and `labels.txt`."""

    def __init__(self, writing: Writing) -> None:
        self._sink = writing.sink
        self._tally = writing.tally
        self._tolerance_px = writing.tolerance_px
        self._stems = Stems()  # others do not matter: each file names its photo
        writing.sink.add(LABELS, lambda: "".join(f"{name}\n" for name in writing.classes).encode())
        writing.say_simplified()

    def add(self, image: AnnotatedImage) -> None:
        objects = with_pixels(image, self._tally)
        name = f"{self._stems.of(image.file_name)}.json"
        self._sink.add(name, lambda: self._content(image, objects))

    def finish(self) -> None:
        return None

    def _content(self, image: AnnotatedImage, objects: list[AnnotatedObject]) -> bytes:
        shapes: list[dict[str, Any]] = []
        for number, each in enumerate(objects, start=1):
            shapes += _shapes(each, number, self._tolerance_px)
        content: dict[str, Any] = {
            "version": VERSION,
            "flags": {},
            "shapes": shapes,
            "imagePath": PurePosixPath(image.file_name).name,
            "imageData": None,
            "imageHeight": image.size_hw[0],
            "imageWidth": image.size_hw[1],
        }
        return (json.dumps(content, indent=1) + "\n").encode()


def _shapes(each: AnnotatedObject, number: int, tolerance_px: float) -> list[dict[str, Any]]:
    """A polygon for each part, joined by a group; one mask for an object with holes."""
    shape: dict[str, Any] = {
        "label": each.label,
        "group_id": None,
        "description": "",
        "shape_type": "polygon",
        "flags": {},
        "mask": None,
    }
    more: dict[str, Any] = {}  # labelme keeps what it does not know
    if each.points_xy:
        more["clicked_points"] = [list(point) for point in each.points_xy]
    if each.confidence is not None:
        more["score"] = each.confidence
    if each.identity is not None:
        more["identity"] = each.identity
    parts = outlines(each.mask, tolerance_px=tolerance_px)
    if any(part.holes for part in parts):
        x0, y0, x1, y1 = each.mask.box_xyxy
        crop = png_bytes(each.mask.inside().astype(np.uint8) * np.uint8(255))
        return [
            shape
            | {
                "shape_type": "mask",
                "points": [[x0, y0], [x1 - 1, y1 - 1]],
                "mask": base64.b64encode(crop).decode(),
            }
            | more
        ]
    group = number if len(parts) > 1 else None
    return [
        shape
        | {"points": (part.outer + 0.5).round(3).tolist(), "group_id": group}
        | (more if place == 0 else {})
        for place, part in enumerate(parts)
    ]


def read(source: Source, photos: Photos) -> Reading:
    """All the JSON files; which photo one means is its `imagePath`, from the file's own folder."""
    tally = Tally()
    paths = []
    names = source.ending(".json")
    if not names:
        raise DataError(f"{source.path} holds no .json file, as labelme has one for each photo")
    for name in names:
        where = source.where(name)
        content = mapping(parsed_json(source.read(name), where), where)
        image_path = file_text(content.get("imagePath"), f"{where}: imagePath")
        paths.append((f"{PurePosixPath(name).parent.as_posix()}/{image_path}", name))
    files = one_each(paths, tally)
    found = matched(list(files), photos, tally)
    entries = [_entry(source, files[path], photo, tally) for path, photo in found.items()]
    return Reading(entries, _labels(source), tally)


def _labels(source: Source) -> list[str]:
    if LABELS not in source.names:
        return []
    where = source.where(LABELS)
    lines = utf8_text(source.read(LABELS, limit=1 << 24), where).splitlines()
    names = [line.strip() for line in lines]
    return [name_text(name, where) for name in names if name and name not in _NO_CLASSES]


def _entry(source: Source, name: str, photo: str, tally: Tally) -> Entry:
    where = source.where(name)

    def load(photo_hw: tuple[int, int], allowance: Allowance) -> Sequence[AnnotatedObject]:
        content = mapping(parsed_json(source.read(name), where), where)
        size_hw(content.get("imageHeight"), content.get("imageWidth"), where, photo_hw)
        groups: dict[Any, list[tuple[dict[str, Any], MaskRuns, str]]] = {}
        for number, row in enumerate(listing(content.get("shapes"), f"{where}: shapes")):
            place = f"{where}, shapes[{number}]"
            shape = mapping(row, place)
            kind = shape.get("shape_type", "polygon")
            read_mask = SHAPE_READERS.get(kind) if isinstance(kind, str) else None
            if read_mask is None:
                kind = kind if kind in _LEFT_OUT else "unknown"
                tally.count(f"Shapes of the kind {kind} are left out", photo)
                continue
            label = name_text(shape.get("label"), f"{place}: label")
            mask = read_mask(shape, place, photo_hw, allowance)
            group = shape.get("group_id")
            if group is not None:
                group = whole(group, f"{place}: group_id", low=-(1 << 53), high=1 << 53)
            # Only shapes of one label are parts of one object.
            key = ("alone", number) if group is None else (group, label)
            groups.setdefault(key, []).append((shape, mask, place))
        return [_joined(parts, photo, photo_hw, allowance, tally) for parts in groups.values()]

    return Entry(photo, where, load)


def _joined(
    parts: list[tuple[dict[str, Any], MaskRuns, str]],
    photo: str,
    photo_hw: tuple[int, int],
    allowance: Allowance,
    tally: Tally,
) -> AnnotatedObject:
    shape, _, place = parts[0]
    masks = [(mask, each.get("shape_type") == "rectangle") for each, mask, _ in parts]
    clicks, score, identity = (shape.get(key) for key in ("clicked_points", "score", "identity"))
    return AnnotatedObject(
        united(parts_of(masks, tally, photo), allowance),
        shape["label"],
        () if clicks is None else points(clicks, f"{place}: clicked_points", photo_hw),
        None if score is None else share(score, f"{place}: score"),
        None if identity is None else name_text(identity, f"{place}: identity"),
    )
