"""Heads: pyramid scene parsing, atrous spatial pyramid pooling, and the light decoder."""

from __future__ import annotations

from itertools import pairwise, starmap

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from extremecut.networks.depthwise import DepthwiseConv3x3

PYRAMID_BINS = (1, 2, 3, 6)
ASPP_RATES = (6, 12, 18, 24)

Features = tuple[Tensor, Tensor, Tensor, Tensor]
"""A backbone's maps at strides 4, 8 and 16, and its last, all (B, C, h, w)."""
Channels = tuple[int, int, int, int]
"""Their numbers of channels."""


def _bin_rows(length: int, bins: int) -> tuple[tuple[int, int], ...]:
    """Half-open input ranges of adaptive average pooling: floor(i L / B) to ceil((i + 1) L / B)."""
    return tuple((i * length // bins, -((-(i + 1) * length) // bins)) for i in range(bins))


def pooling_matrix(length: int, bins: int, *, like: Tensor) -> Tensor:
    """Adaptive average pooling along one axis as a (bins, length) matrix of weights.

    Made from plain numbers, so that exporters see one constant and not its making.
    """
    rows = [
        [1.0 / (stop - start) if start <= column < stop else 0.0 for column in range(length)]
        for start, stop in _bin_rows(length, bins)
    ]
    return torch.tensor(rows, dtype=like.dtype, device=like.device)


def adaptive_average_pool(x: Tensor, bins: int) -> Tensor:
    """`F.adaptive_avg_pool2d` as two small matrix products.

    The ONNX exporters refuse adaptive pooling where the bins do not divide the map; matrix
    products export everywhere and run as fast.
    """
    rows = pooling_matrix(int(x.shape[2]), bins, like=x)
    columns = pooling_matrix(int(x.shape[3]), bins, like=x)
    return torch.matmul(torch.matmul(rows, x), columns.t())


def conv_bn_relu(in_channels: int, out_channels: int, kernel: int) -> nn.Sequential:
    """A square convolution of odd side that keeps height and width, batch norm and ReLU."""
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, kernel, padding=kernel // 2, bias=False),
        nn.BatchNorm2d(out_channels),
        nn.ReLU(inplace=True),
    )


def separable_bn_relu(in_channels: int, out_channels: int) -> nn.Sequential:
    """A 3x3 convolution as one of each channel by itself and one across channels (Xception's)."""
    return nn.Sequential(
        DepthwiseConv3x3(in_channels),
        nn.Conv2d(in_channels, out_channels, 1, bias=False),
        nn.BatchNorm2d(out_channels),
        nn.ReLU(inplace=True),
    )


def separable_chain(*channels: int) -> nn.Sequential:
    """Separable convolutions from the first number of channels to the last."""
    return nn.Sequential(*starmap(separable_bn_relu, pairwise(channels)))


class PyramidPooling(nn.Module):
    """The map beside its averages over 1, 2, 3 and 6 bins a side (Zhao et al., CVPR 2017).

    Output channels: `in_channels + 4 * branch_channels`.
    """

    def __init__(self, in_channels: int, branch_channels: int, *, align_corners: bool) -> None:
        super().__init__()
        self.align_corners = align_corners
        self.branches = nn.ModuleList(
            conv_bn_relu(in_channels, branch_channels, 1) for _ in PYRAMID_BINS
        )
        self.out_channels = in_channels + len(PYRAMID_BINS) * branch_channels

    def forward(self, x: Tensor) -> Tensor:
        size_hw = (int(x.shape[2]), int(x.shape[3]))
        pooled = [
            F.interpolate(
                branch(adaptive_average_pool(x, bins)),
                size=size_hw,
                mode="bilinear",
                align_corners=self.align_corners,
            )
            for bins, branch in zip(PYRAMID_BINS, self.branches, strict=True)
        ]
        return torch.cat([x, *pooled], dim=1)


class PSPHead(nn.Module):
    """Pyramid pooling, a 1x1 bottleneck and one logit (paper, section 3.2)."""

    def __init__(self, channels: Channels, *, width: int = 512) -> None:
        super().__init__()
        self.pyramid = PyramidPooling(channels[-1], width, align_corners=True)
        self.bottleneck = conv_bn_relu(self.pyramid.out_channels, width, 1)
        self.logit = nn.Conv2d(width, 1, 1)

    def forward(self, features: Features) -> Tensor:
        return self.logit(self.bottleneck(self.pyramid(features[-1])))


class ASPPHead(nn.Module):
    """DeepLab-v2's head: the sum of 3x3 convolutions with rates 6, 12, 18 and 24."""

    def __init__(self, channels: Channels) -> None:
        super().__init__()
        self.branches = nn.ModuleList(
            nn.Conv2d(channels[-1], 1, 3, padding=rate, dilation=rate) for rate in ASPP_RATES
        )

    def forward(self, features: Features) -> Tensor:
        first, *others = (branch(features[-1]) for branch in self.branches)
        return sum(others, start=first)


class SkipDecoder(nn.Module):
    """Pyramid pooling, then skips from strides 8 and 4 so that boundaries stay sharp.

    Logits come out at stride 4.
    """

    def __init__(
        self,
        channels: Channels,
        *,
        branch_channels: int = 64,
        width: int = 96,
        with_stride_16: bool = False,
        separable: bool = False,
    ) -> None:
        """
        Args:
            with_stride_16: add what stride 16 says; for backbones whose last map is coarser.
            separable: take the 3x3 convolutions apart, one or two for each, for a quarter of
                their work.
        """
        super().__init__()
        stride_4, stride_8, stride_16, deepest = channels
        self.pyramid = PyramidPooling(deepest, branch_channels, align_corners=False)
        self.context = conv_bn_relu(self.pyramid.out_channels, width, 1)
        self.skip_16 = conv_bn_relu(stride_16, width, 1) if with_stride_16 else None
        self.skip_8 = conv_bn_relu(stride_8, width // 2, 1)
        self.skip_4 = conv_bn_relu(stride_4, width // 4, 1)
        joined_8, fused_8 = width + width // 2, width // 2
        joined_4, fused_4 = fused_8 + width // 4, width // 3
        if separable:
            self.fuse_8 = separable_chain(joined_8, 2 * width // 3, fused_8)
            self.fuse_4 = separable_chain(joined_4, fused_8, fused_4, fused_4)
        else:
            self.fuse_8 = conv_bn_relu(joined_8, fused_8, 3)
            self.fuse_4 = nn.Sequential(
                conv_bn_relu(joined_4, fused_4, 3), conv_bn_relu(fused_4, fused_4, 3)
            )
        self.logit = nn.Conv2d(width // 3, 1, 1)

    def forward(self, features: Features) -> Tensor:
        stride_4, stride_8, stride_16, deepest = features
        x = self.context(self.pyramid(deepest))
        if self.skip_16 is not None:
            x = upsample(x, stride_16) + self.skip_16(stride_16)
        x = self.fuse_8(torch.cat([upsample(x, stride_8), self.skip_8(stride_8)], dim=1))
        x = self.fuse_4(torch.cat([upsample(x, stride_4), self.skip_4(stride_4)], dim=1))
        return self.logit(x)


def upsample(x: Tensor, like: Tensor) -> Tensor:
    """Bilinear, half-pixel centres, to the height and width of `like`."""
    size_hw = (int(like.shape[2]), int(like.shape[3]))
    factor = size_hw[0] // int(x.shape[2])
    if size_hw == (factor * int(x.shape[2]), factor * int(x.shape[3])):
        # The same, but ONNX Runtime keeps its layout for a factor and leaves it for a size.
        return F.interpolate(x, scale_factor=factor, mode="bilinear", align_corners=False)
    return F.interpolate(x, size=size_hw, mode="bilinear", align_corners=False)
