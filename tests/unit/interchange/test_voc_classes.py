from __future__ import annotations

from pathlib import Path

import pytest

from extremecut.errors import DataError
from extremecut.interchange.png_values import voc_colours
from extremecut.interchange.sources import open_source
from extremecut.interchange.voc_classes import VocClasses, label_map_text, read_classes


def read(folder: Path, text: str) -> VocClasses:
    (folder / "labelmap.txt").write_text(text)
    return read_classes(open_source(folder))


def test_what_is_written_is_read(tmp_path: Path) -> None:
    names = ("cup", "background", "# label", "é")
    back = read(tmp_path, label_map_text(names, voc_colours()).decode())
    assert back.names == names
    assert [back.name_of(number, voc_colours()[number]) for number in (1, 2, 3, 4)] == list(names)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("background:::\na:b:::\n# label:::\n", ("a:b", "# label")),
        ("cup:1,2,3::\nbackground:0,0,0::\ndog:::\n", ("cup", "dog")),
        ("background:0,0,0::\ncup:::\nbackground:::\n", ("cup", "background")),
    ],
)
def test_the_first_line_or_a_black_one_is_the_background(
    text: str, names: tuple[str, ...], tmp_path: Path
) -> None:
    assert read(tmp_path, text).names == names


def test_the_colour_decides_before_the_number() -> None:
    classes = VocClasses(("cup", "dog"), {(9, 9, 9): "dog"})
    assert classes.name_of(1, (9, 9, 9)) == "dog"
    assert classes.name_of(1, (1, 1, 1)) == classes.name_of(1, None) == "cup"
    assert classes.name_of(7, None) == "class 7"
    assert classes.name_of(None, (1, 2, 3)) == "class 1, 2, 3"
    assert classes.name_of(None, (128, 0, 0)) == "class 128, 0, 0"


def test_without_a_file_the_classes_are_the_challenges(tmp_path: Path) -> None:
    classes = read_classes(open_source(tmp_path))
    assert classes.names == () and classes.name_of(15, None) == "person"
    assert classes.name_of(None, voc_colours()[15]) == "person"
    assert classes.name_of(None, voc_colours()[200]) == "class 200"


def test_pictures_in_colour_have_vocs_colours_where_the_file_has_none(tmp_path: Path) -> None:
    classes = read(tmp_path, "# label:color_rgb:parts:actions\nbackground:::\ncup:::\ndog:::\n")
    assert [classes.name_of(None, voc_colours()[number]) for number in (1, 2)] == ["cup", "dog"]


def test_names_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    (tmp_path / "labelmap.txt").write_bytes(
        "background:0,0,0::\ntasse é:128,0,0::".encode("cp1252")
    )
    with pytest.raises(DataError, match=r"labelmap.txt is not UTF-8: save it"):
        read_classes(open_source(tmp_path))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("cup", "must be name:R,G,B:parts:actions, got 'cup'"),
        ("cup:1,2::", "the colour must be R,G,B, got '1,2'"),
        ("cup:1,2,256::", "from 0 to 255"),
        (":1,2,3::", "the name must be text"),
    ],
)
def test_a_wrong_line_is_refused(line: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=rf"labelmap.txt, line 2.*{message}"):
        read(tmp_path, f"background:0,0,0::\n{line}\n")
