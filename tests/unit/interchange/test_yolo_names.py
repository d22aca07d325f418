from __future__ import annotations

from pathlib import Path

import pytest

from extremecut.errors import DataError
from extremecut.interchange.sources import open_source
from extremecut.interchange.yolo_names import names_text, read_names


def read(folder: Path, text: str | bytes) -> dict[int, str]:
    (folder / "data.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    found = read_names(open_source(folder))
    assert found is not None and found.where.endswith("data.yaml")
    return found.by_number


@pytest.mark.parametrize(
    "text",
    [
        "names: [cup, 'it''s', \"a, b\"]",
        "path: x\nnames:\n  - cup\n  - it's\n  - 'a, b'\nnc: 3\n",
        'names:\n- cup\n- "it\'s"\n- a, b\n',
        "names:  # classes\n  0: cup # first\n\n  1: it's\n  2: a, b\ntrain: x\n",
        "names:\n  1: it's\n  2: a, b\n  0: cup\n",
        "names: {0: cup, 1: \"it's\", 2: 'a, b'}",
        "names: [cup,\n  \"it's\",\n  'a, b',\n]\nnc: 3",
        "names:\n  0: cup  # don't\n  1: it's  # isn't \"it\"\n  2: a, b\n",
        "names: ['cup', \"it's\", 'a, b']  # three\nnc: 3",
        "names:\n- 'cup' # first\n- \"it's\" # second\n- 'a, b'\n",
        "names: [cup, # 'first'\n it's, # it's second\n 'a, b' # third\n] # end\n",
    ],
)
def test_names_are_read_as_people_write_them(text: str, tmp_path: Path) -> None:
    assert read(tmp_path, text) == {0: "cup", 1: "it's", 2: "a, b"}


@pytest.mark.parametrize(
    "name", ["cup", "a: b", "- x", "# x", "a # b", 'a" # b', '"', "'", "[", "é, ü", "null", "\\"]
)
def test_what_is_written_is_read(name: str, tmp_path: Path) -> None:
    assert read(tmp_path, names_text((name, "other"))) == {0: name, 1: "other"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must name the classes"),
        ("names:\n", "must name the classes"),
        ("names: &a [*a, *a]x", "must be text"),
        ("names: [cup", "must be text"),
        ("names:\n  x: cup\n", "the number of a class must be a whole number, got 'x'"),
        ("names:\n  0: a\n  0: b\n", "the class 0 is named twice"),
        ('names:\n  0: "a\n', "no text in quotes"),
        (b"names: [\xff\x00]", "is not UTF-8: save it as text in UTF-8"),
        ("names: [\x00]", "printable"),
    ],
)
def test_what_is_wrong_is_refused(text: str | bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=rf"data.yaml.*{message}"):
        read(tmp_path, text)


def test_photos_are_looked_for_beside_the_file() -> None:
    # YOLO's training looks for a relative path in its own folder of data sets, or in the one where
    # it was started; without one it takes the folder of data.yaml.
    assert names_text(("cup",)).decode().splitlines()[0] == "train: images"


def test_a_folder_without_such_a_file_has_no_names(tmp_path: Path) -> None:
    assert read_names(open_source(tmp_path)) is None


def test_lists_have_a_name_a_line_and_agree(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "classes.txt").write_text("\ufeffcup\n\n it's \n", encoding="utf-8")
    (tmp_path / "my-classes.txt").write_text("other")
    found = read_names(open_source(tmp_path))
    assert found is not None and found.by_number == {0: "cup", 2: "it's"}
    (tmp_path / "b" / "classes.txt").write_text("dog")
    with pytest.raises(DataError, match=r"b/classes.txt must name the classes as .*a/classes.txt"):
        read_names(open_source(tmp_path))
    (tmp_path / "a" / "classes.txt").write_bytes("猫\n狗\n".encode("gbk"))
    with pytest.raises(DataError, match=r"a/classes.txt is not UTF-8: save it as text in UTF-8"):
        read_names(open_source(tmp_path))
    (tmp_path / "a" / "classes.txt").write_text("\n")
    with pytest.raises(DataError, match=r"a/classes.txt must name the classes, one a line"):
        read_names(open_source(tmp_path))


def test_names_with_the_escapes_of_yaml_are_read(tmp_path: Path) -> None:
    # As PyYAML writes them, which breaks lines of 80 letters.
    lines = (
        'names: [cat, "\\xFCn\\xEF cow", "\\u6F22", "a \\U0001F600", "\\xE9\\\\ \\"b\\"",',
        '  "caf\\xE9\\',
        '    \\ noir", "\\xFC\\',
        '    ber", "\\xE9t\\xE9 de',
        '    b", d]',
    )
    (tmp_path / "data.yaml").write_text("\n".join(lines))
    found = read_names(open_source(tmp_path))
    assert found is not None and list(found.by_number.values()) == [
        *("cat", "ünï cow", "漢", "a \U0001f600", 'é\\ "b"', "café noir", "über", "été de b", "d"),
    ]


@pytest.mark.parametrize("text", ["\\q", "\\xZZ", "\\UFFFFFFFF", "\\uD800"])
def test_escapes_that_are_none_are_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "data.yaml").write_text(f'names: ["\\xE9 {text}"]')
    with pytest.raises(DataError, match=r"data\.yaml"):
        read_names(open_source(tmp_path))
