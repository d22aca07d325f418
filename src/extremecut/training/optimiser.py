"""Optimisers, their parameter groups, and the learning rate's schedule."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from torch import nn
from torch.optim import SGD, AdamW, Optimizer

from extremecut.errors import ConfigError
from extremecut.networks.dextr_net import DextrNet

OPTIMISERS = ("adamw", "sgd")
SCHEDULES = ("cosine", "constant")


@dataclass(frozen=True, slots=True)
class OptimiserConfig:
    """How parameters follow their gradients. The defaults are the small model's."""

    kind: str = "adamw"
    """One of `OPTIMISERS`."""
    learning_rate: float = 1e-3
    """The head's, before the schedule. Losses are means over pixels, see `loss`."""
    body_factor: float = 0.25
    """What the backbone's learning rate is of the head's."""
    stem_with_head: bool = True
    """The first convolution learns at the head's rate: its guidance channel starts from nothing."""
    weight_decay: float = 0.01
    decay_norm_and_bias: bool = False
    """Whether parameters with one axis decay too."""
    momentum: float = 0.9
    """Of SGD."""
    clip_norm: float = 5.0
    """Gradients are shortened to this norm; 0 leaves them as they are."""

    def __post_init__(self) -> None:
        if self.kind not in OPTIMISERS:
            raise ConfigError(f"the optimiser must be one of {OPTIMISERS}, got {self.kind!r}")
        if not (0 < self.learning_rate < math.inf and 0 < self.body_factor < math.inf):
            raise ConfigError(
                "learning_rate and body_factor must be positive numbers, "
                f"got {self.learning_rate} and {self.body_factor}"
            )
        others = (self.weight_decay, self.momentum, self.clip_norm)
        if not all(0 <= value < math.inf for value in others) or self.momentum >= 1:
            raise ConfigError(
                f"weight_decay, momentum and clip_norm must be >= 0, momentum < 1, got {others}"
            )


@dataclass(frozen=True, slots=True)
class ScheduleConfig:
    """What the learning rate is multiplied by in the course of training."""

    kind: str = "cosine"
    """One of `SCHEDULES`."""
    warmup_steps: int = 300
    """The factor rises linearly over the first steps."""
    final_factor: float = 0.01
    """Where the cosine ends."""

    def __post_init__(self) -> None:
        if self.kind not in SCHEDULES:
            raise ConfigError(f"the schedule must be one of {SCHEDULES}, got {self.kind!r}")
        if self.warmup_steps < 0 or not 0 <= self.final_factor <= 1:
            raise ConfigError("warmup_steps must be >= 0 and final_factor in 0..1")


def schedule_factor(config: ScheduleConfig, *, step: int, steps: int) -> float:
    """The factor for the step that `step` steps precede, of `steps` in all.

    Example:
        >>> schedule_factor(ScheduleConfig("constant", warmup_steps=4), step=1, steps=100)
        0.5
    """
    warmup = min(1.0, (step + 1) / config.warmup_steps) if config.warmup_steps else 1.0
    if config.kind == "constant":
        return warmup
    half_wave = 0.5 * (1.0 + math.cos(math.pi * step / steps))
    return warmup * (half_wave * (1.0 - config.final_factor) + config.final_factor)


def parameter_groups(net: DextrNet, config: OptimiserConfig) -> list[dict[str, Any]]:
    """Head and body, each with and without weight decay; empty groups are left out.

    Each group holds `rate`, its factor on the learning rate. Every parameter that learns is in
    exactly one group.
    """
    stem = next(module for module in net.backbone.modules() if isinstance(module, nn.Conv2d))
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in net.named_parameters():
        if not parameter.requires_grad:
            continue
        with_head = not name.startswith("backbone.") or (
            config.stem_with_head and parameter is stem.weight
        )
        rate = 1.0 if with_head else config.body_factor
        decays = parameter.ndim > 1 or config.decay_norm_and_bias
        key = (rate, config.weight_decay if decays else 0.0)
        groups.setdefault(key, []).append(parameter)
    return [
        {"params": parameters, "rate": rate, "weight_decay": decay}
        for (rate, decay), parameters in sorted(groups.items(), key=lambda item: item[0])
    ]


def make_optimiser(net: DextrNet, config: OptimiserConfig) -> Optimizer:
    """The optimiser over the parameters that learn."""
    groups = parameter_groups(net, config)
    if config.kind == "sgd":
        return SGD(groups, lr=config.learning_rate, momentum=config.momentum)
    return AdamW(groups, lr=config.learning_rate)


def set_learning_rate(optimiser: Optimizer, learning_rate: float) -> None:
    """Give every group its share of the learning rate."""
    for group in optimiser.param_groups:
        group["lr"] = learning_rate * group["rate"]
