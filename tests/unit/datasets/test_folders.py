from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from extremecut.datasets.folders import (
    Selection,
    existing_folder,
    find_list,
    images_by_stem,
    matched_pairs,
    read_list,
)
from extremecut.errors import DataError

TEN = list(range(10))


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), TEN),
        (Selection(first=3), [0, 1, 2]),
        (Selection(last=3), [7, 8, 9]),
        (Selection(last=0), []),
        (Selection(skip_last=2, last=3), [5, 6, 7]),
        (Selection(every=4), [0, 4, 8]),
        (Selection(except_every=4), [1, 2, 3, 5, 6, 7, 9]),
        (Selection(first=99, last=99), TEN),
        (Selection(skip_last=99), []),
    ],
)
def test_selections(selection: Selection, expected: list[int]) -> None:
    assert selection.of(TEN) == expected


@pytest.mark.parametrize("wrong", [{"first": -1}, {"every": 0}, {"except_every": 0}])
def test_impossible_selections_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(DataError, match="a selection needs counts from 0"):
        Selection(**wrong)


def test_pairs_have_the_same_stem_and_are_sorted(write_image: Callable[..., Path]) -> None:
    for name in ("i/b.jpg", "i/a.png", "i/alone.jpg", "m/a.png", "m/b_mask.png"):
        write_image(name)
    folder = write_image("i/c.jpg").parent

    pairs = matched_pairs(folder, folder.parent / "m")

    assert [(a.name, b.name) for a, b in pairs] == [("a.png", "a.png"), ("b.jpg", "b_mask.png")]


def test_other_files_in_the_folders_are_ignored(write_image: Callable[..., Path]) -> None:
    folder = write_image("i/a.png").parent
    (folder / "notes.txt").write_text("x")
    (folder / ".hidden.png").write_text("x")

    assert list(images_by_stem(folder)) == ["a"]


def test_a_mask_without_an_image_is_named(tmp_path: Path, write_image: Callable[..., Path]) -> None:
    write_image("i/a.png")
    write_image("m/z.png")

    with pytest.raises(DataError, match=r"z\.png has no image of the same name"):
        matched_pairs(tmp_path / "i", tmp_path / "m")


def test_two_images_of_one_stem_are_refused(
    tmp_path: Path, write_image: Callable[..., Path]
) -> None:
    write_image("i/a.png")
    write_image("i/a.jpg")

    with pytest.raises(DataError, match=r"a\.jpg and a\.png have the same name"):
        images_by_stem(tmp_path / "i")


def test_no_masks_at_all_is_an_error(tmp_path: Path, write_image: Callable[..., Path]) -> None:
    write_image("i/a.png")
    (tmp_path / "m").mkdir()

    with pytest.raises(DataError, match=r"no image of .* has a mask"):
        matched_pairs(tmp_path / "i", tmp_path / "m")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no folder .*nowhere"):
        existing_folder(tmp_path / "nowhere")


def test_a_list_chooses_and_orders(tmp_path: Path, write_image: Callable[..., Path]) -> None:
    for name in ("i/a.png", "i/b.png", "i/c.png", "m/a.png", "m/b.png", "m/c.png"):
        write_image(name)
    (tmp_path / "list.txt").write_text("c\n\n a.jpg \n")

    pairs = matched_pairs(tmp_path / "i", tmp_path / "m", list_file=tmp_path / "list.txt")

    assert [image.stem for image, _ in pairs] == ["c", "a"]


@pytest.mark.parametrize(
    ("names", "row"),
    [
        ("a\n\nzebra\n", r"3: no image .* 'zebra'"),
        ("i/a.JPG\na.7\n", r"2: no image .* 'a\.7'"),  # only the endings of images are taken off
    ],
)
def test_a_wrong_row_of_a_list_is_named(
    tmp_path: Path, write_image: Callable[..., Path], names: str, row: str
) -> None:
    write_image("i/a.png")
    write_image("m/a.png")
    (tmp_path / "list.txt").write_text(names)

    with pytest.raises(DataError, match=rf"list\.txt, row {row}"):
        matched_pairs(tmp_path / "i", tmp_path / "m", list_file=tmp_path / "list.txt")


def test_two_masks_of_one_image_are_refused(
    tmp_path: Path, write_image: Callable[..., Path]
) -> None:
    for name in ("i/a.png", "m/a.png", "m/a_mask.png"):
        write_image(name)

    with pytest.raises(DataError, match=r"a\.png and a_mask\.png are both masks of .*a\.png: rem"):
        matched_pairs(tmp_path / "i", tmp_path / "m")


def test_a_list_may_start_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("a\n", encoding="utf-8-sig")

    assert read_list(tmp_path / "list.txt") == [(1, "a")]


def test_a_list_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(DataError, match=r"list\.txt cannot be read"):
        read_list(tmp_path / "list.txt")


def test_lists_are_found_in_the_folders_given(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "val.txt").write_text("x")

    assert find_list("val.txt", tmp_path, tmp_path / "a") == tmp_path / "a" / "val.txt"
    assert find_list(str(tmp_path / "a" / "val.txt"), tmp_path) == tmp_path / "a" / "val.txt"


def test_a_list_in_two_places_is_ambiguous(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "val.txt").write_text("x")

    with pytest.raises(DataError, match="is in more than one place"):
        find_list("val.txt", tmp_path / "a", tmp_path / "b")
    with pytest.raises(DataError, match="the list no such list was not found"):
        find_list("no such list", tmp_path)
