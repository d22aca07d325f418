"""Classes of PASCAL VOC by value or colour: those of `labelmap.txt`, or the challenge's 20."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from extremecut.errors import DataError
from extremecut.interchange.checks import name_text, utf8_text, whole
from extremecut.interchange.png_values import voc_colours
from extremecut.interchange.sources import Source
from extremecut.interchange.tally import printable

LABEL_MAP = "labelmap.txt"
BACKGROUND = "background"
CHALLENGE = (
    *("aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow"),
    *("diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa"),
    *("train", "tvmonitor"),
)

Colour = tuple[int, int, int]
_NUMBERS = {colour: number for number, colour in enumerate(voc_colours())}


@dataclass(frozen=True, slots=True)
class VocClasses:
    """Names in order, and the colour of each if a file says so."""

    names: tuple[str, ...]
    colours: dict[Colour, str]

    def name_of(self, value: int | None, colour: Colour | None) -> str:
        """The class of a value other than the background.

        Args:
            value: palette index or grey; the first class has 1. None for pictures in colour.
            colour: RGB of the value, if it has one.
        """
        if colour is not None and colour in self.colours:
            return self.colours[colour]
        if value is None:  # without colours in the file they are those of VOC
            value = 0 if self.colours else _NUMBERS.get(colour or (0, 0, 0), 0)
        names = self.names or CHALLENGE
        if 0 < value <= len(names):
            return names[value - 1]
        return f"class {value}" if value else "class {}, {}, {}".format(*colour or (0, 0, 0))


def label_map_text(classes: tuple[str, ...], palette: tuple[Colour, ...]) -> bytes:
    """One line a class: its name, colour, parts and actions, as CVAT and Datumaro have it."""
    lines = ["# label:color_rgb:parts:actions", f"{BACKGROUND}:0,0,0::"]
    for name, colour in zip(classes, palette[1:], strict=False):
        lines.append(f"{name}:{','.join(map(str, colour))}::")
    return ("\n".join(lines) + "\n").encode()


def misread(classes: tuple[str, ...]) -> list[str]:
    """The classes that other programs take for something else in `labelmap.txt`."""
    return [name for name in classes if ":" in name or name[0] == "#" or name == BACKGROUND]


def read_classes(source: Source) -> VocClasses:
    """
    Raises:
        DataError: a wrong line of `labelmap.txt`.
    """
    files = [name for name in source.ending(".txt") if PurePosixPath(name).name == LABEL_MAP]
    if not files:
        return VocClasses((), {})
    where = source.where(files[0])
    names: list[str] = []
    colours: dict[Colour, str] = {}
    first = True
    lines = utf8_text(source.read(files[0], limit=1 << 24), where).split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip() or (first and line.startswith("# label")):
            continue
        place = f"{where}, line {number}"
        cells = line.rstrip("\r").rsplit(":", 3)
        if len(cells) != 4:
            raise DataError(f"{place} must be name:R,G,B:parts:actions, got {printable(line)!r}")
        name = name_text(cells[0], f"{place}: the name")
        channels = cells[1].split(",") if cells[1] else []
        if len(channels) not in (0, 3):
            raise DataError(f"{place}: the colour must be R,G,B, got {printable(cells[1])!r}")
        values = [whole(text, f"{place}: the colour", low=0, high=255) for text in channels]
        # Only the first line or a black one is the background: classes may be called so, too.
        is_background = name == BACKGROUND and (first or values == [0, 0, 0])
        first = False
        if is_background:
            continue
        names.append(name)
        if values:
            colours.setdefault((values[0], values[1], values[2]), name)
    return VocClasses(tuple(names), colours)
