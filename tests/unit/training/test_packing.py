from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from extremecut.datasets.sample import ObjectSample
from extremecut.datasets.synthetic import SyntheticObjects
from extremecut.errors import ConfigError, DataError
from extremecut.geometry.boxes import Box
from extremecut.training.augment import Augmentation, warp
from extremecut.training.packed import context_px_for, packed_sets
from extremecut.training.packing import cut_out, write_pack
from extremecut.training.recipes import paper
from extremecut.training.sources import TrainingSet


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


def test_a_pack_shows_as_much_around_small_objects_as_a_margin_in_pixels_needs() -> None:
    config = paper()
    augmentation = replace(config.augmentation, zoom=(0.75, 0.75))
    image = np.full((600, 600, 3), 200, np.uint8)
    mask = np.zeros((600, 600), bool)
    mask[295:305, 290:310] = True
    context_px = context_px_for(config.augmentation)
    sample = cut_out(
        ObjectSample(image, mask), long_side_px=640, context=0.8, context_px=context_px
    )
    assert sample is not None
    for seed in range(20):
        warped = warp(sample, augmentation, np.random.default_rng(seed))
        box = Box.around_mask(warped.mask)
        assert box is not None
        seen = box.padded(50, 50)  # the recipe's margin
        assert warped.image[seen.slices].min() == 200
    assert context_px_for(Augmentation()) == 16


def test_a_pack_is_not_written_over_itself(tmp_path: Path) -> None:
    write_pack([TrainingSet(SyntheticObjects(3), 1.0)], [SyntheticObjects(2)], tmp_path)
    train, validation = (packed_sets(tmp_path, role) for role in ("train", "validation"))
    for given in ((train, []), ([], [item.objects for item in validation])):
        with pytest.raises(ConfigError, match="write to another folder"):
            write_pack(*given, tmp_path)
    assert len(packed_sets(tmp_path, "train")[0].objects) == 3


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
