from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from extremecut.cli.evaluate import DESCRIPTION
from extremecut.datasets.description import KINDS, SELECTING, Description, open_set, parse
from extremecut.errors import DataError

OBJECT = [[0, 255, 255, 0, 0, 0]] * 4


@pytest.fixture
def folder(
    tmp_path: Path, write_image: Callable[..., Path], write_values: Callable[..., Path]
) -> Path:
    for number in range(6):
        write_image(f"images/{number}.jpg")
        write_values(f"masks/{number}.png", OBJECT)
    (tmp_path / "train.txt").write_text("1\n4\n")
    return tmp_path


def test_a_description_has_kind_paths_and_options() -> None:
    assert parse("labels:a/images,a/labels?merge=1&first=3") == Description(
        "labels", ("a/images", "a/labels"), {"merge": "1", "first": "3"}
    )


@pytest.mark.parametrize(
    "text",
    ["labels:a,b?merge=1&min_area=400", "coco:a.json", "synthetic:?count=3", "synthetic:"],
)
def test_text_survives_the_round_trip(text: str) -> None:
    assert str(parse(text)) == text


def test_images_are_chosen_by_options(folder: Path) -> None:
    paths = f"{folder}/images,{folder}/masks"

    assert len(open_set(f"masks:{paths}")) == 6
    assert len(open_set(f"masks:{paths}?skip_last=1&last=4&every=2")) == 2
    chosen = open_set(f"masks:{paths}?list=train.txt&name=mine")
    assert [chosen[k].name for k in range(len(chosen))] == ["1", "4"]
    assert chosen.name == "mine"
    assert len(open_set(f"masks:{paths}?min_area=9")) == 0
    assert len(open_set(f"labels:{paths}?merge=1&except_every=2")) == 3


def test_the_name_is_the_kind_or_what_the_caller_says(folder: Path) -> None:
    text = f"masks:{folder}/images,{folder}/masks"

    assert open_set(text).name == "masks"
    assert open_set(text, name="mine").name == "mine"


def test_a_davis_list_is_found_among_the_image_sets(
    tmp_path: Path, write_image: Callable[..., Path], write_values: Callable[..., Path]
) -> None:
    for sequence in ("bear", "cow"):
        write_image(f"JPEGImages/480p/{sequence}/00000.jpg")
        write_values(f"Annotations/480p/{sequence}/00000.png", OBJECT)
    lists = tmp_path / "ImageSets" / "480p"
    lists.mkdir(parents=True)
    (lists / "val.txt").write_text("cow\n")

    assert len(open_set(f"davis:{tmp_path}?list=val.txt")) == 1
    assert len(open_set(f"davis:{tmp_path}?sequence_except_every=2&min_area=8")) == 1
    assert len(open_set(f"davis:{tmp_path}?year=2017")) == 0


def test_a_davis_list_is_that_of_its_year(
    tmp_path: Path, write_image: Callable[..., Path], write_values: Callable[..., Path]
) -> None:
    for year, sequences in (("2016", ("bear",)), ("2017", ("cow", "dog"))):
        for sequence in sequences:
            write_image(f"JPEGImages/480p/{sequence}/00000.jpg")
            write_values(f"Annotations/480p/{sequence}/00000.png", [[0, 200, 0, 0, 0, 0]] * 4)
        lists = tmp_path / "ImageSets" / year
        lists.mkdir(parents=True)
        (lists / "val.txt").write_text("\n".join(sequences))

    assert len(open_set(f"davis:{tmp_path}?list=val.txt")) == 1
    assert len(open_set(f"davis:{tmp_path}?year=2017&list=val.txt")) == 2


def test_grabcut_and_ecssd_need_only_their_root(
    tmp_path: Path, write_image: Callable[..., Path], write_values: Callable[..., Path]
) -> None:
    write_image("g/images/a.jpg")
    write_values("g/masks/a.png", [[0, 128, 255, 0, 0, 0]] * 4)
    write_image("e/images/0001.jpg")
    write_values("e/ground_truth_mask/0001.png", OBJECT)
    (tmp_path / "e" / "test.txt").write_text("0001\n")

    assert open_set(f"grabcut:{tmp_path}/g")[0].mask.sum() == 4
    assert len(open_set(f"ecssd:{tmp_path}/e?list=test.txt")) == 1


def test_synthetic_objects_need_no_files() -> None:
    objects = open_set("synthetic:?count=7&seed=2&size_px=48")

    assert len(objects) == 7
    assert objects[0].mask.shape == (48, 64)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("voc:somewhere", "unknown kind of data 'voc'; there are masks, labels, coco"),
        ("masks:only", "masks: needs IMAGES,MASKS, got only"),
        ("synthetic:a", "synthetic: needs no path, got a"),
        ("synthetic:?cuont=3", "has no option 'cuont'; there are count, seed, size_px, name"),
        ("synthetic:?count=many", "count=many is not a usable value"),
        ("coco:a.json?min_area=nan", "min_area=nan is not a usable value"),
        ("coco:a.json?max_area=inf", "max_area=inf is not a usable value"),
        ("synthetic:?count", "must be written key=value, got 'count'"),
        ("labels:a,b?merge=yes", "merge=yes is not a usable value"),
        ("masks:a,b?list=none.txt", "the list none.txt was not found"),
        ("masks:a,b?every=0", "a selection needs counts from 0"),
        ("masks:nowhere/a,nowhere/b", "there is no folder nowhere/a"),
        ("nowhere", "nowhere is neither a folder, a COCO JSON file nor a data description"),
        ("", "neither a folder|fits no known layout"),
    ],
)
def test_wrong_descriptions_say_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        open_set(text)


def test_every_kind_says_what_its_paths_are() -> None:
    assert {name: len(kind.paths) for name, kind in KINDS.items()} == {
        "masks": 2, "labels": 2, "coco": 1, "davis": 1, "grabcut": 1, "ecssd": 1, "synthetic": 0,
    }  # fmt: skip


def test_the_help_names_every_option() -> None:
    for name, kind in KINDS.items():
        told = DESCRIPTION[DESCRIPTION.index(f"{name}:") :].split("]")[0].split("\nAll take")[0]
        for option in set(kind.options) - set(SELECTING):
            assert re.search(rf"\b{option}\b", told), f"{name}: {option}"
    for option in (*SELECTING, "name"):
        assert f"{option}=N" in DESCRIPTION
