from __future__ import annotations

import cv2
import numpy as np
import pytest

from extremecut.geometry import crop
from extremecut.geometry.boxes import Box
from extremecut.geometry.crop import CropFrame


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


def test_outer_edges_fall_on_outer_edges() -> None:
    frame = CropFrame(Box(10, 20, 14, 28), 16)  # 4 wide, 8 high: scales 4 and 2
    corners = np.array([[9.5, 19.5], [13.5, 27.5]])
    assert frame.to_crop(corners).tolist() == [[-0.5, -0.5], [15.5, 15.5]]
    # The centre of the first pixel is in the middle of the 4 x 2 pixels that show it.
    assert frame.to_crop(np.array([[10.0, 20.0]])).tolist() == [[1.5, 0.5]]


def test_enlargement_is_that_of_the_longer_side() -> None:
    assert CropFrame(Box(10, 20, 14, 28), 16).enlargement == 2.0
    assert CropFrame(Box(0, 0, 64, 8), 16).enlargement == 0.25


def test_a_crop_of_the_same_size_is_the_image() -> None:
    image = noise(30, 40, 3)
    cut = CropFrame(Box(5, 6, 13, 14), 8).cut(image)
    assert np.array_equal(cut, image[6:14, 5:13])
    cut[:] = 0
    assert image[6:14, 5:13].any()  # a fresh array, not a view


def test_beyond_the_image_a_crop_is_black() -> None:
    image = np.full((4, 4, 3), 9, np.uint8)
    cut = CropFrame(Box(-2, -2, 2, 2), 4).cut(image)
    assert cut[:, :, 0].tolist() == [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 9, 9], [0, 0, 9, 9]]
    assert not CropFrame(Box(10, 10, 14, 14), 4).cut(image).any()


def test_shrinking_averages() -> None:
    image = np.array([[0, 100], [50, 250]], np.uint8).repeat(2, 0).repeat(2, 1)
    assert CropFrame(Box(0, 0, 4, 4), 2).cut(image).tolist() == [[0, 100], [50, 250]]
    assert CropFrame(Box(0, 0, 4, 4), 1).cut(image).tolist() == [[100]]


def test_enlarging_draws_straight_lines_between_centres() -> None:
    image = np.array([[0, 80], [0, 80]], np.uint8)
    # Two pixels as eight: their centres at 1.5 and 5.5, outside them the crop goes on flat.
    assert CropFrame(Box(0, 0, 2, 2), 8).cut(image).tolist() == [[0, 0, 10, 30, 50, 70, 80, 80]] * 8


def test_the_cubic_rule_is_opencvs_both_ways() -> None:
    image = noise(9, 12, 3)
    frame = CropFrame(Box(1, 2, 11, 7), 16, "cubic")
    expected = cv2.resize(image[2:7, 1:11], (16, 16), interpolation=cv2.INTER_CUBIC)
    assert np.array_equal(frame.cut(image), expected)
    values = np.random.default_rng(0).random((16, 16), np.float32)
    back = cv2.resize(values, (10, 5), interpolation=cv2.INTER_CUBIC)
    assert np.allclose(frame.paste(values, size_hw=(9, 12))[2:7, 1:11], back, atol=1e-5)


def test_each_axis_shrinks_or_grows_on_its_own() -> None:
    image = np.array([[0, 10, 20, 30, 40, 50, 60, 70]], np.uint8)  # 8 wide, 1 high
    assert CropFrame(Box(0, 0, 8, 1), 4).cut(image).tolist() == [[5, 25, 45, 65]] * 4
    assert CropFrame(Box(0, 0, 8, 1), 4).cut(image[:, ::-1]).tolist() == [[65, 45, 25, 5]] * 4


@pytest.mark.parametrize("box", [Box(50, 40, 950, 900), Box(-40, -30, 700, 1200)])
def test_huge_crops_are_averages_of_a_grid_of_samples(box: Box) -> None:
    frame = CropFrame(box, 16)
    assert max(box.width, box.height) > 2 * crop.SAMPLES_PER_PIXEL * 16
    image = noise(1000, 1100, 3)
    count = crop.SAMPLES_PER_PIXEL * 16
    samples = np.zeros((count, count, 3))
    for row in range(count):
        for column in range(count):
            y = box.y0 + int((row + 0.5) / count * box.height)
            x = box.x0 + int((column + 0.5) / count * box.width)
            if 0 <= y < 1000 and 0 <= x < 1100:
                samples[row, column] = image[y, x]
    expected = samples.reshape(16, 4, 16, 4, 3).mean(axis=(1, 3))
    assert np.abs(frame.cut(image) - expected).max() <= 0.5


