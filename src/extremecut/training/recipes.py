"""Named settings: each recipe is a function that returns a configuration without its data.

An ablation is `dataclasses.replace(small(), ...)`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from extremecut.errors import ConfigError
from extremecut.inputs import InputSpec
from extremecut.networks.dextr_net import NetworkConfig
from extremecut.networks.official import PSP_2018
from extremecut.training.augment import Augmentation
from extremecut.training.config import Intervals, TrainConfig
from extremecut.training.devices import ExecutionConfig
from extremecut.training.loss import LossWeights
from extremecut.training.optimiser import OptimiserConfig, ScheduleConfig
from extremecut.training.small_recipes import (
    object_sizes,
    small,
    small_crowded,
    small_finish,
    small_further,
    small_middle,
    small_separable,
    small_start,
)
from extremecut.training.sources import DataConfig, SetChoice
from extremecut.training.stream import PointNoise


def paper() -> TrainConfig:
    """Section 4.1 of the paper: ResNet-101, PSP, stride 8, 512 px, SGD, 100 epochs of batch 5.

    The paper's rates, 1e-8 and ten times that for the head, belong to a loss summed over the
    512 x 512 pixels; here the loss is their mean. docs/training.md lists what differs.
    """
    pixels = 512 * 512
    return TrainConfig(
        recipe="paper",
        network=dataclasses.replace(PSP_2018, batch_norm="2018"),
        spec=InputSpec.dextr_2018(),
        augmentation=Augmentation(
            flip=0.5,
            rotation_deg=20.0,
            upright=0.0,
            stretch=0.0,
            zoom=(0.75, 1.25),
            long_side_px=(1e9, 1e9),
            context_px=80,
            colour=0.0,
            greyscale=0.0,
            blur=0.0,
            noise=0.0,
            new_background=0.0,
            occluder=0.0,
        ),
        noise=PointNoise(jitter_px=5, uniform=0.0, extra=0.0),
        loss=LossWeights(balanced=1.0, plain=0.0, jaccard=0.0),
        optimiser=OptimiserConfig(
            kind="sgd",
            learning_rate=1e-7 * pixels,
            body_factor=0.1,
            stem_with_head=False,
            weight_decay=5e-4,
            decay_norm_and_bias=True,
            momentum=0.9,
            clip_norm=0.0,
        ),
        schedule=ScheduleConfig(kind="constant", warmup_steps=0),
        epochs=100,
        batch_size=5,
        average_decay=0.0,
        execution=ExecutionConfig(precision="32-true", workers=4),
    )


def large() -> TrainConfig:
    """ResNet-101 v2 at 512 px for one big GPU; a teacher for small networks.

    Guidance is as wide, relative to the crop, as the small model's: the two understand each
    other's inputs.
    """
    return TrainConfig(
        recipe="large",
        network=NetworkConfig(backbone="resnet101_v2", head="skip", output_stride=16),
        spec=InputSpec(
            size_px=512,
            guidance_width_px=24.0,
            mean_rgb=(127.5, 127.5, 127.5),
            std_rgb=(127.5, 127.5, 127.5),
        ),
        augmentation=Augmentation(long_side_px=object_sizes(512)),
        optimiser=OptimiserConfig(learning_rate=5e-4),
        steps=8000,
        batch_size=32,
        intervals=Intervals(log_every=50, validate_every=500, checkpoint_every=500),
        execution=ExecutionConfig(workers=14),
    )


def finetune() -> TrainConfig:
    """A short run from a checkpoint, for data of another kind; network and spec are its own."""
    return TrainConfig(
        recipe="finetune",
        augmentation=Augmentation(long_side_px=object_sizes(256)),
        optimiser=OptimiserConfig(learning_rate=3e-4, body_factor=0.5),
        schedule=ScheduleConfig(warmup_steps=30),
        steps=400,
        average_decay=0.99,
        intervals=Intervals(log_every=20, validate_every=100, checkpoint_every=100),
    )


def tiny_test() -> TrainConfig:
    """Six steps on synthetic shapes: seconds on a CPU. Shows that everything works."""
    return TrainConfig(
        recipe="tiny-test",
        data=DataConfig(
            train=(SetChoice("synthetic:?count=64&seed=1"),),
            validation=("synthetic:?count=8&seed=2",),
        ),
        spec=InputSpec(size_px=64),
        augmentation=Augmentation(long_side_px=object_sizes(64)),
        schedule=ScheduleConfig(warmup_steps=2),
        steps=6,
        batch_size=4,
        average_decay=0.9,
        intervals=Intervals(log_every=2, validate_every=3, checkpoint_every=2, pictures=2),
        execution=ExecutionConfig(accelerator="cpu", precision="32-true", workers=0),
    )


_FUNCTIONS = (
    small, small_start, small_middle, small_finish, small_further, small_crowded, small_separable,
    paper, large, finetune, tiny_test,
)  # fmt: skip
RECIPES: dict[str, Callable[[], TrainConfig]] = {
    function.__name__.replace("_", "-"): function for function in _FUNCTIONS
}


def recipe(name: str) -> TrainConfig:
    """The configuration of a recipe.

    Raises:
        ConfigError: no recipe of that name.
    """
    if name not in RECIPES:
        raise ConfigError(f"the recipe must be one of {', '.join(RECIPES)}; got {name!r}")
    return RECIPES[name]()
