from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from extremecut.networks.batch_norm import (
    batch_norms,
    enter_training,
    fold,
    is_folded,
    measure_statistics,
    prepare_batch_norm,
)


def small_net() -> nn.Sequential:
    net = nn.Sequential(nn.Conv2d(4, 6, 3, bias=False), nn.BatchNorm2d(6), nn.ReLU())
    norm = net[1]
    with torch.no_grad():
        norm.weight.uniform_(0.5, 2)
        norm.bias.uniform_(-1, 1)
        norm.running_mean.uniform_(-1, 1)
        norm.running_var.uniform_(0.5, 2)
    return net


@pytest.mark.parametrize(
    ("mode", "statistics_move", "scale_trained"),
    [
        ("batch", True, True),
        ("fixed", False, True),
        ("frozen", False, False),
        ("2018", True, False),
    ],
)
def test_each_mode_does_what_its_table_says(
    mode: str, statistics_move: bool, scale_trained: bool
) -> None:
    net = small_net()
    prepare_batch_norm(net, mode)
    net.train()
    enter_training(net, mode)
    norm = net[1]
    mean = norm.running_mean.clone()
    x = torch.rand(2, 4, 8, 8)
    by_running = copy.deepcopy(net).eval()(x)
    y = net(x)
    y.sum().backward()
    assert (not torch.equal(norm.running_mean, mean)) == statistics_move
    assert torch.allclose(y, by_running) == (not statistics_move)
    assert (norm.weight.grad is not None) == scale_trained
    assert net[0].weight.grad is not None


def folded(net: nn.Sequential) -> nn.Sequential:
    """The same function with mean 0 and variance 1, as a folded file loads."""
    result = copy.deepcopy(net)
    conv, norm = result[0], result[1]
    with torch.no_grad():
        gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        conv.weight.mul_(gain[:, None, None, None])
        norm.bias.sub_(gain * norm.running_mean)
        norm.weight.fill_(1)
        norm.running_mean.zero_()
        norm.running_var.fill_(1 - norm.eps)
    return result


def test_measured_statistics_leave_the_function_and_make_training_agree_with_it() -> None:
    net = folded(small_net()).eval()
    x = torch.rand(8, 4, 12, 12)
    with torch.no_grad():
        wanted = net(x)
        measure_statistics(net, x.split(3))
        torch.testing.assert_close(net(x), wanted, rtol=1e-4, atol=1e-5)
        assert not net.training
        torch.testing.assert_close(net.train()(x), wanted, rtol=1e-3, atol=1e-3)
    (norm,) = batch_norms(net)
    inputs = net[0](x)
    torch.testing.assert_close(norm.running_var, inputs.var((0, 2, 3)), rtol=0.2, atol=0)


def test_measuring_needs_batches() -> None:
    with pytest.raises(ValueError, match="no batch"):
        measure_statistics(small_net(), [])


def test_folding_keeps_the_function_and_leaves_what_follows_no_convolution() -> None:
    torch.manual_seed(0)
    first = small_net()
    with_bias = nn.Sequential(nn.BatchNorm2d(6), nn.Conv2d(6, 3, 1), nn.BatchNorm2d(3))
    with torch.no_grad():
        for norm in batch_norms(with_bias):
            norm.running_mean.uniform_(-1, 1)  # type: ignore[union-attr]
            norm.running_var.uniform_(0.5, 2)  # type: ignore[union-attr]
    net = nn.Sequential(first, with_bias).eval()
    x = torch.rand(2, 4, 8, 8)
    before = net(x)
    fold(net, x[:1])
    torch.testing.assert_close(net(x), before, rtol=1e-4, atol=1e-5)
    assert [is_folded(norm) for norm in batch_norms(net)] == [True, False, True]
