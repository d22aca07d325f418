from __future__ import annotations

import json
import multiprocessing
from dataclasses import replace
from pathlib import Path

import pytest

from extremecut.datasets.synthetic import SyntheticObjects
from extremecut.errors import ConfigError, DataError
from extremecut.training.loop import train
from extremecut.training.packed import check_context, context_px_for, packed_sets
from extremecut.training.packing import write_pack
from extremecut.training.recipes import large, paper, tiny_test
from extremecut.training.sources import (
    DataConfig,
    TrainingSet,
    training_sets,
    validation_sets,
)


def test_a_forked_worker_reads_the_same_objects(tmp_path: Path) -> None:
    write_pack([TrainingSet(SyntheticObjects(4), 1.0)], [], tmp_path)
    (item,) = packed_sets(tmp_path, "train")
    expected = [item.objects[number].mask.sum() for number in range(4)]
    with multiprocessing.get_context("forkserver").Pool(1) as pool:
        masks = pool.map(item.objects.__getitem__, range(4))
    assert [sample.mask.sum() for sample in masks] == expected


def test_sets_of_a_pack_can_be_left_out(tmp_path: Path) -> None:
    sets = [TrainingSet(SyntheticObjects(2, name=name), 1.0) for name in ("a", "b")]
    write_pack(sets, [], tmp_path)
    (kept,) = training_sets(DataConfig(pack=str(tmp_path), leave_out=("a",)))
    assert kept.objects.name == "b"
    for names in (("c",), ("a", "b")):
        with pytest.raises(ConfigError, match="cannot leave out"):
            training_sets(DataConfig(pack=str(tmp_path), leave_out=names))


def test_validation_sets_go_with_the_sets_that_are_left_out(tmp_path: Path) -> None:
    sets = [TrainingSet(SyntheticObjects(2, name=name), 1.0) for name in ("a", "b")]
    measured = [SyntheticObjects(2, name=name) for name in ("a", "a-small", "ab", "b")]
    write_pack(sets, measured, tmp_path)
    kept = validation_sets(DataConfig(pack=str(tmp_path), leave_out=("a",)))
    assert [objects.name for objects in kept] == ["ab", "b"]


def test_a_pack_of_too_little_surroundings_for_the_recipe_is_refused(tmp_path: Path) -> None:
    pack, run = tmp_path / "pack", tmp_path / "run"
    sets = [TrainingSet(SyntheticObjects(2), 1.0)]
    write_pack(sets, [], pack, context_px=context_px_for(large().augmentation))
    check_context(pack, tiny_test().augmentation)
    config = replace(tiny_test(), data=DataConfig(pack=str(pack)))
    with pytest.raises(ConfigError, match=r"holds 16 px of surroundings .* needs 128"):
        train(replace(config, augmentation=paper().augmentation), run)
    assert not run.exists()
    write_pack(sets, [], pack, context_px=context_px_for(paper().augmentation))
    check_context(pack, paper().augmentation)
    index = json.loads((pack / "pack.json").read_text())
    del index["context_px"]  # as packs were before
    (pack / "pack.json").write_text(json.dumps(index))
    check_context(pack, paper().augmentation)


def test_what_is_no_pack_or_a_damaged_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is no pack"):
        packed_sets(tmp_path, "train")
    write_pack([TrainingSet(SyntheticObjects(2), 1.0)], [], tmp_path)
    part = tmp_path / "train-00-000.zip"
    part.write_bytes(part.read_bytes()[:-40])
    with pytest.raises(DataError, match=r"train-00-000\.zip"):
        packed_sets(tmp_path, "train")
    index = tmp_path / "pack.json"
    index.write_text(json.dumps({"format": 7}))
    with pytest.raises(DataError, match="format 7"):
        packed_sets(tmp_path, "train")
    index.write_text("{")
    with pytest.raises(DataError, match="damaged"):
        packed_sets(tmp_path, "train")
    index.write_bytes(b"\xff\xfe{")
    with pytest.raises(DataError, match="damaged"):
        packed_sets(tmp_path, "train")


def test_a_damaged_object_of_a_pack_is_named(tmp_path: Path) -> None:
    write_pack([TrainingSet(SyntheticObjects(2), 1.0)], [], tmp_path)
    part = tmp_path / "train-00-000.zip"
    content = bytearray(part.read_bytes())
    content[60] ^= 255  # inside the first image
    part.write_bytes(content)
    (item,) = packed_sets(tmp_path, "train")
    with pytest.raises(DataError, match=r"object 0 of .*train-00-000\.zip: Bad CRC-32"):
        item.objects[0]
