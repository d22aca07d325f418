from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from extremecut.datasets.masks import read_masks
from extremecut.errors import DataError

OBJECT = [[0, 0, 0, 0, 0, 0], [0, 255, 255, 0, 0, 0], [0, 255, 128, 0, 0, 0], [0] * 6]


@pytest.fixture
def folders(
    tmp_path: Path, write_image: Callable[..., Path], write_values: Callable[..., Path]
) -> tuple[Path, Path]:
    for stem in ("one", "two"):
        write_image(f"images/{stem}.jpg")
        write_values(f"masks/{stem}.png", OBJECT)
    write_image("images/empty.jpg")
    write_values("masks/empty.png", np.zeros((4, 6)))
    return tmp_path / "images", tmp_path / "masks"


def test_each_mask_is_one_object(folders: tuple[Path, Path]) -> None:
    objects = read_masks(*folders)

    assert [objects[k].name for k in range(len(objects))] == ["one", "two"]
    assert objects[0].mask.sum() == 4
    assert objects[0].void is None


@pytest.mark.parametrize("above", [0, 127])
def test_in_masks_of_one_bit_white_is_the_object(
    tmp_path: Path, write_image: Callable[..., Path], above: int
) -> None:
    write_image("images/a.png", size_hw=(2, 3))
    (tmp_path / "masks").mkdir()
    shown = np.array([[False, True, True], [False, False, True]])
    Image.fromarray(shown).save(tmp_path / "masks" / "a.png")

    objects = read_masks(tmp_path / "images", tmp_path / "masks", above=above, strict=True)

    assert objects[0].mask.tolist() == shown.tolist()


def test_the_void_value_is_neither_object_nor_background(folders: tuple[Path, Path]) -> None:
    sample = read_masks(*folders, void=128)[0]

    assert sample.mask.sum() == 3
    assert sample.void is not None
    assert np.argwhere(sample.void).tolist() == [[2, 2]]


def test_small_objects_can_be_left_out(folders: tuple[Path, Path]) -> None:
    assert len(read_masks(*folders, min_area=4)) == 2
    assert len(read_masks(*folders, min_area=5)) == 0


def test_strict_reading_asks_what_other_values_mean(folders: tuple[Path, Path]) -> None:
    with pytest.raises(DataError, match=r"one\.png holds the values 128, 255"):
        read_masks(*folders, strict=True)


def test_masks_of_another_size_than_their_photo_are_refused_at_once(
    folders: tuple[Path, Path], write_image: Callable[..., Path]
) -> None:
    write_image("images/two.jpg", size_hw=(5, 6))

    with pytest.raises(DataError, match=r"two\.jpg has 6 x 5 pixels, but .*two\.png was made"):
        read_masks(*folders)


def test_a_mask_may_be_a_jpeg_where_no_single_value_counts(folders: tuple[Path, Path]) -> None:
    (folders[1] / "two.png").unlink()
    Image.new("L", (6, 4), 255).save(folders[1] / "two.jpg")

    assert read_masks(*folders)[1].mask.all()
    with pytest.raises(DataError, match=r"two\.jpg is a JPEG"):
        read_masks(*folders, void=128)
