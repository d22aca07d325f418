from __future__ import annotations

from pathlib import Path

import pytest

from extremecut.annotations.mask_runs import EMPTY
from extremecut.errors import DataError
from extremecut.interchange.annotated import AnnotatedObject
from extremecut.interchange.object_table import Row, read_table, table_rows, table_start
from extremecut.interchange.sources import open_source

START = "image,value,class,confidence,points,identity\n"


def read(folder: Path, text: str | bytes) -> dict[str, list[Row]]:
    (folder / "objects.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_table(open_source(folder))


def test_what_is_written_is_read(tmp_path: Path) -> None:
    points = ((1.0, 2.5), (-3.0, 1e-7))
    given = AnnotatedObject(EMPTY, 'a "b", c', points, 0.1, "1, 2")
    data = table_start() + table_rows("x, y.jpg", [(1, given), (9, AnnotatedObject(EMPTY))])
    data += table_rows("empty.jpg", [])
    table = read(tmp_path, data)
    assert [row.value for row in table["x, y.jpg"]] == [1, 9]
    assert [row.with_mask(EMPTY, (5, 5)) for row in table["x, y.jpg"]] == [
        given,
        AnnotatedObject(EMPTY),
    ]
    assert table["empty.jpg"] == []


def test_names_of_photos_may_have_any_letter(tmp_path: Path) -> None:
    names = ["a\rb.jpg", "a\nb.jpg", 'a"b.jpg', "\r", "a\tb.jpg"]
    rows = b"".join(table_rows(name, [(1, AnnotatedObject(EMPTY))]) for name in names)
    assert list(read(tmp_path, table_start() + rows)) == names


def test_a_folder_without_a_table_has_no_rows(tmp_path: Path) -> None:
    assert read_table(open_source(tmp_path)) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must begin with image,value"),
        ("a,b\n", "must begin with image,value.*got a,b"),
        (START + "a.jpg,1\n", "row 2 needs 6 cells, got 2"),
        (START + "a.jpg,x,cup,,,\n", "row 2: value must be a whole number, got 'x'"),
        (START + "a.jpg,0,cup,,,\n", "row 2: value must be a whole number from 1"),
        (START + "a.jpg,1,,,,x\n", "row 2: class must be text"),
        (START + "a.jpg,1,cup,2,,\n", "row 2: confidence must be from 0 to 1"),
        (START + "a.jpg,1,cup,nan,,\n", "row 2: confidence must be a finite number"),
        (START + 'a.jpg,1,cup,,"1,x",\n', "row 2: points must be a number"),
        (START + ",1,cup,,,\n", "row 2: image must be a file name"),
        (START + '"a.jpg,1,cup,,,\n', "is not CSV"),
        (START + "a" * 200_000, "is not CSV"),
    ],
)
def test_a_wrong_row_is_refused(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=rf"objects.csv.*{message}"):
        read(tmp_path, text)


def test_points_of_three_numbers_are_refused(tmp_path: Path) -> None:
    (row,) = read(tmp_path, START + 'a.jpg,1,cup,,"1,2,3",\n')["a.jpg"]
    with pytest.raises(DataError, match=r"objects.csv, row 2: points\[0\] must be \[x, y\]"):
        row.with_mask(EMPTY, (5, 5))
