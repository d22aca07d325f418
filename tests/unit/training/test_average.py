from __future__ import annotations

import pytest
import torch
from torch import nn

from extremecut.training.average import WeightAverage


def net_with(value: float) -> nn.BatchNorm1d:
    net = nn.BatchNorm1d(1)
    nn.init.constant_(net.weight, value)
    return net


def test_the_average_moves_by_one_minus_decay() -> None:
    net = net_with(0.0)
    average = WeightAverage(net, 0.9)
    nn.init.constant_(net.weight, 1.0)
    average.update(net, 1000)
    assert average.tensors["weight"].item() == pytest.approx(0.1)


def test_early_on_it_forgets_quickly() -> None:
    net = net_with(0.0)
    average = WeightAverage(net, 0.999)
    nn.init.constant_(net.weight, 1.0)
    average.update(net, 1)  # moves by 1 - 1/10
    assert average.tensors["weight"].item() == pytest.approx(0.9)


def test_statistics_are_averaged_and_counters_copied() -> None:
    net = net_with(0.0)
    average = WeightAverage(net, 0.5)
    assert net.running_mean is not None and net.num_batches_tracked is not None
    net.running_mean.fill_(2.0)
    net.num_batches_tracked.fill_(7)
    average.update(net, 1000)
    assert average.tensors["running_mean"].item() == pytest.approx(1.0)
    assert average.tensors["num_batches_tracked"].item() == 7


def test_without_decay_the_average_is_the_weights_themselves() -> None:
    net = net_with(0.1)
    average = WeightAverage(net, 0.0)
    nn.init.constant_(net.weight, 0.3)
    average.update(net, 5)
    assert torch.equal(average.tensors["weight"], net.weight)


def test_the_average_is_a_copy_and_can_be_restored() -> None:
    net = net_with(1.0)
    average = WeightAverage(net, 0.5)
    saved = {name: tensor.clone() for name, tensor in average.tensors.items()}
    nn.init.constant_(net.weight, 9.0)
    assert average.tensors["weight"].item() == 1.0
    average.update(net, 100)
    average.restore(saved)
    assert average.tensors["weight"].item() == 1.0
