from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from extremecut.datasets.compact import CompactMask
from extremecut.datasets.image_cache import ImageCache
from extremecut.datasets.indexed import IndexedObjects, ObjectEntry
from extremecut.errors import DataError


def packed(*pixels_yx: tuple[int, int]) -> CompactMask:
    mask = np.zeros((4, 6), bool)
    for pixel in pixels_yx:
        mask[pixel] = True
    return CompactMask.of(mask)


def test_objects_of_one_image_share_its_pixels(write_image: Callable[..., Path]) -> None:
    path = write_image("a.png", grey=7)
    entries = [ObjectEntry(path, packed((0, 0)), name="a:1"), ObjectEntry(path, packed((1, 2)))]

    objects = IndexedObjects("two", entries, cache=ImageCache())

    assert objects[0].image is objects[1].image
    assert objects[0].image[0, 0].tolist() == [7, 7, 7]
    assert objects[1].mask[1, 2]
    assert (objects[0].name, objects[0].void) == ("a:1", None)


def test_empty_masks_are_skipped_and_counted(write_image: Callable[..., Path]) -> None:
    path = write_image("a.png")
    entries = [ObjectEntry(path, packed()), ObjectEntry(path, packed((3, 5)), name="kept")]

    objects = IndexedObjects("one", entries)

    assert [objects[k].name for k in range(len(objects))] == ["kept"]


def test_void_is_unpacked_with_the_object(write_image: Callable[..., Path]) -> None:
    entry = ObjectEntry(write_image("a.png"), packed((0, 0)), packed((2, 2)))

    void = IndexedObjects("one", [entry])[0].void

    assert void is not None
    assert np.argwhere(void).tolist() == [[2, 2]]


def test_an_image_of_another_size_than_its_mask_is_refused(
    write_image: Callable[..., Path],
) -> None:
    path = write_image("a.png", size_hw=(5, 6))
    objects = IndexedObjects("one", [ObjectEntry(path, packed((0, 0)), name="a")])

    with pytest.raises(DataError, match=r"a\.png has 6 x 5 pixels, but the mask of a has 6 x 4"):
        objects[0]


def test_a_set_can_be_copied_to_another_process(write_image: Callable[..., Path]) -> None:
    objects = IndexedObjects("one", [ObjectEntry(write_image("a.png"), packed((0, 1)))])

    assert copy.deepcopy(objects)[0].mask.sum() == 1