def test_views_of_any_stride_can_be_cut() -> None:
    image = noise(60, 80, 3)
    frame = CropFrame(Box(-3, 4, 41, 37), 16)
    for view in (
        image[:, :, ::-1],
        image[::-1, ::2],
        np.broadcast_to(image[:, :, :1], (60, 80, 3)),
    ):
        assert np.array_equal(frame.cut(view), frame.cut(np.ascontiguousarray(view)))


def test_pasting_a_map_of_the_boxes_size_puts_it_where_it_was() -> None:
    values = np.random.default_rng(0).random((8, 8), np.float32)
    pasted = CropFrame(Box(5, 6, 13, 14), 8).paste(values, size_hw=(20, 30))
    assert np.array_equal(pasted[6:14, 5:13], values)
    assert np.count_nonzero(pasted) == np.count_nonzero(values)


def test_pasting_cuts_off_what_lies_outside_the_image_or_the_clip() -> None:
    values = np.ones((4, 4), np.float32)
    frame = CropFrame(Box(-2, 1, 2, 5), 4)
    assert frame.paste(values, size_hw=(4, 3)).tolist() == [[0, 0, 0]] + [[1, 1, 0]] * 3
    clipped = frame.paste(values, size_hw=(4, 3), clip=Box(1, 2, 3, 3))
    assert clipped.tolist() == [[0, 0, 0], [0, 0, 0], [0, 1, 0], [0, 0, 0]]
    assert not frame.paste(values, size_hw=(4, 3), clip=Box(2, 0, 3, 4)).any()
    assert not frame.paste_mask(values, size_hw=(1, 1), threshold=0.5).any()


def test_enlarging_a_map_draws_straight_lines_between_centres() -> None:
    values = np.array([[0.0, 1.0], [0.0, 1.0]], np.float32)
    pasted = CropFrame(Box(0, 0, 8, 8), 2).paste(values, size_hw=(8, 8))
    # The two centres are at 1.5 and 5.5; outside them the map goes on flat.
    expected = np.clip((np.arange(8) - 1.5) / 4, 0, 1)
    assert np.allclose(pasted, expected, atol=1e-6)


@pytest.mark.parametrize("resampling", ["area", "cubic"])
@pytest.mark.parametrize("side", [7, 90, 1000])
def test_the_mask_is_exactly_where_the_map_exceeds_the_threshold(
    side: int, resampling: str
) -> None:
    rng = np.random.default_rng(side)
    # Many values on the threshold itself, where rounding would show.
    values = rng.choice(np.array([0.0, 0.3, 0.5, 0.7, 1.0], np.float32), (16, 16))
    frame = CropFrame(Box(-4, 3, side + 3, side + 1), 16, resampling)
    options = {"size_hw": (side + 5, side), "clip": Box(2, 5, side - 1, side)}
    mask = frame.paste_mask(values, threshold=0.5, **options)
    assert np.array_equal(mask, frame.paste(values, **options) > 0.5)
    assert 0 < mask.sum() < mask.size


def test_large_and_small_pasting_agree() -> None:
    values = np.random.default_rng(0).random((16, 16), np.float32)
    frame = CropFrame(Box(0, 0, 400, 400), 16)  # by bands; OpenCV's resize is the reference
    expected = cv2.resize(values, (400, 400), interpolation=cv2.INTER_LINEAR)
    assert np.abs(frame.paste(values, size_hw=(400, 400)) - expected).max() < 1e-5


def test_strips_do_not_change_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(0).random((64, 64), np.float32)
    frame = CropFrame(Box(0, 0, 200, 200), 64)
    whole = frame.paste(values, size_hw=(200, 200))
    monkeypatch.setattr(crop, "STRIP_PX", 1000)
    held = [values.size for _, values in frame._strips(values, frame.box)]
    assert held == [1000] * 40
    assert np.allclose(frame.paste(values, size_hw=(200, 200)), whole, atol=1e-6)


def test_impossible_frames_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1 pixel"):
        CropFrame(Box(0, 0, 0, 5), 8)
    with pytest.raises(ValueError, match="resampling"):
        CropFrame(Box(0, 0, 5, 5), 8, "nearest")
