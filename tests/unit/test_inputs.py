from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from extremecut.errors import ConfigError
from extremecut.geometry.boxes import Box, Margin
from extremecut.geometry.colour_odds import ColourOdds
from extremecut.geometry.guided_filter import GuidedFilter
from extremecut.inputs import InputSpec, crop_frame, guidance_map, prepare, with_further_points

POINTS = np.array([[20.0, 30.0], [30.0, 20.0], [39.0, 30.0], [30.0, 39.0]])
PLAIN = InputSpec(
    size_px=32, margin=Margin(6), mean_rgb=(0.0, 0.0, 0.0), std_rgb=(1.0, 1.0, 1.0)
)  # the box of POINTS is 20 x 20 pixels: with the margin 32 x 32, the size of the crop


def test_the_first_three_channels_are_the_normalised_crop() -> None:
    image = np.random.default_rng(0).integers(0, 256, (60, 70, 3), np.uint8)
    spec = dataclasses.replace(PLAIN, mean_rgb=(10.0, 20.0, 30.0), std_rgb=(1.0, 2.0, 4.0))
    prepared = prepare(image, POINTS, spec)
    assert prepared.array.shape == (4, 32, 32) and prepared.array.dtype == np.float32
    assert prepared.frame.box == Box(14, 14, 46, 46)
    assert prepared.points_box == Box(20, 20, 40, 40)
    cut = image[14:46, 14:46].astype(np.float32)
    for channel, (mean, std) in enumerate([(10, 1), (20, 2), (30, 4)]):
        expected = (cut[:, :, channel] - mean) / std
        assert np.allclose(prepared.array[channel], expected, atol=1e-4)


def test_the_fourth_channel_peaks_at_the_points() -> None:
    prepared = prepare(np.zeros((60, 70, 3), np.uint8), POINTS, PLAIN)
    guidance = prepared.array[3]
    for x, y in POINTS:
        assert guidance[int(y) - 14, int(x) - 14] == 1.0
    assert np.count_nonzero(guidance == 1.0) == 4


@pytest.mark.parametrize("guidance", ["gaussian", "distance"])
def test_points_added_to_a_guidance_map_are_as_if_there_from_the_start(guidance: str) -> None:
    spec = dataclasses.replace(PLAIN, guidance=guidance, guidance_range=3.0)
    frame = crop_frame(POINTS, spec)
    further = np.array([[31.5, 25.0]])
    together = guidance_map(np.concatenate([POINTS, further]), frame, spec)
    added = with_further_points(guidance_map(POINTS, frame, spec), frame.to_crop(further), spec)
    assert np.array_equal(added, together)


def test_points_cannot_be_added_to_a_stretched_map() -> None:
    spec = dataclasses.replace(PLAIN, guidance_stretch=True)
    with pytest.raises(ConfigError, match="stretched"):
        with_further_points(np.zeros((32, 32), np.float32), np.zeros((1, 2)), spec)


def test_black_beyond_the_image_is_normalised_like_black() -> None:
    spec = dataclasses.replace(PLAIN, mean_rgb=(100.0, 0.0, 0.0), std_rgb=(50.0, 1.0, 1.0))
    prepared = prepare(np.full((34, 34, 3), 200, np.uint8), POINTS, spec)
    assert prepared.array[0, 0, 0] == pytest.approx(2.0)
    assert prepared.array[0, -1, -1] == pytest.approx(-2.0)


def test_guidance_has_the_range_and_kind_asked_for() -> None:
    frame = crop_frame(POINTS, PLAIN)
    wide = dataclasses.replace(PLAIN, guidance_range=255.0)
    assert guidance_map(POINTS, frame, wide).max() == 255.0
    distance = dataclasses.replace(PLAIN, guidance="distance", guidance_width_px=8.0)
    drawn = guidance_map(POINTS, frame, distance)
    assert drawn[30 - 14, 20 - 14] == 0.0 and drawn[0, 0] == 1.0
    stretched = dataclasses.replace(PLAIN, guidance_stretch=True, guidance_width_px=40.0)
    drawn = guidance_map(POINTS, frame, stretched)
    assert (drawn.min(), drawn.max()) == (0.0, 1.0)


