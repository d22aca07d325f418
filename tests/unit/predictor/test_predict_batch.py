from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from extremecut import Segmenter
from extremecut.errors import ImageError, InputError, PointsError
from extremecut.predictor import loaded_image as module
from extremecut.predictor import segmenter as segmenter_module
from extremecut.runtime.model_file import open_model

IMAGE = np.random.default_rng(0).integers(0, 256, (100, 120, 3), np.uint8)
POINTS = [[20, 50], [60, 30], [99, 50], [60, 69]]


def test_a_batch_gives_what_single_predictions_give_in_order(first_channel: Any) -> None:
    segmenter = Segmenter(first_channel)
    items = [(IMAGE, np.array(POINTS) + shift) for shift in range(20)]
    results = list(segmenter.predict_batch(items))
    assert len(results) == 20
    for (image, points), result in zip(items, results, strict=True):
        assert np.array_equal(result.points_xy, points)
        assert np.array_equal(result.mask, segmenter.predict(image, points).mask)


def test_an_empty_batch_is_empty(segmenter: Segmenter) -> None:
    assert list(segmenter.predict_batch([])) == []


def test_a_batch_is_read_lazily(segmenter: Segmenter) -> None:
    read = []

    def items() -> Iterator[tuple[np.ndarray, list]]:
        for index in range(1000):
            read.append(index)
            yield IMAGE, POINTS

    results = segmenter.predict_batch(items())
    assert read == []
    next(results)
    assert len(read) <= 4
    results.close()  # type: ignore[attr-defined]
    assert len(read) <= 4


def test_a_buffer_may_be_reused_for_the_next_item(first_channel: Any) -> None:
    segmenter = Segmenter(first_channel)
    buffer = np.zeros_like(IMAGE)

    def frames() -> Iterator[tuple[np.ndarray, list]]:
        for value in (255, 0, 255, 0):
            buffer[:] = value
            yield buffer, POINTS

    found = [result.mask.any() for result in segmenter.predict_batch(frames())]
    assert found == [True, False, True, False]


