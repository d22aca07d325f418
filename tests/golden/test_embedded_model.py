"""The embedded model on real photos: results may improve, never silently get worse."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from extremecut import Segmenter, extreme_points
from extremecut.datasets.sample import ObjectSet
from extremecut.datasets.suites import test_sets as suite_test_sets
from extremecut.evaluation.metrics import iou
from extremecut.images import load_image
from extremecut.runtime.model_file import EMBEDDED_MODEL

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
CARD = EMBEDDED_MODEL.with_suffix(".card.json")
CUP = [[77, 207], [297, 18], [479, 230], [277, 388]]

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the data folder {DATA} is not here")


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter(threads=1)


def test_the_cup_and_its_saucer(segmenter: Segmenter) -> None:
    result = segmenter.predict(ROOT / "examples" / "coffee.jpg", CUP)
    # The saucer is an ellipse and the cup stands out of it: about 73 % of the points' box.
    box_area = (480 - 77) * (389 - 18)
    assert 0.62 < result.mask.sum() / box_area < 0.82
    for inside in ([297, 200], [120, 210], [440, 260], [277, 380]):
        assert result.mask[inside[1], inside[0]]
    for outside in ([90, 40], [470, 380], [90, 380]):
        assert not result.mask[outside[1], outside[0]]
    assert result.confidence is not None and result.confidence > 0.85


def test_point_order_does_not_matter(segmenter: Segmenter) -> None:
    image = ROOT / "examples" / "coffee.jpg"
    assert np.array_equal(
        segmenter.predict(image, CUP).probability, segmenter.predict(image, CUP[::-1]).probability
    )


def test_a_long_batch_gives_what_single_predictions_give() -> None:
    segmenter = Segmenter(threads=2)
    image = np.asarray(load_image(ROOT / "examples" / "coffee.jpg"))
    noise = np.random.default_rng(0).uniform(-4, 4, (24, 4, 2))
    items = [(image, CUP + shift) for shift in noise]
    for item, result in zip(items, segmenter.predict_batch(items), strict=True):
        single = segmenter.predict(*item)
        assert np.array_equal(result.crop_probability, single.crop_probability)
        assert result.confidence == single.confidence


def test_the_file_is_the_one_the_card_describes(segmenter: Segmenter) -> None:
    card = json.loads(CARD.read_text())
    assert card["sha256"] == segmenter.backend.info.sha256
    assert EMBEDDED_MODEL.stat().st_size <= 12e6
    for entry in ("training_data", "licence", "recipe", "history", "metrics"):
        assert card[entry], entry


def mean_iou(segmenter: Segmenter, objects: ObjectSet, count: int) -> float:
    chosen = np.linspace(0, len(objects) - 1, min(count, len(objects))).astype(int)
    samples = (objects[int(index)] for index in chosen)
    return float(
        np.mean(
            [
                iou(
                    segmenter.predict(sample.image, extreme_points(sample.mask)).mask,
                    sample.mask,
                    sample.void,
                )
                for sample in samples
            ]
        )
    )


@needs_data
@pytest.mark.parametrize("name", ["grabcut", "coco", "ecssd", "davis"])
def test_mean_iou_stays_near_the_card_s(segmenter: Segmenter, name: str) -> None:
    quoted = json.loads(CARD.read_text())["metrics"]["test"][name]
    (objects,) = [part for part in suite_test_sets(DATA) if part.name == name]
    # A part of each set, so its mean differs from the whole's by sampling alone.
    assert mean_iou(segmenter, objects, 40) > quoted - 0.05
