from __future__ import annotations

import numpy as np
import pytest

from extremecut.geometry.boxes import Box
from extremecut.geometry.crop import CropFrame
from extremecut.predictor.segmentation import EMPTY_NOTE, Segmentation


def segmentation(
    crop: np.ndarray, box: Box, *, size_hw: tuple[int, int] = (10, 12), clip: Box | None = None
) -> Segmentation:
    return Segmentation(
        crop.astype(np.float32),
        CropFrame(box, crop.shape[0]),
        size_hw=size_hw,
        points_xy=np.array([[1.0, 2.0]] * 4),
        threshold=0.5,
        clip=clip,
        notes=("a note",),
    )


HALF = np.array([[0.2, 0.9], [0.2, 0.9]]).repeat(2, 0).repeat(2, 1)  # 4 x 4, right half true


def test_mask_and_probability_have_the_images_size() -> None:
    result = segmentation(HALF, Box(3, 4, 7, 8))
    assert result.mask.shape == result.probability.shape == (10, 12)
    assert result.mask.dtype == np.bool_ and result.probability.dtype == np.float32
    assert np.argwhere(result.mask).tolist() == [[y, x] for y in range(4, 8) for x in (5, 6)]
    assert np.array_equal(result.mask, result.probability > 0.5)
    assert result.box_xyxy == (5, 4, 7, 8)
    assert result.notes == ("a note",)


def test_nothing_is_pasted_before_it_is_asked_for() -> None:
    result = segmentation(HALF, Box(3, 4, 7, 8), size_hw=(100_000, 100_000))
    assert not {"mask", "probability"} & set(vars(result))
    assert "100000 x 100000" in repr(result)


def test_what_was_pasted_is_kept() -> None:
    result = segmentation(HALF, Box(3, 4, 7, 8))
    assert result.mask is result.mask and result.probability is result.probability


def test_pixels_outside_the_clip_are_never_in_the_mask() -> None:
    result = segmentation(HALF, Box(3, 4, 7, 8), clip=Box(0, 5, 6, 7))
    assert result.box_xyxy == (5, 5, 6, 7)
    assert result.probability[4, 5] == 0.0


def test_an_empty_mask_is_a_result_with_a_note() -> None:
    result = segmentation(np.zeros((4, 4)), Box(3, 4, 7, 8))
    assert not result.mask.any()
    assert result.box_xyxy is None
    assert result.notes == ("a note", EMPTY_NOTE)


def test_a_crop_beside_the_image_gives_an_empty_mask() -> None:
    assert segmentation(np.ones((4, 4)), Box(20, 20, 24, 24)).box_xyxy is None


def test_bicubic_pasting_stays_a_probability() -> None:
    step = np.where(np.arange(8) < 4, 0.0, 1.0)[None].repeat(8, 0).astype(np.float32)
    result = Segmentation(
        step,
        CropFrame(Box(0, 0, 40, 40), 8, "cubic"),
        size_hw=(40, 40),
        points_xy=np.array([[1.0, 2.0]] * 4),
        threshold=0.5,
        confidence=None,
    )
    assert result.probability.min() == 0.0 and result.probability.max() == 1.0
    assert np.array_equal(result.mask, result.probability > 0.5)


@pytest.mark.parametrize("pasted_before", [False, True])
@pytest.mark.parametrize("box", [Box(3, 4, 7, 8), Box(-2, -1, 9, 6), Box(1, 1, 12, 10)])
@pytest.mark.parametrize("clip", [None, Box(0, 2, 8, 7)])
def test_inside_is_the_mask_within_its_box(box: Box, clip: Box | None, pasted_before: bool) -> None:
    result = segmentation(HALF, box, clip=clip)
    whole = segmentation(HALF, box, clip=clip).mask
    if pasted_before:
        assert result.mask.any()
    tight = Box.around_mask(whole)
    assert tight is not None and result.box_xyxy == tight.xyxy
    assert np.array_equal(result.inside, whole[tight.slices])


def test_inside_needs_no_array_of_the_images_size() -> None:
    result = segmentation(HALF, Box(99_000, 4, 99_004, 8), size_hw=(100_000, 100_000))
    assert result.inside.shape == (4, 2) and result.box_xyxy == (99_002, 4, 99_004, 8)
    assert "mask" not in vars(result)


def test_inside_of_an_empty_mask_has_no_pixels() -> None:
    assert segmentation(np.zeros((4, 4)), Box(3, 4, 7, 8)).inside.shape == (0, 0)
    outside = segmentation(HALF, Box(30, 40, 70, 80))
    assert outside.inside.shape == (0, 0) and outside.box_xyxy is None
