"""Depthwise 3x3 convolution whose gradient is fast on the CPU.

PyTorch's CPU kernels for the gradient of a depthwise convolution are quick for stride 1 without
dilation and ten to thirty times slower otherwise; MobileNetV2 spent half of each training step in
six such layers. Both other cases can be written in terms of the quick one, so this module does
that while training. The function computed is the same; exports and inference see the plain layer.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn


class _StridedDepthwise(torch.autograd.Function):
    """Stride-2 forward; backward through the stride-1 kernel with zeros between the gradients."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor) -> Tensor:
        ctx.save_for_backward(x, weight)
        return nn.functional.conv2d(x, weight, stride=2, padding=1, groups=weight.shape[0])

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor]:
        x, weight = ctx.saved_tensors
        dense = torch.zeros_like(x, memory_format=torch.preserve_format)
        dense[:, :, ::2, ::2] = grad
        grad_x, grad_weight, _ = torch.ops.aten.convolution_backward(
            dense, x, weight, None, [1, 1], [1, 1], [1, 1], False, [0, 0], weight.shape[0],
            [True, True, False],
        )  # fmt: skip
        return grad_x, grad_weight


def _split_parities(x: Tensor) -> Tensor:
    """(B, C, H, W) -> (4 B, C, H/2, W/2): the four grids a dilation of 2 never mixes."""
    return torch.cat([x[:, :, i::2, j::2] for i in (0, 1) for j in (0, 1)])


def _join_parities(parts: Tensor, like: Tensor) -> Tensor:
    joined = torch.empty_like(like, dtype=parts.dtype)
    for index, part in enumerate(parts.chunk(4)):
        joined[:, :, index // 2 :: 2, index % 2 :: 2] = part
    return joined


class DepthwiseConv3x3(nn.Conv2d):
    """`nn.Conv2d` with `groups == channels`, kernel 3, no bias, and a quick CPU gradient."""

    def __init__(self, channels: int, *, stride: int = 1, dilation: int = 1) -> None:
        super().__init__(
            channels,
            channels,
            3,
            stride,
            padding=dilation,
            dilation=dilation,
            groups=channels,
            bias=False,
        )

    def forward(self, x: Tensor) -> Tensor:
        even = x.shape[2] % 2 == 0 and x.shape[3] % 2 == 0
        if not (self.training and even and x.device.type == "cpu"):
            return super().forward(x)
        weight = self.weight
        if torch.is_autocast_enabled("cpu"):
            dtype = torch.get_autocast_dtype("cpu")
            x, weight = x.to(dtype), weight.to(dtype)
        if self.stride == (2, 2) and self.dilation == (1, 1):
            return _StridedDepthwise.apply(x, weight)
        if self.stride == (1, 1) and self.dilation == (2, 2):
            parts = nn.functional.conv2d(
                _split_parities(x), weight, padding=1, groups=weight.shape[0]
            )
            return _join_parities(parts, x)
        return super().forward(x)