def test_the_released_models_round_points_down_without_half_pixels() -> None:
    spec = dataclasses.replace(PLAIN, point_rounding="floor", size_px=64)
    frame = crop_frame(POINTS, spec)
    drawn = guidance_map(POINTS, frame, spec)
    assert drawn[2 * (30 - 14), 2 * (20 - 14)] == 1.0  # int(64 * (p - 14) / 32)
    # A fraction of a crop pixel further down and right, they are drawn at the same place.
    assert np.array_equal(guidance_map(POINTS + 0.4, frame, spec), drawn)


@pytest.mark.parametrize(
    "spec",
    [
        InputSpec(),
        InputSpec.dextr_2018(),
        dataclasses.replace(PLAIN, second_look=0.25),
        dataclasses.replace(InputSpec(), guided_filter=GuidedFilter(radius_px=6, softness=0.1)),
        dataclasses.replace(InputSpec(), colour_odds=ColourOdds(weight=0.5, bins=12)),
    ],
)
def test_a_spec_survives_json(spec: InputSpec) -> None:
    assert InputSpec.from_json(spec.to_json()) == spec


@pytest.mark.parametrize("later", ["guided_filter", "colour_odds"])
def test_a_spec_that_was_written_before_a_refinement_has_none(later: str) -> None:
    fields = json.loads(InputSpec().to_json())
    del fields[later]
    assert InputSpec.from_json(json.dumps(fields)) == InputSpec()


@pytest.mark.parametrize(("mirror", "second_look"), [(True, 0.0), (False, None)])
def test_a_spec_of_an_older_file_is_understood(mirror: bool, second_look: float | None) -> None:
    fields = json.loads(InputSpec().to_json())
    del fields["second_look"]
    text = json.dumps(fields | {"mirror": mirror})
    assert InputSpec.from_json(text) == dataclasses.replace(InputSpec(), second_look=second_look)


def test_the_released_models_spec_is_the_papers() -> None:
    assert InputSpec.dextr_2018() == InputSpec(
        size_px=512,
        margin=Margin(50, "image_px"),
        resampling="cubic",
        guidance="gaussian",
        guidance_width_px=10.0,
        guidance_range=255.0,
        guidance_stretch=True,
        point_rounding="floor",
        mean_rgb=(0.0, 0.0, 0.0),
        std_rgb=(1.0, 1.0, 1.0),
        threshold=0.8,
        clip_to_box=True,
    )


def edited(**changes: object) -> str:
    return json.dumps(json.loads(InputSpec().to_json()) | changes)


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", "null", edited(surprise=1), edited(margin=None), edited(mean_rgb=[1, 2]),
        edited(margin={"amount": -1}), edited(size_px=4), edited(threshold=1.0),
        edited(guidance="words"), edited(resampling="nearest"), edited(point_rounding="up"),
        edited(std_rgb=[1, 0, 1]), edited(guidance_width_px=0),
        edited(second_look=-0.1), edited(guided_filter={"radius_px": 3}),
        edited(guided_filter={"surprise": 1}), edited(guided_filter="yes"),
        edited(guided_filter={"radius_px": 4.0}), edited(guided_filter={}, std_rgb=[1, 1, 1]),
        edited(colour_odds={"bins": 1}), edited(colour_odds={"surprise": 1}),
        edited(size_px=288.0), edited(size_px="288"), edited(mean_rgb=["a", "b", "c"]),
        edited(mean_rgb=[1, 2, float("nan")]), edited(std_rgb=[1, 2, float("inf")]),
        edited(mean_rgb=[1, 2, 10**400]), edited(mean_rgb=[1, 2, 1e300]), "[" * 100_000,
        edited(std_rgb=[1, 2, 1e-300]), edited(std_rgb=[1, 2, 1e300]), edited(std_rgb=[1, "2", 3]),
        edited(guidance_width_px=float("inf")),
        edited(guidance_width_px=1e308), edited(guidance_range=float("inf")),
        edited(clip_to_box="no"), edited(guidance_stretch=0), edited(threshold="0.5"),
        edited(margin={"amount": 1e308}), edited(margin={"amount": 1e12, "unit": "box"}),
        edited(margin={"amount": "1"}), edited(margin={"amount": 1, "minimum_px": 0.5}),
        edited(margin={"amount": 1, "unit": []}), edited(colour_odds="yes"),
        edited(colour_odds={}, std_rgb=[1, 1, 1]), edited(colour_odds={"weight": float("inf")}),
        edited(colour_odds={"near": 1e308}), edited(guided_filter={"radius_px": 10**9}),
    ],
)  # fmt: skip
def test_a_damaged_spec_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        InputSpec.from_json(text)