def test_neighbouring_items_of_one_image_load_it_once(
    segmenter: Segmenter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = []

    def counting(source: Any, **options: Any) -> np.ndarray:
        loaded.append(source)
        return IMAGE

    monkeypatch.setattr(module, "load_image", counting)
    first, second = str(tmp_path / "a.png"), tmp_path / "b.png"
    items = [(first, POINTS), (Path(first), POINTS), (second, POINTS), (IMAGE, POINTS)]
    list(segmenter.predict_batch([*items, (IMAGE, POINTS), (first, POINTS)]))
    assert loaded == [first, second, IMAGE, first]


@pytest.mark.parametrize("kind", ["uint16", "float32", "opacity"])
def test_a_buffer_that_must_be_converted_may_be_reused_too(first_channel: Any, kind: str) -> None:
    shape, dtype = ((100, 120, 4), "uint8") if kind == "opacity" else ((100, 120, 3), kind)
    buffer = np.zeros(shape, dtype)
    buffer[..., 3:] = 254  # not quite opaque: laid over white, in a copy

    def frames() -> Iterator[tuple[np.ndarray, list]]:
        for value in (200, 0, 200, 0):
            buffer[:, 60:, :3], buffer[:, :60, :3] = value, 200 - value
            yield buffer, [[70, 50], [80, 30], [90, 50], [80, 69]]

    found = [result.mask.any() for result in Segmenter(first_channel).predict_batch(frames())]
    assert found == [True, False, True, False]


def test_each_frame_of_one_pil_image_is_seen(first_channel: Any, tmp_path: Path) -> None:
    first, second = (Image.new("RGB", (120, 100), colour) for colour in ("red", "blue"))
    first.save(tmp_path / "a.tif", save_all=True, append_images=[second])

    def frames(film: Image.Image) -> Iterator[tuple[Image.Image, list]]:
        for index in (0, 1, 0):
            film.seek(index)
            yield film, POINTS

    with Image.open(tmp_path / "a.tif") as film:
        results = Segmenter(first_channel).predict_batch(frames(film))
        assert [result.mask.any() for result in results] == [True, False, True]


def test_what_the_items_raise_comes_after_the_results_before_it(segmenter: Segmenter) -> None:
    def items() -> Iterator[tuple[np.ndarray, list]]:
        yield IMAGE, POINTS
        yield IMAGE, POINTS
        raise ImageError("no such image: c.png")

    results = segmenter.predict_batch(items())
    assert [next(results).mask.any(), next(results).mask.any()] == [True, True]
    with pytest.raises(ImageError, match=r"^no such image: c\.png$"):
        next(results)


def test_a_failing_item_is_named_after_the_results_before_it(segmenter: Segmenter) -> None:
    results = segmenter.predict_batch([(IMAGE, POINTS), (IMAGE, POINTS), (IMAGE, POINTS[:3])])
    assert [next(results).mask.any(), next(results).mask.any()] == [True, True]
    with pytest.raises(PointsError, match=r"item 2: four extreme points .* got 3"):
        next(results)
    with pytest.raises(ImageError, match="item 0: no such image"):
        next(segmenter.predict_batch([("missing.png", POINTS)]))


@pytest.mark.parametrize("item", [IMAGE, 5, (IMAGE, POINTS, "cup")])
def test_an_item_that_is_no_pair_is_named(segmenter: Segmenter, item: Any) -> None:
    results = segmenter.predict_batch([(IMAGE, POINTS), item])
    assert next(results).mask.any()
    with pytest.raises(InputError, match=r"item 1: an item must be a pair \(image, points_xy\)"):
        next(results)


def test_errors_of_the_network_reach_the_caller(backend_of: Any) -> None:
    def broken(batch: np.ndarray) -> np.ndarray:
        raise RuntimeError("out of memory")

    results = Segmenter(backend_of(broken)).predict_batch([(IMAGE, POINTS)] * 5)
    with pytest.raises(RuntimeError, match="out of memory"):
        next(results)


def test_a_long_batch_opens_the_model_once_more_for_one_thread_a_call(
    disc_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []

    def counting(path: Path, **options: Any) -> Any:
        opened.append(options)
        return open_model(path, **options)

    monkeypatch.setattr(segmenter_module, "open_model", counting)
    segmenter = Segmenter(disc_model, threads=2)
    assert opened == [{"device": "cpu", "threads": 2}]
    for count in (16, 17, 17):
        list(segmenter.predict_batch([(IMAGE, POINTS)] * count))
        assert len(opened) == (1 if count == 16 else 2)
    assert opened[1] == {"threads": 1}


def test_a_long_batch_does_not_go_on_with_another_model(disc_model: Path, tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx", reason="writing a model file needs the train extra")
    path = tmp_path / "trained.onnx"
    path.write_bytes(disc_model.read_bytes())
    segmenter = Segmenter(path, threads=2)
    other = onnx.load(disc_model)
    (probability,) = [each for each in other.graph.initializer if each.name == "disc"]
    probability.CopyFrom(onnx.numpy_helper.from_array(np.zeros((1, 1, 96, 96), np.float32), "disc"))
    path.write_bytes(other.SerializeToString())
    assert not Segmenter(path).predict(IMAGE, POINTS).mask.any()
    assert all(result.mask.any() for result in segmenter.predict_batch([(IMAGE, POINTS)] * 40))


@pytest.mark.parametrize("instead", [None, b"another file"])
def test_a_long_batch_goes_on_when_the_model_s_file_is_gone(
    disc_model: Path, tmp_path: Path, instead: bytes | None
) -> None:
    path = tmp_path / "moved.onnx"
    path.write_bytes(disc_model.read_bytes())
    segmenter = Segmenter(path, threads=2)
    path.unlink()
    if instead is not None:
        path.write_bytes(instead)
    results = list(segmenter.predict_batch([(IMAGE, POINTS)] * 40))
    assert len(results) == 40
    assert np.array_equal(results[-1].mask, results[0].mask)
