"""Run methods over data sets: one row an object, in memory, nothing rounded in between."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extremecut.datasets.sample import ObjectSample, ObjectSet
from extremecut.errors import PointsError
from extremecut.evaluation.methods import Method, Outcome
from extremecut.evaluation.metrics import (
    boundary_f,
    fill_class,
    grabcut_error,
    iou,
    iou_at_thresholds,
    size_class,
)
from extremecut.geometry.boxes import Box
from extremecut.geometry.extreme_points import add_uniform_noise, extreme_points

SWEEP = tuple(round(0.2 + 0.05 * step, 2) for step in range(13))
"""Thresholds of a sweep: 0.2, 0.25, ... 0.8."""


@dataclass(frozen=True, slots=True)
class ObjectRow:
    """One object segmented by one method."""

    data: str
    method: str
    noise_px: float
    index: int
    """Number of the object in its set."""
    name: str
    area_px: int
    """Object pixels."""
    area_fraction: float
    """Object pixels / image pixels."""
    size: str
    """COCO's size class."""
    fill: str
    """How much of its box the object fills, see `metrics.fill_class`."""
    iou: float
    boundary_f: float
    error: float
    """GrabCut error, in [0, 1]."""
    confidence: float | None
    seconds: float
    """From the image in memory to the full-size mask."""
    refused: bool = False
    """The method refused the points: counted as an empty mask."""
    sweep: tuple[float, ...] = ()
    """IoU at each threshold of the sweep."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What is run on each data set."""

    noise_px: tuple[float, ...] = (0.0, 5.0)
    """The points are exact (0), then with uniform noise of so many pixels."""
    seed: int = 0
    """For the noise; each object has its own generator."""
    thresholds: tuple[float, ...] = ()
    """Thresholds to sweep the model over, ascending; none: no sweep."""
    limit: int | None = None
    """At most so many objects of each set, evenly spread."""
    baseline_limit: int | None = None
    """At most so many objects of each set for the baselines, evenly spread."""


def simulated_points(
    sample: ObjectSample, *, noise_px: float = 0.0, seed: int = 0
) -> NDArray[np.float64]:
    """The points an evaluation gives: the middle of the ties on each side, perhaps with noise.

    The noise depends on the seed and the object's name alone, so that a part of a set sees the
    same points as the whole. Noisy points may lie outside the image, as clicks beside it do; only
    where none would touch the image they are moved onto its rim.

    Returns:
        (4, 2) float64, image pixels.
    """
    points = extreme_points(sample.mask)
    if noise_px <= 0:
        return points
    # A file's name need not be text: what is none of it passes as lone surrogates.
    rng = np.random.default_rng([seed, zlib.crc32(sample.name.encode(errors="surrogatepass"))])
    noisy = add_uniform_noise(points, noise_px=noise_px, rng=rng)
    size_hw = sample.mask.shape
    if Box.around_points(noisy).intersection(Box.of_image(size_hw)) is None:
        noisy = np.clip(noisy, 0, (size_hw[1] - 1, size_hw[0] - 1))
    return noisy


def spread_indices(count: int, limit: int | None) -> list[int]:
    """At most `limit` of the numbers 0..count-1, evenly spread; all without a limit."""
    if limit is None or limit >= count:
        return list(range(count))
    return [int(index) for index in np.linspace(0, count - 1, max(limit, 0)).round()]


def evaluate(
    objects: ObjectSet,
    method: Method,
    *,
    noise_px: float = 0.0,
    seed: int = 0,
    thresholds: Sequence[float] = (),
    indices: Sequence[int] | None = None,
) -> Iterator[ObjectRow]:
    """Segment objects of a set and measure each.

    Args:
        thresholds: sweep the method's probabilities over these, ascending.
        indices: which objects; all when None.
    """
    chosen = range(len(objects)) if indices is None else indices
    for index in chosen:
        sample = objects[index]
        points = simulated_points(sample, noise_px=noise_px, seed=seed)
        outcome, seconds, refused = timed_segment(method, sample, points)
        sweep: tuple[float, ...] = ()
        if refused and thresholds:  # an empty mask at each of them
            sweep = (iou(outcome.mask, sample.mask, sample.void),) * len(thresholds)
        elif thresholds and outcome.probability is not None:
            edges = np.array(thresholds, np.float64)
            probability = outcome.probability()
            sweep = tuple(iou_at_thresholds(probability, sample.mask, sample.void, edges).tolist())
        area = int(np.count_nonzero(sample.mask))
        yield ObjectRow(
            data=objects.name,
            method=method.name,
            noise_px=noise_px,
            index=index,
            name=sample.name,
            area_px=area,
            area_fraction=area / sample.mask.size,
            size=size_class(area),
            fill=fill_class(sample.mask),
            iou=iou(outcome.mask, sample.mask, sample.void),
            boundary_f=boundary_f(outcome.mask, sample.mask, sample.void),
            error=grabcut_error(outcome.mask, sample.mask, sample.void),
            confidence=outcome.confidence,
            seconds=seconds,
            refused=refused,
            sweep=sweep,
        )


def timed_segment(
    method: Method, sample: ObjectSample, points_xy: NDArray[np.float64]
) -> tuple[Outcome, float, bool]:
    """(outcome, seconds, refused); points that the method refuses give an empty mask."""
    start = time.perf_counter()
    refused = False
    try:
        outcome = method.segment(sample.image, points_xy)
    except PointsError:
        outcome = Outcome(np.zeros(sample.mask.shape, np.bool_))
        refused = True
    return outcome, time.perf_counter() - start, refused


def evaluate_all(
    sets: Sequence[ObjectSet],
    model: Method,
    baselines: Sequence[Method],
    settings: Settings,
    *,
    on_row: Callable[[ObjectRow], object] = lambda row: None,
) -> list[ObjectRow]:
    """The model on all sets with each noise, and the baselines with exact points.

    Args:
        on_row: called after each object, for a progress bar.
    """
    rows: list[ObjectRow] = []
    for objects, method, noise, thresholds, indices in _runs(sets, model, baselines, settings):
        found = evaluate(
            objects,
            method,
            noise_px=noise,
            seed=settings.seed,
            thresholds=thresholds,
            indices=indices,
        )
        for row in found:
            rows.append(row)
            on_row(row)
    return rows


def count_rows(
    sets: Sequence[ObjectSet],
    model: Method,
    baselines: Sequence[Method],
    settings: Settings,
) -> int:
    """How many rows `evaluate_all` will give."""
    return sum(len(indices) for *_, indices in _runs(sets, model, baselines, settings))


_Run = tuple[ObjectSet, Method, float, tuple[float, ...], list[int]]


def _runs(
    sets: Sequence[ObjectSet],
    model: Method,
    baselines: Sequence[Method],
    settings: Settings,
) -> Iterator[_Run]:
    for objects in sets:
        indices = spread_indices(len(objects), settings.limit)
        for noise in settings.noise_px:
            # The threshold is chosen on exact points.
            thresholds = settings.thresholds if noise == 0 else ()
            yield objects, model, noise, thresholds, indices
        chosen = spread_indices(len(indices), settings.baseline_limit)
        for baseline in baselines:
            yield objects, baseline, 0.0, (), [indices[number] for number in chosen]
