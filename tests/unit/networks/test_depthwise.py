"""The quick gradient must be the gradient."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from extremecut.networks.depthwise import DepthwiseConv3x3


@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (2, 1), (1, 2), (1, 4)])
@pytest.mark.parametrize("size_hw", [(8, 12), (7, 8)])
def test_output_and_gradients_equal_the_plain_convolution_s(
    stride: int, dilation: int, size_hw: tuple[int, int]
) -> None:
    ours = DepthwiseConv3x3(5, stride=stride, dilation=dilation).double()
    plain = nn.Conv2d(
        5, 5, 3, stride, padding=dilation, dilation=dilation, groups=5, bias=False
    ).double()
    plain.load_state_dict(copy.deepcopy(ours.state_dict()))
    x = torch.rand(2, 5, *size_hw, dtype=torch.float64)
    results = []
    for layer in (ours.train(), plain.train()):
        leaf = x.clone().requires_grad_()
        y = layer(leaf)
        (y * torch.arange(y.numel()).reshape(y.shape)).sum().backward()
        results.append((y, leaf.grad, layer.weight.grad))
    for found, wanted in zip(*results, strict=True):
        torch.testing.assert_close(found, wanted)


def test_evaluation_runs_the_plain_layer() -> None:
    layer = DepthwiseConv3x3(3, stride=2)
    x = torch.rand(1, 3, 8, 8)
    wanted = layer.eval()(x)
    torch.testing.assert_close(layer.train()(x), wanted)
