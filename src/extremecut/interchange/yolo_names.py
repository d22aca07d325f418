"""`data.yaml` of YOLO data sets, as much of YAML as names of classes are written in; or a list.

labelImg and Label Studio write `classes.txt`, Darknet has `obj.names`: one name a line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from extremecut.errors import DataError
from extremecut.interchange.checks import name_text, utf8_text, whole
from extremecut.interchange.sources import Source
from extremecut.interchange.tally import printable

DATA = "data.yaml"
LISTS = ("classes.txt", "obj.names")
MAX_CLASSES = 100_000

# A quoted text, or anything up to a comma; quotes are doubled in '...' and escaped in "...".
_ITEM = re.compile(r"""\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*(?:,|$)|([^,]*)(?:,|$))""", re.S)
_ITEMS = re.compile(r"""(?:\d+\s*:\s*)?(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^"',\s][^,]*),\s*""")
_IN_QUOTES = re.compile(r"""[\[{\s]*(?:\d+\s*:\s*)?\"""")
_KEY = re.compile(r"\s*(\d+)\s*:")
# Quotes in the midst of a word are letters of it: don't.
_BEFORE_COMMENT = re.compile(
    r"""(?:(?<![^\s:,\[{-])(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')|(?<!\S)[^#]|(?<=\S).)*""", re.S
)
_ESCAPE = re.compile(r"""\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(["\\/ ]))""")
_MAX_BYTES = 1 << 20


def names_text(classes: tuple[str, ...]) -> bytes:
    """The file that YOLO's training reads; photos belong in the folder `images` beside it."""
    # Without a path, for a relative one is looked for elsewhere than beside this file.
    lines = ["train: images", "val: images", "names:"]
    lines += [
        f"  {number}: {json.dumps(name, ensure_ascii=False)}" for number, name in enumerate(classes)
    ]
    return ("\n".join(lines) + "\n").encode()


@dataclass(frozen=True, slots=True)
class YoloNames:
    """The classes by number, and the file that says so."""

    by_number: dict[int, str]
    where: str


def read_names(source: Source) -> YoloNames | None:
    """`data.yaml`, or else a list of names; None where no file says.

    Raises:
        DataError: a file without names or with names written in another way, lists that differ.
    """
    files = source.ending(".yaml", ".yml")
    chosen = [name for name in files if _file_name(name) == DATA] or files
    if chosen:
        return _of_yaml(_lines(source, chosen[0]), source.where(chosen[0]))
    found: YoloNames | None = None
    for name in source.ending(*LISTS):
        if _file_name(name) not in LISTS:
            continue
        names = _of_list(_lines(source, name), source.where(name))
        if found is not None and names.by_number != found.by_number:
            raise DataError(
                f"{names.where} must name the classes as {found.where} does: read the folders one "
                "by one"
            )
        found = found or names
    return found


def _file_name(name: str) -> str:
    return PurePosixPath(name).name.lower()


def _lines(source: Source, name: str) -> list[str]:
    return utf8_text(source.read(name, limit=_MAX_BYTES), source.where(name)).splitlines()


def _of_yaml(lines: list[str], where: str) -> YoloNames:
    for number, line in enumerate(lines):
        if re.match(r"names\s*:", line):
            rest = _without_comment(line.split(":", 1)[1])
            items = _flow(rest, lines[number + 1 :]) if rest else _block(lines[number + 1 :])
            names = _numbered(items, where)
            if not names:
                break
            return YoloNames(names, where)
    raise DataError(f"{where} must name the classes under names:")


def _of_list(lines: list[str], where: str) -> YoloNames:
    if len(lines) > MAX_CLASSES:
        raise DataError(f"{where} has {len(lines)} lines, the limit is {MAX_CLASSES} classes")
    names = {
        number: name_text(line.strip(), f"{where}, line {number + 1}")
        for number, line in enumerate(lines)
        if line.strip()
    }
    if not names:
        raise DataError(f"{where} must name the classes, one a line, and is empty")
    return YoloNames(names, where)


def _flow(first: str, following: list[str]) -> Iterator[tuple[str | None, str]]:
    """[a, b] or {0: a, 1: b}, over one line or several."""
    text = first
    for line in following:
        if text.endswith(("]", "}")):
            break
        # PyYAML breaks text in double quotes with a backslash where no blank belongs.
        broken = text.endswith("\\") and _IN_QUOTES.match(_ITEMS.sub("", text))
        text = text[:-1] if broken else text + " "
        text += _without_comment(line)
    brackets = text[:1] + text[-1:]
    if brackets not in ("[]", "{}"):
        yield None, ""
        return
    inner = text[1:-1].strip().removesuffix(",")
    place = 0
    while place < len(inner):
        key = _KEY.match(inner, place) if brackets == "{}" else None
        if brackets == "{}" and key is None:
            yield None, ""
            return
        found = _ITEM.match(inner, place if key is None else key.end())
        if found is None:  # cannot be: the second way takes anything
            return
        yield None if key is None else key[1], (found[1] or found[2]).strip()
        place = found.end()


def _block(lines: list[str]) -> Iterator[tuple[str | None, str]]:
    """- a, or 0: a, one a line."""
    for line in lines:
        text = _without_comment(line)
        if not text:
            continue
        if text.startswith("- "):
            yield None, text[2:].strip()
        elif line[:1] in (" ", "\t"):
            key, _, value = text.partition(":")
            yield key.strip(), value.strip()
        else:
            return


def _numbered(items: Iterator[tuple[str | None, str]], where: str) -> dict[int, str]:
    names: dict[int, str] = {}
    for place, (key, value) in enumerate(items):
        if place >= MAX_CLASSES:
            raise DataError(f"{where} names more than {MAX_CLASSES} classes, the limit")
        number = place
        if key is not None:
            number = whole(key, f"{where}: the number of a class", low=0, high=1 << 20)
        if number in names:
            raise DataError(f"{where}: the class {number} is named twice")
        names[number] = name_text(_plain(value, where), f"{where}: the class {number}")
    return dict(sorted(names.items()))


def _plain(text: str, where: str) -> str:
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if text.startswith('"'):
        try:
            return str(json.loads(text))
        except ValueError:
            return _of_yaml_quotes(text, where)
    return text


def _of_yaml_quotes(text: str, where: str) -> str:
    """Text in quotes with the escapes that YAML has beyond JSON's: PyYAML writes "caf\\xE9"."""
    try:
        if re.fullmatch(f'"(?:[^"\\\\]|{_ESCAPE.pattern})*"', text) is None:
            raise ValueError(text)
        return _ESCAPE.sub(
            lambda found: found[4] or chr(int("".join(found.groups("")), 16)), text[1:-1]
        )
    except (ValueError, OverflowError):  # no such character
        raise DataError(f"{where}: {printable(text)} is no text in quotes") from None


def _without_comment(line: str) -> str:
    """A line without what follows " #" outside of quoted text."""
    found = _BEFORE_COMMENT.match(line)
    return line.strip() if found is None else found[0].strip()
