"""The XML of CVAT, written and parsed; declarations of entities and document types are refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from extremecut.errors import DataError
from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject
from extremecut.interchange.checks import file_text, name_text
from extremecut.interchange.png_values import voc_colours
from extremecut.interchange.tally import printable, shown

MAX_DEPTH = 32
# New lines and tabs are written as numbers.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_KEPT = frozenset(
    (
        *("label", "points", "rle", "left", "top", "width", "height", "z_order", "group_id"),
        *("xtl", "ytl", "xbr", "ybr", "rotation"),
    )
)


@dataclass(frozen=True, slots=True)
class CvatShape:
    """A mask, polygon, box or other shape."""

    kind: str
    values: dict[str, str]
    line: int


@dataclass(frozen=True, slots=True)
class CvatImage:
    name: str
    height: str | None
    width: str | None
    line: int
    shapes: list[CvatShape] = field(default_factory=list)


def start_xml(classes: tuple[str, ...]) -> bytes:
    """All that comes before the first image."""
    labels = "".join(
        f"<label><name>{escape(name)}</name><color>#{red:02x}{green:02x}{blue:02x}</color>"
        "<attributes></attributes></label>\n"
        for name, (red, green, blue) in zip(classes, _colours(len(classes)), strict=True)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n<version>1.1</version>\n'
        f"<meta><task><labels>\n{labels}</labels></task></meta>\n"
    ).encode()


def _colours(number: int) -> list[tuple[int, int, int]]:
    palette = voc_colours()[1:]
    return [palette[place % len(palette)] for place in range(number)]


def image_xml(number: int, image: AnnotatedImage, objects: list[AnnotatedObject]) -> bytes:
    """One image with its masks.

    Raises:
        DataError: a file name with characters that XML cannot have.
    """
    height, width = image.size_hw
    if _NOT_IN_XML.search(image.file_name):
        raise DataError(f"XML cannot hold the photo's name {shown(image.file_name)}: rename it")
    lines = [
        f'<image id="{number}" name={quoteattr(image.file_name)} width="{width}" '
        f'height="{height}">\n'
    ]
    for place, each in enumerate(objects):
        x0, y0, x1, y1 = each.mask.box_xyxy
        runs = ", ".join(map(str, each.mask.runs))
        lines.append(
            f'<mask label={quoteattr(each.label)} source="manual" occluded="0" rle="{runs}" '
            f'left="{x0}" top="{y0}" width="{x1 - x0}" height="{y1 - y0}" z_order="{place}">'
            "</mask>\n"
        )
    lines.append("</image>\n")
    return "".join(lines).encode()


def parsed(data: bytes, where: str) -> tuple[list[str], list[CvatImage]]:
    """The names of the labels, and the images with their shapes as they stand in the file.

    Raises:
        DataError: not XML, with declarations, nested too deeply, or without what CVAT has.
    """
    reader = _Reader(where)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.EntityDeclHandler = reader.refuse
    parser.StartElementHandler = lambda name, values: reader.start(
        name, values, parser.CurrentLineNumber
    )
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{where} is not XML: {printable(error)}") from None
    if reader.root != "annotations":
        raise DataError(f"{where} must begin with <annotations>, as CVAT for images has it")
    return list(dict.fromkeys(reader.labels)), reader.images


class _Reader:
    """Keeps what matters of the elements as they come."""

    def __init__(self, where: str) -> None:
        self.labels: list[str] = []
        self.images: list[CvatImage] = []
        self.root: str | None = None
        self._where = where
        self._path: list[str] = []
        self._text: list[str] = []

    def refuse(self, *declaration: Any) -> None:
        raise DataError(
            f"{self._where} declares a document type or entities, which CVAT does not: "
            "it is not safe to read"
        )

    def start(self, name: str, values: dict[str, str], line: int) -> None:
        place = f"{self._where}, line {line}"
        if self.root is None:
            self.root = name
        if len(self._path) >= MAX_DEPTH:
            raise DataError(f"{place} is nested too deeply")
        if self._path == ["annotations"] and name == "track":
            raise DataError(f'{place}: tracks of a video; export "CVAT for images 1.1" instead')
        if self._path == ["annotations"] and name == "image":
            file_name = file_text(values.get("name"), f"{place}: name")
            self.images.append(
                CvatImage(file_name, values.get("height"), values.get("width"), line)
            )
        elif self._path == ["annotations", "image"] and name != "tag":
            kept = {key: value for key, value in values.items() if key in _KEPT}
            self.images[-1].shapes.append(CvatShape(name, kept, line))
        self._path.append(name)
        self._text.clear()

    def text(self, text: str) -> None:
        if self._path[-1:] == ["name"]:
            self._text.append(text)

    def end(self, name: str) -> None:
        if self._path[-3:] == ["labels", "label", "name"]:
            self.labels.append(name_text("".join(self._text).strip(), f"{self._where}: a label"))
        self._path.pop()
