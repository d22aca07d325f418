"""The endless stream of training examples: example number n is a pure function of (seed, n).

Resuming at any n, with any number of workers, therefore gives the very same examples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extremecut.datasets.sample import ObjectSample, ObjectSet
from extremecut.geometry.boxes import Box, share_of_box
from extremecut.geometry.extreme_points import (
    add_uniform_noise,
    boundary_points,
    extreme_points,
)
from extremecut.inputs import InputSpec, prepare
from extremecut.training.augment import Augmentation, change_colour, warp
from extremecut.training.copy_paste import paste_behind, paste_inside, paste_onto, paste_over

UNIFORM_CEILING = 0.15
"""No noise is larger than this fraction of the box's longer side, however small the object."""


@dataclass(frozen=True, slots=True)
class PointNoise:
    """How training's points differ from the exact ones."""

    jitter_px: int = 5
    """Points are drawn among the mask pixels this close to their side (paper: 5 of 512)."""
    uniform: float = 0.3
    """Probability of noise on top, drawn from U(-a, a) with a = U(0, uniform_fraction * side)."""
    uniform_fraction: float = 0.03
    """Largest noise, as a fraction of the box's longer side."""
    uniform_px: float = 0.0
    """Largest noise in pixels of the photo, where that is more, up to `UNIFORM_CEILING`.

    A hand that misses by 5 px misses a small object by a large part of it.
    """
    extra: float = 0.15
    """Probability of one to three further points on the boundary, more often than not where the
    first four say least about it."""


class Example(NamedTuple):
    """One example as arrays."""

    array: NDArray[np.float32]
    """(4, S, S), see `NetworkInput`."""
    target: NDArray[np.float32]
    """(1, S, S) in [0, 1], the share of each crop pixel that the mask covers."""
    void: NDArray[np.bool_]
    """(1, S, S)."""


def example_points(
    mask: NDArray[np.bool_],
    noise: PointNoise,
    rng: np.random.Generator,
    *,
    photo_side_px: float,
) -> NDArray[np.float64]:
    """Simulated clicks: extreme points with jitter, sometimes noise, sometimes more points.

    `photo_side_px` is the longer side of the object's box in its photo, before any scaling.
    """
    box = Box.around_mask(mask)
    assert box is not None
    longer = max(box.width, box.height)
    # The paper's 5 px are of a 512 px crop: small objects get proportionally less.
    jitter = min(noise.jitter_px, max(1, round(0.02 * longer)))
    points = extreme_points(mask, jitter_px=int(rng.integers(jitter + 1)), rng=rng)
    if rng.random() < noise.extra:
        known = points if rng.random() < 0.6 else None
        more = boundary_points(mask, int(rng.integers(1, 4)), rng=rng, unlike_xy=known)
        points = np.concatenate([points, more])
    if rng.random() < noise.uniform:
        of_photo = min(noise.uniform_px / photo_side_px, UNIFORM_CEILING)
        amplitude = rng.uniform(0, max(noise.uniform_fraction, of_photo)) * longer
        points = add_uniform_noise(points, noise_px=amplitude, rng=rng)
    return points


def make_example(sample: ObjectSample, points_xy: NDArray[np.float64], spec: InputSpec) -> Example:
    """Input, target and void of one object, all cut by the same frame."""
    network_input = prepare(sample.image, points_xy, spec)
    covered = network_input.frame.cut(sample.mask.view(np.uint8) * np.uint8(255))
    if sample.void is None:
        void = np.zeros(covered.shape, bool)
    else:
        void = network_input.frame.cut(sample.void.view(np.uint8) * np.uint8(255)) > 127
    target = covered.astype(np.float32) / np.float32(255)
    return Example(network_input.array, target[None], void[None])


class ExampleStream:
    """Indexable by example number, without end; suits `torch.utils.data.DataLoader`."""

    def __init__(
        self,
        sets: Sequence[ObjectSet],
        weights: Sequence[float],
        *,
        spec: InputSpec,
        augmentation: Augmentation,
        noise: PointNoise,
        seed: int,
    ) -> None:
        if len(sets) != len(weights) or not sets:
            raise ValueError(f"one weight a set is needed, got {len(sets)} and {len(weights)}")
        self.sets = sets
        self.shares = np.cumsum(np.array(weights, float)) / sum(weights)
        self.spec = spec
        self.augmentation = augmentation
        self.noise = noise
        self.seed = seed

    def __getitem__(self, number: int) -> Example:
        rng = np.random.default_rng([self.seed, number])
        while True:
            drawn = self._draw_to_learn(rng)
            sample = self._composed(warp(drawn, self.augmentation, rng), rng)
            if sample.mask.any():
                break
        image = change_colour(sample.image, self.augmentation, rng)
        drawn_box = Box.around_mask(drawn.mask)
        assert drawn_box is not None
        points = example_points(
            sample.mask,
            self.noise,
            rng,
            photo_side_px=max(drawn_box.width, drawn_box.height),
        )
        return make_example(ObjectSample(image, sample.mask, sample.void), points, self.spec)

    def _draw_to_learn(self, rng: np.random.Generator) -> ObjectSample:
        while True:
            drawn = self._draw(rng)
            preference = self.augmentation.prefer_sparse
            if not preference or rng.random() >= preference * share_of_box(drawn.mask):
                return drawn

    def _composed(self, sample: ObjectSample, rng: np.random.Generator) -> ObjectSample:
        settings = self.augmentation
        if settings.distractor and rng.random() < settings.distractor:
            sample = paste_behind(sample, self._draw(rng), rng)
        if settings.occluder_inside and rng.random() < settings.occluder_inside:
            sample = paste_inside(sample, self._draw(rng), rng)
        if rng.random() < settings.occluder:
            sample = paste_over(sample, self._draw(rng), rng)
        if rng.random() < settings.new_background:
            sample = paste_onto(sample, self._draw(rng).image, rng)
        return sample

    def _draw(self, rng: np.random.Generator) -> ObjectSample:
        chosen = self.sets[int(np.searchsorted(self.shares, rng.random(), side="right"))]
        return chosen[int(rng.integers(len(chosen)))]
