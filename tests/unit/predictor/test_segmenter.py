from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from extremecut import Segmenter
from extremecut.confidence import ConfidenceModel
from extremecut.errors import ModelError
from extremecut.geometry.boxes import Margin
from extremecut.geometry.guided_filter import GuidedFilter
from extremecut.inputs import InputSpec
from extremecut.predictor import segmenter as module

IMAGE = np.random.default_rng(0).integers(0, 256, (100, 120, 3), np.uint8)
POINTS = [[20, 50], [60, 30], [99, 50], [60, 69]]  # box 20..99 x 30..69: 80 x 40 pixels


def test_the_mask_is_the_ellipse_in_the_points_box(segmenter: Segmenter) -> None:
    result = segmenter.predict(IMAGE, POINTS)
    y, x = np.mgrid[:100, :120]
    ellipse = ((x - 59.5) / 40) ** 2 + ((y - 49.5) / 20) ** 2 < 1
    wrong = np.count_nonzero(result.mask ^ ellipse)
    assert wrong < 0.02 * ellipse.sum()
    assert result.box_xyxy == (20, 30, 100, 70)
    assert result.confidence is None and result.notes == ()
    assert result.size_hw == (100, 120)
    assert np.array_equal(result.mask, result.probability > result.threshold)


def test_it_says_its_model_and_what_runs_it() -> None:
    assert repr(Segmenter()) == "Segmenter(small, onnxruntime CPUExecutionProvider)"


def test_points_come_in_any_order_and_more_than_four(segmenter: Segmenter) -> None:
    expected = segmenter.predict(IMAGE, POINTS).mask
    shuffled = segmenter.predict(IMAGE, [POINTS[i] for i in (2, 0, 3, 1)])
    assert np.array_equal(shuffled.mask, expected)
    more = segmenter.predict(IMAGE, [*POINTS, [31, 36], [88, 64]])  # both on the ellipse
    assert np.count_nonzero(more.mask ^ expected) < 0.01 * expected.sum()
    assert more.points_xy.shape == (6, 2)


def test_the_edge_runs_through_a_further_point(segmenter: Segmenter) -> None:
    before = segmenter.predict(IMAGE, POINTS).mask
    after = segmenter.predict(IMAGE, [*POINTS, [60, 36]]).mask  # 6 px inside the ellipse's top
    assert before[31:40, 60].all()
    assert not after[:35, 60].any() and after[38:, 60][:20].all()
    assert np.array_equal(after[:, :30], before[:, :30])


def test_arrays_pil_images_and_paths_give_the_same(first_channel: Any, tmp_path: Path) -> None:
    segmenter = Segmenter(first_channel)
    Image.fromarray(IMAGE).save(tmp_path / "a.png")
    expected = segmenter.predict(IMAGE, POINTS).mask
    for same in (tmp_path / "a.png", str(tmp_path / "a.png"), Image.fromarray(IMAGE)):
        assert np.array_equal(segmenter.predict(same, POINTS).mask, expected)


def test_channel_order_is_told_not_guessed(first_channel: Any) -> None:
    segmenter = Segmenter(first_channel)
    red = np.zeros_like(IMAGE)
    red[:, :, 0] = 255
    assert segmenter.predict(red, POINTS).mask.any()
    assert not segmenter.predict(red[:, :, ::-1], POINTS).mask.any()
    bgr = red[:, :, ::-1]
    assert segmenter.predict(bgr, POINTS, channel_order="BGR").mask.any()
    assert next(segmenter.predict_batch([(bgr, POINTS)], channel_order="BGR")).mask.any()


def test_the_answer_takes_over_edges_of_a_photo_that_is_not_much_enlarged(
    backend_of: Any,
    ramp: Any,
) -> None:
    image = np.full_like(IMAGE, 40)
    image[:, 60:] = 200
    spec = InputSpec(size_px=32, margin=Margin(0), guided_filter=GuidedFilter())
    soft = ramp(np.empty((1, 4, 32, 32)))[0]
    result = Segmenter(backend_of(ramp, spec)).predict(image, POINTS)
    row = result.crop_probability[16]
    at = int(result.frame.to_crop(np.array([[59.5, 50.0]]))[0, 0])
    assert row[at + 1] - row[at] > 3 * (soft[16, at + 1] - soft[16, at])
    assert np.array_equal(result.network_probability, soft)

    spec = dataclasses.replace(spec, size_px=256)  # an object of 81 pixels, three times enlarged
    result = Segmenter(backend_of(ramp, spec)).predict(image, POINTS)
    assert np.array_equal(result.crop_probability, ramp(np.empty((1, 4, 256, 256)))[0])


def test_a_sharper_edge_does_not_raise_the_confidence(backend_of: Any, ramp: Any) -> None:
    image = np.full_like(IMAGE, 40)
    image[:, 60:] = 200
    model = ConfidenceModel((0.0, 0.0, 1.0, 0.0, 0.0, 0.0), "by hand")  # from the uncertain share
    spec = InputSpec(size_px=32, margin=Margin(0))
    plain = Segmenter(backend_of(ramp, spec, confidence=model)).predict(image, POINTS)
    spec = dataclasses.replace(spec, guided_filter=GuidedFilter())
    sharp = Segmenter(backend_of(ramp, spec, confidence=model)).predict(image, POINTS)
    assert not np.array_equal(sharp.crop_probability, plain.crop_probability)
    assert sharp.confidence == plain.confidence


