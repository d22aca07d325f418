from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from extremecut.datasets import suites
from extremecut.datasets.description import parse
from extremecut.datasets.indexed import IndexedObjects
from extremecut.errors import ConfigError

ROOT = Path(__file__).resolve().parents[4] / "shared" / "data"
needs_data = pytest.mark.skipif(
    not (ROOT / "coco").is_dir(), reason="the project's shared data folder is not here"
)


ROWS = {"training": suites.TRAINING, "validation": suites.VALIDATION, "test": suites.TEST}


@cache
def opened(suite: str) -> dict[str, IndexedObjects]:
    sets = {row.name: row.description(ROOT).open(name=row.name) for row in ROWS[suite]}
    assert all(isinstance(objects, IndexedObjects) for objects in sets.values())
    return sets  # type: ignore[return-value]


def image_names(objects: IndexedObjects) -> set[Path]:
    return {entry.image_path for entry in objects.entries}


@needs_data
def test_the_test_sets_have_the_quoted_numbers_of_objects() -> None:
    assert [(objects.name, len(objects)) for objects in suites.test_sets(ROOT)] == [
        ("grabcut", 50),
        ("coco", 399),
        ("coco-small", 268),
        ("ecssd", 190),
        ("davis", 31),
    ]


@needs_data
def test_the_validation_sets_have_1500_objects_together() -> None:
    counts = {objects.name: len(objects) for objects in suites.validation_sets(ROOT)}

    assert counts == {
        "coco": 399, "coco-small": 322, "ecssd": 100, "davis": 61, "ccp-parts": 543,
        "ccp-whole": 80, "pennfudan": 69,
    }  # fmt: skip
    assert sum(counts.values()) >= 1500


@needs_data
def test_training_sets_are_the_rest_and_share_no_image_with_the_others() -> None:
    training, validation = opened("training"), opened("validation")
    tests = opened("test")

    assert {name: (len(found), len(image_names(found))) for name, found in training.items()} == {
        "coco": (1813, 283), "ecssd": (700, 700), "davis": (207, 207), "ccp-parts": (2755, 420),
        "ccp-whole": (420, 420), "pennfudan": (351, 141),
    }  # fmt: skip
    trained = set().union(*map(image_names, training.values()))
    held_back = set().union(*map(image_names, validation.values()))
    tested = set().union(*map(image_names, tests.values()))
    assert not trained & held_back
    assert not trained & tested
    assert not held_back & tested


@needs_data
def test_no_davis_sequence_is_in_two_splits() -> None:
    names = Counter(
        sequence
        for suite in ROWS
        for sequence in {entry.tags["sequence"] for entry in opened(suite)["davis"].entries}
    )

    assert len(names) == 36
    assert set(names.values()) == {1}


@needs_data
def test_the_nuclei_are_16_bit_labels() -> None:
    text = f"labels:{ROOT}/nuclei/images,{ROOT}/nuclei/labels"

    train, held = parse(f"{text}?first=120").open(), parse(f"{text}?last=40").open()

    assert len(train) + len(held) == 5163
    assert train[0].mask.shape == train[0].image.shape[:2]


@needs_data
def test_real_objects_have_masks_of_their_images_size() -> None:
    for objects in opened("test").values():
        sample = objects[len(objects) // 2]
        assert sample.mask.shape == sample.image.shape[:2]
        assert sample.mask.any()


def test_the_shares_of_the_mix_make_one() -> None:
    assert sum(row.weight for row in suites.TRAINING) == pytest.approx(1.0)
    assert all(row.terms for row in suites.TRAINING)


def test_no_suite_knows_the_test_only_sets_elsewhere() -> None:
    used = {row.kind for row in (*suites.TRAINING, *suites.VALIDATION)}
    paths = {path for row in (*suites.TRAINING, *suites.VALIDATION) for path in row.paths}

    assert "grabcut" not in used
    assert not any("nuclei" in path for path in paths)


def test_paths_stay_below_the_folder_given() -> None:
    for row in (*suites.TEST, *suites.VALIDATION, *suites.TRAINING):
        text = str(row.description(Path("data")))
        assert parse(text) == row.description(Path("data"))
        assert all(path.startswith("data/") for path in parse(text).paths)


def test_unknown_sets_cannot_be_left_out() -> None:
    with pytest.raises(ConfigError, match="no training set is called cocoa"):
        suites.training_sets(Path("data"), leave_out=["cocoa"])
    with pytest.raises(ConfigError, match="are left out"):
        suites.training_sets(Path("data"), leave_out=[row.name for row in suites.TRAINING])


@needs_data
def test_sets_can_be_left_out_for_their_terms() -> None:
    chosen = suites.training_sets(ROOT, leave_out=["ccp-parts", "ccp-whole", "coco", "ecssd"])

    assert [(item.objects.name, item.weight) for item in chosen] == [
        ("davis", 0.1),
        ("pennfudan", 0.09),
    ]


@needs_data
def test_validation_does_without_the_files_of_sets_that_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "pennfudan").symlink_to(ROOT / "pennfudan")
    others = ["coco", "ecssd", "davis", "ccp-parts", "ccp-whole"]

    (chosen,) = suites.validation_sets(tmp_path, leave_out=others)

    assert chosen.name == "pennfudan"
