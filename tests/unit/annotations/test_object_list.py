from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from extremecut.annotations.object_list import (
    ListedObject,
    parse_points,
    read_object_list,
    write_object_list,
)
from extremecut.errors import DataError, PointsError
from extremecut.files import write_text

FOUR = ((9.0, 50.0), (60.0, 8.5), (99.0, 55.0), (-3.0, 80.0))


def test_points_are_read_from_text() -> None:
    assert parse_points("9,50 60,8.5  99,55\n-3,80") == FOUR
    assert parse_points("9,50;60,8.5; 99,55 ;-3,80") == FOUR
    assert len(parse_points("1,2 3,4 5,6 7,8 9,10")) == 5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "got 0"),
        ("1,2 3,4 5,6", "got 3"),
        ("1,2 3,4 5,6 seven,8", "'seven,8'"),
        ("1,2 3,4 5,6 7", "'7'"),
        ("1,2 3,4 5,6 7,8,9", "'7,8,9'"),
        ("1,2 3,4 5,6 7,1_0", "'7,1_0'"),
        ("1, 2 3, 4 5, 6 7, 8", "'1,'"),
        ("1,2 3,4 5,6 nan,8", "NaN"),
        ("1,2 3,4 5,6 inf,8", "infinity"),
    ],
)
def test_what_are_no_points_is_said(text: str, message: str) -> None:
    with pytest.raises(PointsError, match=message):
        parse_points(text)


@pytest.mark.parametrize("form", ["json", "csv"])
def test_what_is_written_reads_back(tmp_path: Path, form: str) -> None:
    rows = [
        ListedObject(FOUR, 'a "b", é.jpg', "cup"),
        ListedObject((*FOUR, (1.25, 2.0))),
        ListedObject(FOUR, "a\rb\r\nc\nd.jpg", "one\rtwo"),
        ListedObject(FOUR, os.fsdecode(b"caf\xe9.jpg")),
    ]
    path = tmp_path / "list"  # told apart by content
    write_text(path, write_object_list(rows, form))
    back = read_object_list(path)
    assert [(row.points, row.image, row.label) for row in back] == [
        (row.points, row.image, row.label) for row in rows
    ]


def test_lists_in_json_are_utf8_whatever_files_are_called() -> None:
    rows = [ListedObject(FOUR, os.fsdecode(b"caf\xe9.jpg"), "é")]
    (entry,) = json.loads(write_object_list(rows).encode())
    assert (os.fsencode(entry["image"]), entry["label"]) == (b"caf\xe9.jpg", "é")


def test_an_empty_list_is_valid_json() -> None:
    assert write_object_list([]) == "[]\n"


def test_whatever_else_a_row_holds_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'\xef\xbb\xbfwho,points,image\r\nme,"9,50 60,8.5 99,55 -3,80",a.jpg\r\n')
    (row,) = read_object_list(path)
    assert (row.points, row.image, row.label) == (FOUR, "a.jpg", None)
    path.write_text('[{"points": [[9, 50], [60, 8.5], [99, 55], [-3, 80]], "note": [1]}]')
    assert read_object_list(path)[0].points == FOUR


GOOD = '{"image": "a.jpg", "points": [[9, 50], [60, 8], [99, 55], [-3, 80]]}'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "neither JSON nor a CSV"),
        ("image;points\n", "neither JSON nor a CSV"),
        ("[]", "holds no objects"),
        ("image,points\n", "holds no objects"),
        ("image,points,points\n", 'two columns "points"'),
        ("[{]", "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ('{"images": [], "annotations": []}', "extremecut points"),
        ("{}", "must be a JSON list"),
        (f"[{GOOD}, 5]", "object 2: an object needs"),
        (f"[{GOOD}, {{}}]", 'object 2: "points" is missing'),
        (f'[{GOOD}, {{"points": 7}}]', "object 2: .*list"),
        (f'[{GOOD}, {{"points": [[1, 2], [3, 4], [5, 6]]}}]', "object 2: .*got 3"),
        (f'[{GOOD}, {{"points": [[1, 2], [3, 4], [5, 6], [7]]}}]', r"object 2: .*\[7\]"),
        (f'[{GOOD}, {{"points": [[1, 2], [3, 4], [5, 6], ["7", 8]]}}]', "object 2: .*'7'"),
        (f'[{GOOD}, {{"points": [[1, 2], [3, 4], [5, 6], [true, 8]]}}]', "object 2: .*True"),
        (f'[{GOOD}, {{"points": [[1, 2], [3, 4], [5, 6], [NaN, 8]]}}]', "object 2: .*NaN"),
        (f'[{GOOD}, {{"points": [[1, 2], [3, 4], [5, 6], [1{"0" * 400}, 8]]}}]', "object 2: .*fin"),
        ('[{"image": 5, "points": "1,2 3,4 5,6 7,8"}]', 'object 1: "image" must be text'),
        ('[{"image": "a\\u0000.jpg", "points": "1,2 3,4 5,6 7,8"}]', "object 1: .* no file's name"),
        ('[{"label": [], "points": "1,2 3,4 5,6 7,8"}]', 'object 1: "label" must be text'),
        (
            '[{"image": "\\ud800", "points": "1,2 3,4 5,6 7,8"}]',
            'object 1: "image" must be UTF-8 text',
        ),
        (
            '[{"label": "\\udce9", "points": "1,2 3,4 5,6 7,8"}]',
            'object 1: "label" must be UTF-8 text',
        ),
        ('image,points\na.jpg,"1,2 3,4 5,6 7,8"\nb.jpg,"1,2 3,4"\n', "line 3: .*got 2"),
        ("image,points\na.jpg,1,2 3,4 5,6 7,8\n", "line 2: more columns"),
        ("image,points\na.jpg\n", 'line 2: "points" is missing'),
        ('image,points\na.jpg,"1,2 3,4\n', "not valid CSV"),
        ('image,points\na.jpg,"x"y\n', "line 2: not valid CSV"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "list"
    path.write_text(text)
    with pytest.raises(DataError, match=message) as caught:
        read_object_list(path)
    assert str(path) in str(caught.value)


def test_files_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "list"
    with pytest.raises(DataError, match="cannot read the list"):
        read_object_list(path)
    path.write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(DataError, match="is not text"):
        read_object_list(path)
    with pytest.raises(DataError, match="cannot read the list"):
        read_object_list(tmp_path)


def test_a_name_that_the_locale_cannot_write_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "list").write_text('image,points\né.jpg,"1,2 3,4 5,6 7,8"\n', encoding="utf-8")
    monkeypatch.setattr(os, "fsencode", lambda text: text.encode("ascii"))
    with pytest.raises(DataError, match=r"line 2: .* no file's name here, got 'é\.jpg'"):
        read_object_list(tmp_path / "list")
