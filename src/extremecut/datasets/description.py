"""Data descriptions: one line of text that says what to read, the same for every command.

``KIND:PATHS?option=value&option=value``, for example::

    masks:photos/images,photos/masks?void=128
    labels:nuclei/images,nuclei/labels?first=120
    coco:annotations/instances_val.json?images=val2017&ids=even&min_area=1000
    davis:DAVIS?list=val.txt&every=10&min_area=301
    grabcut:GrabCut
    ecssd:ECSSD?list=test.txt
    synthetic:?count=200&seed=1

A plain folder or JSON file is described automatically where only one layout fits
(`extremecut.datasets.layouts`). `SELECTING` options work on sorted images, in all kinds of files.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from extremecut.datasets.coco import read_coco
from extremecut.datasets.davis import read_davis
from extremecut.datasets.ecssd import read_ecssd
from extremecut.datasets.folders import Selection, find_list
from extremecut.datasets.grabcut import read_grabcut
from extremecut.datasets.labels import read_labels
from extremecut.datasets.layouts import describe_path
from extremecut.datasets.masks import read_masks
from extremecut.datasets.sample import ObjectSet
from extremecut.datasets.synthetic import SyntheticObjects
from extremecut.errors import DataError

Options = dict[str, Any]


def _yes(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError("0 or 1")
    return text == "1"


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a finite number")
    return number


SELECTING: Mapping[str, Callable[[str], Any]] = {item.name: int for item in fields(Selection)}


def _open_masks(paths: list[Path], options: Options) -> ObjectSet:
    return read_masks(*paths, **_with_list(options, paths[0].parent))


def _open_labels(paths: list[Path], options: Options) -> ObjectSet:
    if "names" in options:
        options["names_file"] = Path(options.pop("names"))
    return read_labels(*paths, **_with_list(options, paths[0].parent))


def _open_coco(paths: list[Path], options: Options) -> ObjectSet:
    return read_coco(*paths, **options)


def _open_davis(paths: list[Path], options: Options) -> ObjectSet:
    sequences = {
        key: options.pop(f"sequence_{key}")
        for key in ("every", "except_every")
        if f"sequence_{key}" in options
    }
    year = options.get("year", 2016)
    # The download of 2016 has its lists in a folder by resolution; that of 2017 has both years'.
    parts = [options.get("resolution", "480p")] if year == 2016 else []
    folders = [paths[0] / "ImageSets" / part for part in (*parts, str(year))]
    return read_davis(*paths, sequences=Selection(**sequences), **_with_list(options, *folders))


def _open_grabcut(paths: list[Path], options: Options) -> ObjectSet:
    return read_grabcut(*paths, **options)


def _open_ecssd(paths: list[Path], options: Options) -> ObjectSet:
    return read_ecssd(*paths, **_with_list(options, paths[0]))


def _open_synthetic(paths: list[Path], options: Options) -> ObjectSet:
    options.pop("selection")
    size = options.pop("size_px", 96)
    return SyntheticObjects(size_hw=(size, size * 4 // 3), **options)


def _with_list(options: Options, *folders: Path) -> Options:
    if "list" in options:
        options["list_file"] = find_list(options.pop("list"), *folders)
    return options


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of description is read."""

    paths: tuple[str, ...]
    """What the paths are, for messages."""
    options: Mapping[str, Callable[[str], Any]]
    """Option -> what turns its text into a value."""
    open: Callable[[list[Path], Options], ObjectSet]


_AREA = {"min_area": int}
KINDS: Mapping[str, Kind] = {
    "masks": Kind(
        ("IMAGES", "MASKS"),
        {"void": int, "above": int, "strict": _yes, "list": str, **_AREA, **SELECTING},
        _open_masks,
    ),
    "labels": Kind(
        ("IMAGES", "LABELS"),
        {
            "merge": _yes,
            "void": int,
            "strict": _yes,
            "names": str,
            "list": str,
            **_AREA,
            **SELECTING,
        },
        _open_labels,
    ),
    "coco": Kind(
        ("ANNOTATIONS.json",),
        {"images": Path, "ids": str, "min_area": _finite, "max_area": _finite, **SELECTING},
        _open_coco,
    ),
    "davis": Kind(
        ("ROOT",),
        {
            "list": str,
            "year": int,
            "resolution": str,
            "sequence_every": int,
            "sequence_except_every": int,
            **_AREA,
            **SELECTING,
        },
        _open_davis,
    ),
    "grabcut": Kind(("ROOT",), SELECTING, _open_grabcut),
    "ecssd": Kind(("ROOT",), {"list": str, **SELECTING}, _open_ecssd),
    "synthetic": Kind((), {"count": int, "seed": int, "size_px": int}, _open_synthetic),
}


@dataclass(frozen=True, slots=True)
class Description:
    """A data description in parts; `str()` gives the text."""

    kind: str
    paths: tuple[str, ...]
    options: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        options = "&".join(f"{key}={value}" for key, value in self.options.items())
        return f"{self.kind}:{','.join(self.paths)}" + (f"?{options}" if options else "")

    def open(self, *, name: str | None = None) -> ObjectSet:
        """Read it.

        Raises:
            DataError: an unknown kind or option, a wrong number of paths, wrong files.
        """
        kind = KINDS.get(self.kind)
        if kind is None:
            raise DataError(f"unknown kind of data {self.kind!r}; there are {', '.join(KINDS)}")
        if len(self.paths) != len(kind.paths):
            wanted = ",".join(kind.paths) or "no path"
            raise DataError(f"{self.kind}: needs {wanted}, got {','.join(self.paths) or 'none'}")
        options: Options = {"name": name or self.options.get("name") or self.kind}
        for key, text in self.options.items():
            if key == "name":
                continue
            if key not in kind.options:
                known = ", ".join([*kind.options, "name"])
                raise DataError(f"{self.kind}: has no option {key!r}; there are {known}")
            try:
                options[key] = kind.options[key](text)
            except ValueError:
                raise DataError(f"{self.kind}: {key}={text} is not a usable value") from None
        chosen = {key: options.pop(key) for key in SELECTING if key in options}
        options["selection"] = Selection(**chosen)
        return kind.open([Path(path) for path in self.paths], options)


def parse(text: str) -> Description:
    """A description from text; a plain path becomes the one layout that fits it.

    Raises:
        DataError: an empty text, an option without a value, or a path without one fitting layout.
    """
    kind, colon, rest = text.partition(":")
    if not colon or kind not in KINDS:
        if colon and not Path(text).exists() and kind.isalpha() and len(kind) > 1:
            raise DataError(f"unknown kind of data {kind!r}; there are {', '.join(KINDS)}")
        return Description(*describe_path(Path(text)))
    paths, _, tail = rest.partition("?")
    options = {}
    for pair in tail.split("&") if tail else []:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise DataError(f"in {text!r} an option must be written key=value, got {pair!r}")
        options[key] = value
    return Description(kind, tuple(path for path in paths.split(",") if path), options)


def open_set(text: str, *, name: str | None = None) -> ObjectSet:
    """The data set that a description means.

    Raises:
        DataError: see `parse` and `Description.open`.

    Example:
        >>> len(open_set("synthetic:?count=5&seed=3"))
        5
    """
    return parse(text).open(name=name)
