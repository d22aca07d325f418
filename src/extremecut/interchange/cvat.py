"""CVAT for images 1.1: one XML file of all photos, objects as run-length masks.

Masks are run lengths along the rows of a box, zeros first; polygons and boxes, which are read too,
count from the top-left pixel's corner.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import count
from pathlib import PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extremecut.annotations.mask_runs import EMPTY, MaskRuns
from extremecut.errors import DataError
from extremecut.geometry.boxes import Box
from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject
from extremecut.interchange.checks import finite, name_text, size_hw, whole
from extremecut.interchange.cvat_xml import CvatImage, CvatShape, image_xml, parsed, start_xml
from extremecut.interchange.label_files import with_pixels
from extremecut.interchange.limits import Allowance
from extremecut.interchange.outlines import filled, of_part, parts_of, rectangle, united
from extremecut.interchange.reading import Entry, Photos, Reading, matched
from extremecut.interchange.sources import Source
from extremecut.interchange.tally import Tally, shown
from extremecut.interchange.writing import Writing

MAIN = "annotations.xml"
_LEFT_OUT = ("polyline", "points", "ellipse", "cuboid", "skeleton")


class CvatWriter:
    """Writes each image as it comes."""

    def __init__(self, writing: Writing) -> None:
        self._sink = writing.sink
        self._tally = writing.tally
        self._numbers = count()
        writing.tally.say("Points and confidences are not kept.")
        writing.sink.append(MAIN, partial(start_xml, writing.classes))

    def add(self, image: AnnotatedImage) -> None:
        objects = with_pixels(image, self._tally)
        self._sink.append(MAIN, partial(image_xml, next(self._numbers), image, objects))

    def finish(self) -> None:
        self._sink.append(MAIN, lambda: b"</annotations>\n")


def read(source: Source, photos: Photos) -> Reading:
    """The one XML file in the source."""
    tally = Tally()
    files = source.ending(".xml")
    files = [name for name in files if PurePosixPath(name).name == MAIN] or files
    if len(files) != 1:
        raise DataError(f"{source.path} must hold one {MAIN}, as CVAT has it; found {len(files)}")
    where = source.where(files[0])
    labels, images = parsed(source.read(files[0]), where)
    by_name: dict[str, list[CvatImage]] = {}
    for image in images:
        by_name.setdefault(image.name, []).append(image)
    entries = [
        _entry(photo, where, by_name[name], tally)
        for name, photo in matched(list(by_name), photos, tally).items()
    ]
    return Reading(entries, labels, tally)


def _entry(photo: str, where: str, images: list[CvatImage], tally: Tally) -> Entry:
    def load(photo_hw: tuple[int, int], allowance: Allowance) -> Sequence[AnnotatedObject]:
        groups: dict[Any, list[tuple[MaskRuns, bool]]] = {}
        order: dict[Any, tuple[int, str]] = {}
        for image in images:
            place = f"{where}, line {image.line}"
            size_hw(image.height, image.width, place, photo_hw)
            for shape in image.shapes:
                place = f"{where}, line {shape.line}"
                read_mask = _READERS.get(shape.kind)
                if read_mask is None:
                    kind = shape.kind if shape.kind in _LEFT_OUT else "unknown"
                    tally.count(f"Shapes of the kind {kind} are left out", photo)
                    continue
                label = name_text(shape.values.get("label"), f"{place}: label")
                mask = read_mask(shape, place, photo_hw, allowance)
                z_order = shape.values.get("z_order", "0")
                z = whole(z_order, f"{place}: z_order", low=-(1 << 31), high=1 << 31)
                group = shape.values.get("group_id", "")
                key = (group, label) if group not in ("", "0") else len(groups)
                groups.setdefault(key, []).append((mask, shape.kind == "box"))
                order.setdefault(key, (z, label))
        return [
            AnnotatedObject(united(parts_of(groups[key], tally, photo), allowance), order[key][1])
            for key in sorted(groups, key=lambda key: order[key][0])  # keeps the order of equals
        ]

    return Entry(photo, where, load)


def _polygon(
    shape: CvatShape, where: str, photo_hw: tuple[int, int], allowance: Allowance
) -> MaskRuns:
    corners = []
    for pair in shape.values.get("points", "").split(";"):
        xy = pair.split(",")
        if len(xy) != 2:
            raise DataError(f'{where}: points must be "x,y;x,y;...", got {shown(pair)}')
        corners.append([finite(text, f"{where}: points") for text in xy])
    ring = np.array(corners, np.float64) - 0.5
    return filled([ring], photo_hw, where, allowance)


def _box(shape: CvatShape, where: str, photo_hw: tuple[int, int], allowance: Allowance) -> MaskRuns:
    x0, y0, x1, y1 = (
        finite(shape.values.get(name), f"{where}: {name}") for name in ("xtl", "ytl", "xbr", "ybr")
    )
    ring = rectangle(x0, y0, x1, y1)
    if turned := finite(shape.values.get("rotation", "0"), f"{where}: rotation"):
        sine, cosine = np.sin(np.radians(turned)), np.cos(np.radians(turned))
        with np.errstate(over="ignore", invalid="ignore"):  # refused as far outside
            centre = ring.mean(axis=0)  # clockwise as seen, in degrees
            ring = (ring - centre) @ np.array([[cosine, sine], [-sine, cosine]]) + centre
    return filled([ring], photo_hw, where, allowance)


def _mask(
    shape: CvatShape, where: str, photo_hw: tuple[int, int], allowance: Allowance
) -> MaskRuns:
    limit = 2 * max(photo_hw)
    left, top, width, height = (
        whole(shape.values.get(name), f"{where}: {name}", low=low, high=limit)
        for name, low in (("left", -limit), ("top", -limit), ("width", 1), ("height", 1))
    )
    runs = _runs(shape.values.get("rle", ""), width * height, where)
    box = Box(left, top, left + width, top + height)
    allowance.object_of(box.area)
    whole_box = np.repeat(np.arange(runs.size) % 2 == 1, runs).reshape(height, width)
    inside = box.intersection(Box.of_image(photo_hw))
    if inside is None:
        return EMPTY
    part = whole_box[inside.shifted(-left, -top).slices]
    return of_part(part, (inside.x0, inside.y0), allowance)


def _runs(text: str, area: int, where: str) -> NDArray[np.int64]:
    try:
        runs = np.array([int(word) for word in text.split(",")], np.int64)
    except (ValueError, OverflowError):
        raise DataError(f"{where}: rle must be whole numbers, got {shown(text)}") from None
    if (runs < 0).any() or (runs > area).any() or int(runs.sum()) != area:
        raise DataError(
            f"{where}: rle must be >= 0 and add up to the {area} pixels of the mask's box, got "
            f"{shown(text)}"
        )
    return runs


_READERS = {"mask": _mask, "polygon": _polygon, "box": _box}
