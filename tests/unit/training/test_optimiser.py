from __future__ import annotations

import math

import pytest
from torch import nn

from extremecut.errors import ConfigError
from extremecut.networks.dextr_net import DextrNet, NetworkConfig
from extremecut.training.optimiser import (
    OptimiserConfig,
    ScheduleConfig,
    make_optimiser,
    parameter_groups,
    schedule_factor,
    set_learning_rate,
)


def test_the_cosine_starts_after_warmup_at_one_and_ends_at_the_final_factor() -> None:
    schedule = ScheduleConfig("cosine", warmup_steps=0, final_factor=0.01)
    assert schedule_factor(schedule, step=0, steps=100) == 1.0
    assert schedule_factor(schedule, step=50, steps=100) == pytest.approx(0.505)
    assert schedule_factor(schedule, step=100, steps=100) == pytest.approx(0.01)


def test_warmup_rises_linearly_from_the_first_step() -> None:
    schedule = ScheduleConfig("constant", warmup_steps=4)
    factors = [schedule_factor(schedule, step=step, steps=9) for step in range(6)]
    assert factors == [0.25, 0.5, 0.75, 1.0, 1.0, 1.0]


def test_every_parameter_is_in_one_group_with_its_rate_and_decay(
    tiny_network: NetworkConfig,
) -> None:
    net = DextrNet(tiny_network)
    groups = parameter_groups(net, OptimiserConfig(body_factor=0.25, weight_decay=0.01))
    found = {
        id(parameter): (group["rate"], group["weight_decay"])
        for group in groups
        for parameter in group["params"]
    }
    assert len(found) == sum(len(group["params"]) for group in groups)
    for name, parameter in net.named_parameters():
        decay = 0.01 if parameter.ndim > 1 else 0.0
        head = name.startswith("head.") or name == "backbone.first.0.weight"
        assert found[id(parameter)] == (1.0 if head else 0.25, decay), name


def test_the_paper_decays_everything_and_keeps_the_stem_with_the_body(
    tiny_network: NetworkConfig,
) -> None:
    net = DextrNet(tiny_network)
    config = OptimiserConfig(
        body_factor=0.1, stem_with_head=False, weight_decay=5e-4, decay_norm_and_bias=True
    )
    groups = parameter_groups(net, config)
    assert [(group["rate"], group["weight_decay"]) for group in groups] == [
        (0.1, 5e-4),
        (1.0, 5e-4),
    ]
    assert len(groups[0]["params"]) == len(list(net.backbone.parameters()))


def test_frozen_parameters_are_left_out(tiny_network: NetworkConfig) -> None:
    net = DextrNet(tiny_network)
    for module in net.backbone.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.requires_grad_(False)
    groups = parameter_groups(net, OptimiserConfig())
    frozen = {id(p) for p in net.parameters() if not p.requires_grad}
    assert frozen
    assert not frozen & {id(p) for group in groups for p in group["params"]}


def test_the_learning_rate_reaches_each_group_by_its_rate(tiny_network: NetworkConfig) -> None:
    optimiser = make_optimiser(DextrNet(tiny_network), OptimiserConfig(body_factor=0.5))
    set_learning_rate(optimiser, 0.2)
    assert {(group["rate"], group["lr"]) for group in optimiser.param_groups} == {
        (0.5, 0.1),
        (1.0, 0.2),
    }


def test_sgd_has_momentum(tiny_network: NetworkConfig) -> None:
    optimiser = make_optimiser(DextrNet(tiny_network), OptimiserConfig(kind="sgd", momentum=0.7))
    assert all(group["momentum"] == 0.7 for group in optimiser.param_groups)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"kind": "adam"}, "optimiser must be one of"),
        ({"learning_rate": 0.0}, "must be positive"),
        ({"learning_rate": math.nan}, "must be positive"),
        ({"learning_rate": math.inf}, "must be positive"),
        ({"weight_decay": math.inf}, "must be >= 0"),
        ({"momentum": 1.0}, "momentum < 1"),
    ],
)
def test_bad_optimisers_are_refused(values: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        OptimiserConfig(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize("values", [{"kind": "step"}, {"warmup_steps": -1}, {"final_factor": 2.0}])
def test_bad_schedules_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        ScheduleConfig(**values)  # type: ignore[arg-type]
