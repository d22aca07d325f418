"""The recipes of the embedded model: one long run, or a road of several parts."""

from __future__ import annotations

import dataclasses

from extremecut.networks.dextr_net import NetworkConfig
from extremecut.training.augment import Augmentation
from extremecut.training.config import Intervals, TrainConfig
from extremecut.training.loss import LossWeights
from extremecut.training.optimiser import OptimiserConfig, ScheduleConfig
from extremecut.training.stream import PointNoise

SMALL_NETWORK = NetworkConfig(head="skip-16", output_stride=32)
"""The embedded model's."""

OBJECT_SIZES = (0.45, 1.5)
"""Longer sides of training objects, over the crop's side: from enlarged to shrunk by half."""


def object_sizes(size_px: int) -> tuple[float, float]:
    """`Augmentation.long_side_px` for a crop of so many pixels."""
    return (OBJECT_SIZES[0] * size_px, OBJECT_SIZES[1] * size_px)


def small() -> TrainConfig:
    """The embedded model's network, MobileNetV2 with a skip decoder, in one long run at 256 px."""
    return TrainConfig(
        recipe="small",
        network=SMALL_NETWORK,
        augmentation=Augmentation(long_side_px=object_sizes(256)),
        noise=PointNoise(uniform=0.45, uniform_fraction=0.06, uniform_px=6.0, extra=0.25),
        steps=8000,
    )


def small_start() -> TrainConfig:
    """First of three parts of a shorter road to `small`: crops of 192 px cost half as much."""
    return dataclasses.replace(
        small().with_size(192),
        recipe="small-start",
        schedule=ScheduleConfig(final_factor=0.25),
        steps=1900,
    )


def small_middle() -> TrainConfig:
    """Second part, from the first's weights: all up to stride 4 is done and stays as it is."""
    return dataclasses.replace(
        small(),
        recipe="small-middle",
        network=dataclasses.replace(SMALL_NETWORK, frozen="early"),
        schedule=ScheduleConfig(final_factor=0.25),
        steps=6000,
    )


def small_finish() -> TrainConfig:
    """Last part, from the second's weights: larger crops, corrections and a falling rate."""
    return dataclasses.replace(
        small_middle().with_size(288),
        recipe="small-finish",
        optimiser=OptimiserConfig(learning_rate=7e-4),
        schedule=ScheduleConfig(warmup_steps=50),
        corrections=0.25,
        steps=1100,
    )


def small_further() -> TrainConfig:
    """More of it from weights that have seen all parts: examples vary more, crops are smaller.

    By then the photos are known: more objects on other backgrounds and behind others, stronger
    decay and a slower average hold off learning them by heart. Corrections, which cost a sixth of
    the time, are left to the finish that follows.
    """
    base = small_middle().with_size(224)
    return dataclasses.replace(
        base,
        recipe="small-further",
        augmentation=dataclasses.replace(
            base.augmentation, rotation_deg=30.0, new_background=0.3, occluder=0.25
        ),
        noise=dataclasses.replace(base.noise, uniform=0.55, uniform_px=7.0),
        optimiser=OptimiserConfig(learning_rate=6e-4, weight_decay=0.05),
        schedule=ScheduleConfig(final_factor=0.2),
        steps=3600,
        average_decay=0.9995,
        intervals=Intervals(validate_every=1800, checkpoint_every=300),
    )


def small_crowded() -> TrainConfig:
    """In place of `small_finish` after `small_further`: more of other objects in the box.

    Where the clicked object leaves much of its box empty, networks tend to take what else is in it.
    """
    base = small_further()
    return dataclasses.replace(
        small_finish(),
        recipe="small-crowded",
        augmentation=dataclasses.replace(
            base.with_size(288).augmentation,
            new_background=0.15,
            occluder=0.15,
            occluder_inside=0.2,
            distractor=0.25,
            prefer_sparse=0.8,
        ),
        noise=base.noise,
    )


def small_separable() -> TrainConfig:
    """The small model's answers with less work: separable convolutions in its decoder.

    The decoder alone learns, and from answers alone: what a model knows is not lost again over the
    photos' masks.
    """
    return dataclasses.replace(
        small_further().with_size(288),
        recipe="small-separable",
        network=dataclasses.replace(SMALL_NETWORK, head="skip-16-separable", frozen="backbone"),
        loss=LossWeights(balanced=0.0, plain=0.0, jaccard=0.0, distillation=1.0),
        teacher="small",
        optimiser=OptimiserConfig(learning_rate=3e-3),
        schedule=ScheduleConfig(warmup_steps=100),
        steps=6000,
        average_decay=0.998,
    )
