from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from extremecut.annotator.tiles import Pyramid, halved, level_count, level_size_hw, to_jpeg
from extremecut.errors import InputError


def noise(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)


@pytest.mark.parametrize(
    ("side", "levels"), [(1, 1), (512, 1), (513, 2), (1024, 2), (1025, 3), (12_000, 6)]
)
def test_the_last_level_is_the_first_that_one_tile_holds(side: int, levels: int) -> None:
    assert level_count((side, 1)) == level_count((1, side)) == levels


def test_sizes_are_rounded_up() -> None:
    assert [level_size_hw((5, 8), level) for level in range(4)] == [(5, 8), (3, 4), (2, 2), (1, 1)]


def test_four_pixels_become_their_mean() -> None:
    pixels = np.array([[0, 10], [20, 30]], np.uint8)[:, :, None].repeat(3, 2)
    assert halved(pixels).tolist() == [[[15, 15, 15]]]


def test_an_odd_last_column_or_row_stands_for_itself() -> None:
    pixels = np.array([[0, 10, 80], [20, 30, 90], [7, 7, 50]], np.uint8)[:, :, None].repeat(3, 2)
    assert halved(pixels)[:, :, 0].tolist() == [[15, 85], [7, 50]]


@settings(max_examples=30)
@given(st.integers(1, 9), st.integers(1, 9))
def test_halving_in_strips_is_halving_at_once(height: int, width: int) -> None:
    import extremecut.annotator.tiles as tiles

    pixels = noise(height, width)
    whole = halved(pixels)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tiles, "_ROWS", 2)
        assert np.array_equal(halved(pixels), whole)
    assert whole.shape == (-(-height // 2), -(-width // 2), 3)


def test_grey_photos_that_share_their_channels_work_too() -> None:
    grey = np.broadcast_to(noise(700, 3)[:, :, :1], (700, 3, 3))
    assert Pyramid(grey).tile(1, 0, 0).shape == (350, 2, 3)


def test_tiles_cover_a_level() -> None:
    pixels = noise(600, 1100)
    pyramid = Pyramid(pixels)
    rows = [np.hstack([pyramid.tile(0, column, row) for column in range(3)]) for row in range(2)]
    assert np.array_equal(np.vstack(rows), pixels)
    assert pyramid.levels == 3
    assert pyramid.tile(1, 1, 0).shape == (300, 38, 3)
    assert pyramid.tile(2, 0, 0).shape == (150, 275, 3)


@pytest.mark.parametrize("place", [(0, 3, 0), (0, 0, 2), (3, 0, 0), (-1, 0, 0), (0, -1, 0)])
def test_there_are_no_other_tiles(place: tuple[int, int, int]) -> None:
    with pytest.raises(InputError):
        Pyramid(noise(600, 1100)).tile(*place)


def test_memory_is_known_before_levels_are_made() -> None:
    pyramid = Pyramid(noise(600, 1100))
    assert pyramid.nbytes == 3 * (600 * 1100 + 300 * 550 + 150 * 275)


def test_a_tile_is_a_jpeg_with_colours_of_every_pixel() -> None:
    pixels = np.zeros((16, 16, 3), np.uint8)
    pixels[:, ::2] = (255, 0, 0)  # red and black columns: chroma at half size would blur them
    image = Image.open(io.BytesIO(to_jpeg(pixels)))
    assert image.format == "JPEG" and image.size == (16, 16)
    assert np.abs(np.asarray(image).astype(int) - pixels).max() < 60
