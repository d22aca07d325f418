from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from extremecut.geometry.boxes import Margin
from extremecut.geometry.colour_odds import ColourOdds, weigh_colours
from extremecut.geometry.guided_filter import GuidedFilter, follow_edges
from extremecut.inputs import InputSpec, prepare
from extremecut.predictor.refine import refine

POINTS = np.array([[20.0, 50.0], [60.0, 30.0], [99.0, 50.0], [60.0, 69.0]])
SPEC = InputSpec(size_px=32, margin=Margin(0))


@pytest.fixture
def image() -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (100, 140, 3), np.uint8)


@pytest.fixture
def found() -> np.ndarray:
    return np.tile(np.linspace(0.05, 0.95, 32, dtype=np.float32), (32, 1))


def test_without_settings_the_network_has_the_last_word(
    image: np.ndarray, found: np.ndarray
) -> None:
    assert np.array_equal(refine(found, prepare(image, POINTS, SPEC), POINTS, SPEC), found)


def test_colours_come_before_edges(image: np.ndarray, found: np.ndarray) -> None:
    spec = dataclasses.replace(SPEC, colour_odds=ColourOdds(), guided_filter=GuidedFilter())
    asked = prepare(image, POINTS, spec)
    rgb = asked.array[:3]
    weighed = weigh_colours(found, rgb, asked.frame.to_crop(POINTS), ColourOdds())
    assert not np.array_equal(weighed, found)
    followed = follow_edges(weighed, rgb, GuidedFilter())
    assert np.array_equal(refine(found, asked, POINTS, spec), followed)


def test_further_points_have_the_last_word(image: np.ndarray, found: np.ndarray) -> None:
    spec = dataclasses.replace(SPEC, colour_odds=ColourOdds(), guided_filter=GuidedFilter())
    points = np.concatenate([POINTS, [[70.0, 50.0]]])
    asked = prepare(image, points, spec)
    column, row = asked.frame.to_crop(points[-1:])[0].round().astype(int)
    assert refine(found, asked, points, spec)[row, column] == pytest.approx(0.5, abs=1e-3)
