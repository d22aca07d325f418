from __future__ import annotations

import json
import multiprocessing
from pathlib import Path

import numpy as np
import pytest

from extremecut.datasets.sample import ObjectSample
from extremecut.datasets.synthetic import SyntheticObjects
from extremecut.errors import ConfigError, DataError
from extremecut.geometry.boxes import Box
from extremecut.training.packing import cut_out, packed_sets, write_pack
from extremecut.training.sources import DataConfig, TrainingSet, training_sets


class Rectangles:
    """A 40 x 20 rectangle in a 200 x 100 image, with void to its right, over part of it."""

    name = "rectangles"

    def __len__(self) -> int:
        return 3

    def __getitem__(self, index: int) -> ObjectSample:
        image = np.zeros((100, 200, 3), np.uint8)
        image[..., 0] = np.arange(200)
        mask = np.zeros((100, 200), bool)
        mask[40:60, 80:120] = True
        void = np.zeros((100, 200), bool)
        void[40:60, 110:130] = True
        tags = {"category": "rectangle"}
        return ObjectSample(image, mask, void if index else None, f"r{index}", tags)


def test_an_object_is_cut_out_with_its_surroundings() -> None:
    sample = cut_out(Rectangles()[0], long_side_px=1000, context=0.5)
    assert sample is not None
    # 0.5 * 40 + 16 pixels on each side.
    assert sample.mask.shape == (20 + 72, 40 + 72)
    assert Box.around_mask(sample.mask) == Box(36, 36, 76, 56)
    np.testing.assert_array_equal(sample.image[0, :, 0], np.arange(44, 156))


def test_a_long_object_is_shrunk_and_an_empty_one_is_dropped() -> None:
    sample = cut_out(Rectangles()[1], long_side_px=20, context=0.5)
    assert sample is not None and sample.void is not None
    box = Box.around_mask(sample.mask)
    assert box is not None and (box.width, box.height) == (20, 10)
    assert sample.void.sum() == pytest.approx(100, abs=10)
    empty = ObjectSample(np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4), bool))
    assert cut_out(empty, long_side_px=10, context=0.5) is None


def test_a_pack_gives_back_masks_exactly_and_images_nearly(tmp_path: Path) -> None:
    original = SyntheticObjects(6, size_hw=(64, 80))
    write_pack([TrainingSet(original, 0.3, "free")], [], tmp_path / "pack")
    (item,) = packed_sets(tmp_path / "pack", "train")
    assert (item.objects.name, item.weight, item.terms) == ("synthetic", 0.3, "free")
    assert len(item.objects) == 6
    for index in range(6):
        wanted = cut_out(original[index], long_side_px=640, context=0.8)
        packed = item.objects[index]
        assert wanted is not None and packed.void is None
        np.testing.assert_array_equal(packed.mask, wanted.mask)
        assert np.abs(packed.image.astype(int) - wanted.image).mean() < 8
        assert (packed.name, packed.tags) == (wanted.name, wanted.tags)


def test_void_inside_and_outside_the_mask_survives(tmp_path: Path) -> None:
    write_pack([TrainingSet(Rectangles(), 1.0)], [Rectangles()], tmp_path, validation_objects=2)
    (item,) = packed_sets(tmp_path, "train")
    wanted = cut_out(Rectangles()[1], long_side_px=640, context=0.8)
    assert wanted is not None and wanted.void is not None
    assert item.objects[0].void is None
    void = item.objects[1].void
    assert void is not None
    np.testing.assert_array_equal(void, wanted.void)
    np.testing.assert_array_equal(item.objects[1].mask, wanted.mask)
    assert len(packed_sets(tmp_path, "validation")[0].objects) == 2


def test_no_part_is_larger_than_wanted(tmp_path: Path) -> None:
    index = write_pack([TrainingSet(SyntheticObjects(12), 1.0)], [], tmp_path, part_bytes=30_000)
    parts = index["train"][0]["parts"]
    assert len(parts) > 1 and sum(part["objects"] for part in parts) == 12
    assert max((tmp_path / part["file"]).stat().st_size for part in parts) <= 30_000
    (item,) = packed_sets(tmp_path, "train")
    names = [item.objects[number].name for number in range(12)]
    assert names == [SyntheticObjects(12)[number].name for number in range(12)]


def test_a_forked_worker_reads_the_same_objects(tmp_path: Path) -> None:
    write_pack([TrainingSet(SyntheticObjects(4), 1.0)], [], tmp_path)
    (item,) = packed_sets(tmp_path, "train")
    expected = [item.objects[number].mask.sum() for number in range(4)]
    with multiprocessing.get_context("forkserver").Pool(1) as pool:
        masks = pool.map(item.objects.__getitem__, range(4))
    assert [sample.mask.sum() for sample in masks] == expected


def test_a_pack_that_is_broken_off_leaves_no_mixture_of_two(tmp_path: Path) -> None:
    class Unreadable(Rectangles):
        def __getitem__(self, index: int) -> ObjectSample:
            raise DataError("a photo is missing")

    write_pack([TrainingSet(SyntheticObjects(2), 1.0)], [], tmp_path)
    sets = [TrainingSet(Rectangles(), 1.0), TrainingSet(Unreadable(), 1.0)]
    with pytest.raises(DataError, match="a photo is missing"):
        write_pack(sets, [], tmp_path)
    with pytest.raises(DataError, match="no pack"):
        packed_sets(tmp_path, "train")


def test_sets_of_a_pack_can_be_left_out(tmp_path: Path) -> None:
    sets = [TrainingSet(SyntheticObjects(2, name=name), 1.0) for name in ("a", "b")]
    write_pack(sets, [], tmp_path)
    (kept,) = training_sets(DataConfig(pack=str(tmp_path), leave_out=("a",)))
    assert kept.objects.name == "b"
    for names in (("c",), ("a", "b")):
        with pytest.raises(ConfigError, match="cannot leave out"):
            training_sets(DataConfig(pack=str(tmp_path), leave_out=names))


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
