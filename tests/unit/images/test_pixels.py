from __future__ import annotations

import numpy as np
import pytest

from extremecut.errors import ImageError
from extremecut.images.pixels import as_image_array, to_rgb, upright


def rgb(values: object, dtype: str = "uint8") -> list:
    return to_rgb(as_image_array(np.array(values, dtype)), bgr=False).tolist()


def test_grey_becomes_three_equal_channels() -> None:
    assert rgb([[1, 2]]) == [[[1, 1, 1], [2, 2, 2]]]
    assert rgb([[[1], [2]]]) == [[[1, 1, 1], [2, 2, 2]]]


def test_bgr_is_turned_around_and_opacity_stays_last() -> None:
    assert to_rgb(np.array([[[1, 2, 3]]], np.uint8), bgr=True).tolist() == [[[3, 2, 1]]]
    assert to_rgb(np.array([[[1, 2, 3, 255]]], np.uint8), bgr=True).tolist() == [[[3, 2, 1]]]


def test_transparency_is_laid_over_white() -> None:
    pixels = [[[100, 0, 200, 255], [100, 0, 200, 0], [100, 0, 200, 51]]]
    # 51 is a fifth: 100 / 5 + 255 * 4 / 5 = 224, 204, 244.
    assert rgb(pixels) == [[[100, 0, 200], [255, 255, 255], [224, 204, 244]]]


def test_true_is_white() -> None:
    assert rgb([[True, False]], "bool") == [[[255] * 3, [0] * 3]]


@pytest.mark.parametrize("dtype", ["uint16", "int16", "int32", "int64", "float32", "float64"])
def test_deep_images_are_stretched_between_two_percentiles(dtype: str) -> None:
    ramp = np.arange(0, 2001).reshape(3, 667).astype(dtype)  # percentiles 10 and 1990
    scaled = to_rgb(ramp, bgr=False)[:, :, 0].ravel()
    assert scaled.dtype == np.uint8
    assert scaled[:11].max() == 0 and scaled[1990:].min() == 255
    assert scaled[1000] == 128  # 990 / 1980 * 255 = 127.5, to the even neighbour
    assert (np.diff(scaled.astype(int)) >= 0).all()


def test_all_channels_of_a_deep_image_share_one_stretch() -> None:
    ramp = np.arange(1001, dtype=np.uint16)[None, :, None] * np.array([2, 1, 0], np.uint16)
    scaled = to_rgb(ramp, bgr=False)[0].astype(int)
    assert np.abs(scaled[300:400, 0] - 2 * scaled[300:400, 1]).max() <= 2
    assert not scaled[:, 2].any()


def test_a_few_bright_pixels_on_black_are_the_picture() -> None:
    stars = np.zeros((100, 100), np.uint16)
    stars[50, 50] = 4000
    scaled = to_rgb(stars, bgr=False)
    assert scaled[50, 50, 0] == 255 and scaled.sum() == 3 * 255


@pytest.mark.parametrize("value", [0.0, 7.0, 65535.0, float("nan"), float("inf")])
def test_constant_deep_images_become_black(value: float) -> None:
    assert not to_rgb(np.full((4, 5), value, np.float32), bgr=False).any()
    if np.isfinite(value):
        assert not to_rgb(np.full((4, 5), value, np.uint16), bgr=False).any()


def test_what_is_no_number_does_not_spoil_the_rest() -> None:
    values = np.array([[0.0, 1.0, np.nan, np.inf, -np.inf]])
    assert to_rgb(values, bgr=False)[0, :, 0].tolist() == [0, 255, 0, 255, 0]


def test_opacity_of_deep_images_is_a_share_of_its_own_range() -> None:
    deep = np.zeros((1, 2, 4), np.uint16)
    deep[0, 1, :3] = 1000
    deep[0, :, 3] = [65535, 0]
    assert to_rgb(deep, bgr=False)[0].tolist() == [[0, 0, 0], [255, 255, 255]]


def test_large_deep_images_are_measured_on_a_grid() -> None:
    ramp = np.broadcast_to(np.arange(3000, dtype=np.uint16), (1500, 3000))
    scaled = to_rgb(ramp, bgr=False)[0, :, 0]
    assert scaled[0] == 0 and scaled[-1] == 255 and 125 <= scaled[1500] <= 129


@pytest.mark.parametrize("order", ["contiguous", "strided", "fortran"])
def test_eight_bit_rgb_is_not_copied(order: str) -> None:
    image = np.zeros((6, 8, 3), np.uint8)
    view = {"contiguous": image, "strided": image[::2, ::-1], "fortran": np.asfortranarray(image)}
    given = view[order]
    assert np.shares_memory(to_rgb(as_image_array(given), bgr=False), given)
    assert np.shares_memory(to_rgb(as_image_array(given), bgr=True), given)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (None, "got NoneType"),
        (b"bytes", "got bytes"),
        (object(), "got object"),
        ([["a"]], "array of numbers"),
        ([[1, 2], [3]], "path, PIL image or array"),
        (np.zeros((2, 2), complex), "complex"),
        (np.zeros(5, np.uint8), "needs the shape"),
        (np.zeros((4, 4, 2), np.uint8), "needs the shape"),
        (np.zeros((3, 40, 50), np.uint8), "channels come last"),
        (np.zeros((1, 40, 50, 3), np.uint8), "one image at a time"),
        (np.zeros((0, 5, 3), np.uint8), "no pixels"),
        (np.zeros((5, 0), np.uint8), "no pixels"),
    ],
)
def test_what_is_no_image_is_refused(source: object, message: str) -> None:
    with pytest.raises(ImageError, match=message):
        as_image_array(source)


def test_a_tensor_that_gives_no_array_is_refused() -> None:
    class Tensor:
        def __array__(self, *_: object, **__: object) -> np.ndarray:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad")

    with pytest.raises(ImageError, match="requires grad"):
        as_image_array(Tensor())


def test_orientations_turn_the_way_exif_means() -> None:
    stored = np.array([[[1], [2]], [[3], [4]], [[5], [6]]], np.uint8)  # 3 rows, 2 columns
    shown = {
        1: [[1, 2], [3, 4], [5, 6]],
        2: [[2, 1], [4, 3], [6, 5]],
        3: [[6, 5], [4, 3], [2, 1]],
        4: [[5, 6], [3, 4], [1, 2]],
        5: [[1, 3, 5], [2, 4, 6]],
        6: [[5, 3, 1], [6, 4, 2]],
        7: [[6, 4, 2], [5, 3, 1]],
        8: [[2, 4, 6], [1, 3, 5]],
    }
    for orientation, expected in shown.items():
        assert upright(stored, orientation)[:, :, 0].tolist() == expected
