"""Whatever a file holds, reading it ends with a set or a DataError: no crash, no hang."""

from __future__ import annotations

import copy
import json
import re
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.errors import DataError
from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject, AnnotatedSet
from extremecut.interchange.formats import FORMATS
from extremecut.interchange.sinks import MARKER

# pycocotools decodes by a way that NumPy is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

SIZE_HW = (7, 9)
EVERY = pytest.mark.parametrize("name", FORMATS)

ODD_VALUES: list[Any] = [
    None, True, -1, 0, 1, 2**31, 2**63, 2**64, -(10**30), 1e308, -1e308, 1e-320, 0.5, "", "x",
    "nan", "1e999", "../../etc/passwd", "\ud800", "\0", "a" * 5000, [], {}, [[]], [None], [1, 2],
    [[1, 2]] * 3, [[1e9, 1e9]] * 4, {"size": [7, 9], "counts": "o"}, {"size": [7, 9]},
    {"size": [7, 9], "counts": [2**62] * 4 + [63]},
]  # fmt: skip
ODD_TEXTS = [
    "", " ", "-1", "0", "nan", "inf", "-inf", "1e999", "9" * 400, "0.5", "x", "1,2", "1,2;3,4",
    ";", ",", "4611686018427387904", "-9223372036854775808", "../..", "&#0;", "\u0661", "\x00",
    "\ufffd" * 9, "a" * 300, '"', "'", "<", ":", "0 " * 50,
]  # fmt: skip


@cache
def written(name: str) -> dict[str, bytes]:
    """The files of a valid export."""
    masks = np.zeros((3, *SIZE_HW), bool)
    masks[0, 1:4, 1:5] = True
    masks[1, 2:7, 3:9] = True
    masks[1, 4, 5] = False
    masks[2, [0, 6], [0, 8]] = True
    clicks = ((1.0, 2.0), (2.0, 1.0), (4.0, 2.0), (2.0, 3.0))
    objects = (
        AnnotatedObject(MaskRuns.from_mask(masks[0]), "cup", clicks, 0.5, "1"),
        AnnotatedObject(MaskRuns.from_mask(masks[1]), "dog"),
        AnnotatedObject(MaskRuns.from_mask(masks[2]), "cup"),
    )
    images = (AnnotatedImage("s/a.jpg", SIZE_HW, objects), AnnotatedImage("b.jpg", SIZE_HW, ()))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.zip"
        FORMATS[name].write(AnnotatedSet(images, ("cup", "dog")), path)
        with zipfile.ZipFile(path) as archive:
            names = [entry for entry in archive.namelist() if entry != MARKER]
            return {entry: archive.read(entry) for entry in names}


def survives(name: str, files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for file_name, data in files.items():
            path = Path(folder) / "in" / file_name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        read(name, Path(folder) / "in")


def read(name: str, path: Path) -> None:
    try:
        found, notes = FORMATS[name].read(path, photos={"s/a.jpg": SIZE_HW, "b.jpg": SIZE_HW})
    except DataError as error:
        assert len(str(error)) < 2000
        str(error).encode()
    else:
        for image in found.images:
            for each in image.objects:
                mask = each.mask.mask(image.size_hw)
                assert MaskRuns.from_mask(mask) == each.mask
                assert each.label in found.classes
        "".join(notes).encode()


EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 30), st.binary(max_size=12) | st.just(b"\xff" * 4)),
    min_size=1,
    max_size=4,
)


def edited(data: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    """Some stretches replaced by other bytes."""
    for place, length, new in edits:
        start = int(place * len(data))
        data = data[:start] + new + data[start + length :]
    return data


@EVERY
@settings(max_examples=40)
@given(data=st.data())
def test_bytes_changed_anywhere(name: str, data: st.DataObject) -> None:
    files = dict(written(name))
    changed = data.draw(st.sampled_from(sorted(files)))
    files[changed] = edited(files[changed], data.draw(EDITS))
    survives(name, files)


@EVERY
@settings(max_examples=20)
@given(edits=EDITS)
def test_archives_with_bytes_changed_anywhere(name: str, edits: list) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for file_name, content in written(name).items():
                archive.writestr(file_name, content)
        path.write_bytes(edited(path.read_bytes(), edits))
        read(name, path)


def places(value: Any) -> list[tuple[Any, Any]]:
    """(container, key) of everything in a tree of JSON."""
    found = []
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        found.append((value, key))
        if isinstance(inner, dict | list):
            found += places(inner)
    return found


@pytest.mark.parametrize("name", ["coco", "labelme"])
@settings(max_examples=40)
@given(data=st.data())
def test_json_with_values_changed(name: str, data: st.DataObject) -> None:
    files = dict(written(name))
    changed = data.draw(st.sampled_from([each for each in sorted(files) if each.endswith("json")]))
    tree = json.loads(files[changed])
    for _ in range(data.draw(st.integers(1, 2))):
        container, key = data.draw(st.sampled_from(places(tree)))
        action = data.draw(st.sampled_from(["replace", "replace", "delete", "repeat"]))
        if action == "replace":
            # A copy: the next round may change what now is part of the tree.
            container[key] = copy.deepcopy(data.draw(st.sampled_from(ODD_VALUES)))
        elif action == "delete":
            del container[key]
        elif isinstance(container, list):
            container += [container[key]] * 3
        if not places(tree):
            break
    files[changed] = json.dumps(tree).encode()
    survives(name, files)


@pytest.mark.parametrize("name", ["cvat", "yolo", "voc", "davis", "labels", "masks"])
@settings(max_examples=30)
@given(data=st.data())
def test_text_with_words_changed(name: str, data: st.DataObject) -> None:
    files = dict(written(name))
    texts = [each for each in sorted(files) if not each.endswith(".png")]
    changed = data.draw(st.sampled_from(texts))
    words = re.split(r'([\s",;:=<>]+)', files[changed].decode())
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(words) - 1))
        words[place] = data.draw(st.sampled_from(ODD_TEXTS))
    files[changed] = "".join(words).encode()
    survives(name, files)


@EVERY
@settings(max_examples=20)
@given(data=st.data())
def test_files_exchanged_with_each_other_and_with_other_formats(
    name: str, data: st.DataObject
) -> None:
    others = list(written(data.draw(st.sampled_from(sorted(FORMATS)))).values())
    files = dict(written(name))
    changed = data.draw(st.sampled_from(sorted(files)))
    files[changed] = data.draw(st.sampled_from([*others, *files.values(), b""]))
    survives(name, files)
