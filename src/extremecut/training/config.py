"""All settings of a training run, as it stores them in its folder."""

from __future__ import annotations

import dataclasses
import json
import math
import types
from dataclasses import dataclass
from typing import Any, get_args, get_origin, get_type_hints

from extremecut.errors import ConfigError
from extremecut.inputs import InputSpec
from extremecut.networks.dextr_net import NetworkConfig
from extremecut.training.augment import Augmentation
from extremecut.training.devices import ExecutionConfig
from extremecut.training.loss import LossWeights
from extremecut.training.optimiser import OptimiserConfig, ScheduleConfig
from extremecut.training.sources import DataConfig
from extremecut.training.stream import PointNoise


@dataclass(frozen=True, slots=True)
class Intervals:
    """How often a run reports and saves. The last step always does all of it."""

    log_every: int = 100
    """Steps between rows of `log.csv`."""
    validate_every: int = 1000
    """Steps between validations; each is followed by a checkpoint."""
    checkpoint_every: int = 1000
    """Steps between checkpoints."""
    checkpoint_minutes: float = 10.0
    """Minutes after which a checkpoint is written anyway."""
    pictures: int = 4
    """Objects of each validation set that are drawn at each validation."""

    def __post_init__(self) -> None:
        if min(self.log_every, self.validate_every, self.checkpoint_every) < 1:
            raise ConfigError("log_every, validate_every and checkpoint_every must be >= 1")
        if not self.checkpoint_minutes > 0 or self.pictures < 0:
            raise ConfigError("checkpoint_minutes must be > 0 and pictures >= 0")


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """One run. Named starting points are in `recipes`."""

    recipe: str
    """The name of the recipe it was made from."""
    data: DataConfig = DataConfig()
    """What to learn from and what to measure on."""
    network: NetworkConfig = NetworkConfig()
    """Which network; with `init` that of the model, see `start.starting_from`."""
    spec: InputSpec = InputSpec()
    """How inputs are prepared."""
    init: str | None = None
    """A model to start from: a checkpoint, an exported ONNX file, or a name such as "small"."""
    backbone_weights: str | None = None
    """A file with the backbone's ImageNet weights; without it and `init` all starts at random."""
    augmentation: Augmentation = Augmentation()
    noise: PointNoise = PointNoise()
    """How simulated points differ from exact ones."""
    corrections: float = 0.0
    """Share of each minibatch that gets one or two more points where the network's own mask of it
    is wrong most, as a person would click."""
    loss: LossWeights = LossWeights()
    teacher: str | None = None
    """A model whose probabilities the distillation term follows; given as `init`."""
    optimiser: OptimiserConfig = OptimiserConfig()
    schedule: ScheduleConfig = ScheduleConfig()
    steps: int | None = None
    """Optimiser steps in all; or give `epochs`."""
    epochs: float | None = None
    """Passes over as many examples as the sets hold objects."""
    batch_size: int = 16
    """Examples of a step, of all processes together."""
    average_decay: float = 0.999
    """Of the moving average of the weights; 0 for none."""
    seed: int = 1
    """Examples and initial weights follow from it."""
    intervals: Intervals = Intervals()
    execution: ExecutionConfig = ExecutionConfig()

    def __post_init__(self) -> None:
        if (self.steps is None) == (self.epochs is None):
            raise ConfigError(f"give either steps or epochs, got {self.steps} and {self.epochs}")
        if self.steps is not None and self.steps < 1:
            raise ConfigError(f"steps must be >= 1, got {self.steps}")
        if self.epochs is not None and not self.epochs > 0:
            raise ConfigError(f"epochs must be > 0, got {self.epochs}")
        if self.batch_size < 2:
            raise ConfigError(f"batch_size must be >= 2 (batch norm), got {self.batch_size}")
        if not 0 <= self.seed < 2**64:
            raise ConfigError(f"seed must be in 0..2**64 - 1, got {self.seed}")
        if not 0 <= self.corrections <= 1:
            raise ConfigError(f"corrections must be in 0..1, got {self.corrections}")
        if self.corrections and self.spec.guidance_stretch:
            raise ConfigError("corrections need guidance maps that are not stretched")
        if not 0 <= self.average_decay < 1:
            raise ConfigError(f"average_decay must be in 0..1, got {self.average_decay}")
        if self.init and self.backbone_weights:
            raise ConfigError("init and backbone_weights exclude each other: give one")
        if bool(self.teacher) != bool(self.loss.distillation):
            raise ConfigError(
                "a teacher and a positive weight of the distillation term belong together, got "
                f"teacher {self.teacher!r} and weight {self.loss.distillation}"
            )

    def total_steps(self, objects: int) -> int:
        """Steps of the whole run.

        Args:
            objects: number of objects of all training sets together.
        """
        if self.steps is not None:
            return self.steps
        assert self.epochs is not None
        return max(1, math.ceil(self.epochs * objects / self.batch_size))

    def with_size(self, size_px: int) -> TrainConfig:
        """The same run at another crop size; the sizes of training objects follow."""
        factor = size_px / self.spec.size_px
        low, high = self.augmentation.long_side_px
        return dataclasses.replace(
            self,
            spec=dataclasses.replace(self.spec, size_px=size_px),
            augmentation=dataclasses.replace(
                self.augmentation, long_side_px=(low * factor, high * factor)
            ),
        )

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self), indent=1)

    @classmethod
    def from_json(cls, text: str) -> TrainConfig:
        """Read what `to_json` wrote.

        Raises:
            ConfigError: not JSON, missing or unknown fields, values out of range.
        """
        try:
            config = _build(cls, json.loads(text))
        except ConfigError:
            raise
        except (ValueError, TypeError, AttributeError) as error:
            raise ConfigError(f"not a valid training configuration: {error}") from None
        assert isinstance(config, cls)
        return config


def _build(cls: type, fields: dict[str, Any]) -> Any:
    """A dataclass from its fields as JSON holds them, dataclasses inside it likewise."""
    hints = get_type_hints(cls)
    unknown = sorted(set(fields) - set(hints))
    if unknown:
        raise ConfigError(f"{cls.__name__} has no fields {', '.join(unknown)}")
    return cls(**{name: _convert(hints[name], value) for name, value in fields.items()})


def _convert(hint: Any, value: Any) -> Any:
    if isinstance(hint, types.UnionType):  # "X | None"
        if value is None:
            return None
        (hint,) = (member for member in get_args(hint) if member is not types.NoneType)
    if dataclasses.is_dataclass(hint):
        return _build(hint, value)  # type: ignore[arg-type]
    if get_origin(hint) is tuple:
        return tuple(_convert(get_args(hint)[0], item) for item in value)
    return value