def test_clipping_follows_the_spec(backend_of: Any) -> None:
    def everything(batch: np.ndarray) -> np.ndarray:
        return np.ones((len(batch), *batch.shape[2:]), np.float32)

    spec = InputSpec(size_px=32, margin=Margin(5))
    clipped = Segmenter(backend_of(everything, spec)).predict(IMAGE, POINTS)
    assert clipped.box_xyxy == (20, 30, 100, 70)
    spec = dataclasses.replace(spec, clip_to_box=False)
    assert Segmenter(backend_of(everything, spec)).predict(IMAGE, POINTS).box_xyxy == (
        15, 25, 105, 75
    )  # fmt: skip


def test_confidence_comes_from_the_models_estimate(backend_of: Any) -> None:
    def nothing(batch: np.ndarray) -> np.ndarray:
        return np.zeros((len(batch), *batch.shape[2:]), np.float32)

    model = ConfidenceModel((0.0, 1.0, 0.0, 0.0, 0.0, 0.0), "by hand")
    result = Segmenter(backend_of(nothing, InputSpec(size_px=32), model)).predict(IMAGE, POINTS)
    assert result.confidence == pytest.approx(1 / (1 + np.exp(4)))  # -4 is an empty mask's feature


def test_objects_cut_by_the_frame_keep_points_outside(segmenter: Segmenter) -> None:
    result = segmenter.predict(IMAGE, [[-40, 50], [0, 30], [39, 50], [0, 69]])
    assert result.box_xyxy is not None
    assert result.box_xyxy[0] == 0 and result.box_xyxy[2] == 40


@pytest.mark.parametrize(
    "points",
    [
        [[10, 50], [20, 50], [90, 50], [40, 50]],  # one row
        [[10, 5], [10, 20], [10, 90], [10, 40]],  # one column
        [[10, 50], [20, 51], [90, 50], [40, 51]],  # two rows
        [[10, 10], [10, 10], [11, 11], [11, 11]],  # 2 x 2
        [[50, 50], [53, 47], [56, 50], [53, 53]],  # 7 x 7
    ],
)
def test_tiny_and_thin_objects_give_a_result_with_a_note(
    segmenter: Segmenter, points: list
) -> None:
    result = segmenter.predict(IMAGE, points)
    assert result.mask.any()
    assert any("the result is rough" in note for note in result.notes)


def test_ordinary_objects_have_no_note(segmenter: Segmenter) -> None:
    assert segmenter.predict(IMAGE, [[50, 50], [54, 46], [57, 50], [54, 53]]).notes == ()
    assert segmenter.predict(IMAGE, [[10, 50], [20, 49], [90, 50], [40, 51]]).notes == ()  # 3 rows


def test_a_constant_image_is_a_result_with_a_note(segmenter: Segmenter) -> None:
    flat = np.full((100, 120, 3), 77, np.uint8)
    assert any("one single colour" in note for note in segmenter.predict(flat, POINTS).notes)
    flat[50, 60] = 78
    assert segmenter.predict(flat, POINTS).notes == ()


def test_one_pixel_images_work(segmenter: Segmenter) -> None:
    result = segmenter.predict(
        np.zeros((1, 1), np.uint8), [[-0.5, 0], [0, -0.5], [0.5, 0], [0, 0.5]]
    )
    assert result.mask.tolist() == [[True]]


def test_the_image_is_not_written_to(segmenter: Segmenter) -> None:
    image = IMAGE.copy()
    image.setflags(write=False)
    segmenter.predict(image, POINTS)


def test_several_threads_may_share_a_segmenter(first_channel: Any) -> None:
    segmenter = Segmenter(first_channel)
    points = [np.array(POINTS) + shift for shift in range(-9, 9)]
    expected = [segmenter.predict(IMAGE, each).mask for each in points]
    with ThreadPoolExecutor(4) as pool:
        masks = list(pool.map(lambda each: segmenter.predict(IMAGE, each).mask, points))
    assert all(np.array_equal(a, b) for a, b in zip(masks, expected, strict=True))


def test_a_missing_embedded_model_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "EMBEDDED_MODEL", tmp_path / "small.onnx")
    with pytest.raises(ModelError, match="lacks the embedded model"):
        Segmenter()


def test_a_model_file_is_opened(disc_model: Path) -> None:
    segmenter = Segmenter(disc_model, threads=1)
    assert segmenter.device == "onnxruntime CPUExecutionProvider"
    assert segmenter.predict(IMAGE, POINTS).box_xyxy == (20, 30, 100, 70)
    assert Segmenter(str(disc_model)).backend.info.name == "disc"
    with pytest.raises(ModelError, match="cannot read the model"):
        Segmenter(disc_model.with_name("missing.onnx"))


@pytest.mark.parametrize("given", [5, b"small", SimpleNamespace(info=None)])
def test_what_is_no_model_is_refused_when_it_is_given(given: Any) -> None:
    with pytest.raises(ModelError, match=r"got (int|bytes|SimpleNamespace), which has no spec"):
        Segmenter(given)


def test_the_embedded_model_has_a_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, disc_model: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(module, "EMBEDDED_MODEL", disc_model)
    assert Segmenter("small").backend.info.name == Segmenter().backend.info.name == "disc"
    (tmp_path / "small").write_bytes(b"a file of that name comes first")
    with pytest.raises(ModelError, match="small is not a model; wanted an ONNX"):
        Segmenter("small")


def test_an_empty_name_is_no_wish_for_the_embedded_model() -> None:
    with pytest.raises(ModelError, match="cannot read the model"):
        Segmenter("")
