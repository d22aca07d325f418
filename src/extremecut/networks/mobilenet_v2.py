"""MobileNetV2 (Sandler et al., CVPR 2018) as a dilated feature extractor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from torch import Tensor, nn

from extremecut.networks.depthwise import DepthwiseConv3x3

# One row per stage: expansion factor, output channels, number of blocks, stride of its first block.
STAGES = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)


class ConvBN(nn.Module):
    """Convolution without bias, batch norm and, unless it is a linear bottleneck, ReLU6."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        kernel: int,
        stride: int = 1,
        activate: bool = True,
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            in_channels, out_channels, kernel, stride, padding=kernel // 2, bias=False
        )
        self.bn = nn.BatchNorm2d(out_channels)
        self.activation = nn.ReLU6(inplace=True) if activate else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        return self.activation(self.bn(self.conv(x)))


class DepthwiseBN(nn.Module):
    """3x3 depthwise convolution without bias, batch norm and ReLU6."""

    def __init__(self, channels: int, *, stride: int, dilation: int) -> None:
        super().__init__()
        self.conv = DepthwiseConv3x3(channels, stride=stride, dilation=dilation)
        self.bn = nn.BatchNorm2d(channels)
        self.activation = nn.ReLU6(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.activation(self.bn(self.conv(x)))


class InvertedResidual(nn.Module):
    """1x1 expansion, 3x3 depthwise, linear 1x1 projection; a shortcut where shapes allow one."""

    def __init__(
        self, in_channels: int, out_channels: int, *, inner: int, stride: int, dilation: int
    ) -> None:
        super().__init__()
        self.expand = ConvBN(in_channels, inner, kernel=1)
        self.depthwise = DepthwiseBN(inner, stride=stride, dilation=dilation)
        self.project = ConvBN(inner, out_channels, kernel=1, activate=False)
        self.has_shortcut = stride == 1 and in_channels == out_channels

    def forward(self, x: Tensor) -> Tensor:
        y = self.project(self.depthwise(self.expand(x)))
        return x + y if self.has_shortcut else y


def _block_plan(output_stride: int) -> Iterator[tuple[int, int, int, int, int]]:
    """Yield (in_channels, out_channels, inner_channels, stride, dilation) of the 17 blocks.

    Past the wanted output stride a stride of 2 turns into a dilation of 2, from the block after
    the one that would have strided (the strided block itself still sees undilated features).
    """
    in_channels, reached, dilation = 32, 2, 1
    for expansion, channels, count, first_stride in STAGES:
        for index in range(count):
            stride, block_dilation = 1, dilation
            if index == 0 and first_stride == 2:
                if reached < output_stride:
                    stride, reached = 2, reached * 2
                else:
                    dilation *= 2
            yield in_channels, channels, in_channels * expansion, stride, block_dilation
            in_channels = channels


FULL_INNER_CHANNELS = tuple(inner for _, _, inner, _, _ in _block_plan(32))
"""Widths of the 17 blocks' inner layers, as published."""


def checked_inner_channels(widths: Sequence[int]) -> tuple[int, ...]:
    """Widths that the blocks' inner layers can have; none given stand for the full ones.

    Raises:
        ValueError: another number of them, or one that is not positive or greater than the full.
    """
    full = FULL_INNER_CHANNELS
    fitting = len(widths) == len(full) and all(
        isinstance(width, int) and 1 <= width <= most
        for width, most in zip(widths, full, strict=True)
    )
    if widths and not fitting:
        raise ValueError(
            f"inner_channels must be {len(full)} widths of at most {full}, got {tuple(widths)}"
        )
    return tuple(widths) or full


class MobileNetV2(nn.Module):
    """Features at strides 4, 8 and 16, and the last at `output_stride`: 8, 16 or 32.

    Parameter names are those of `mobilenet_v2_imagenet.safetensors`: `stem`, `blocks.0` to
    `blocks.16`, each with `expand`, `depthwise`, `project`. The 1280-channel layer before the
    classifier is left out.
    """

    channels = (24, 32, 96, 320)

    def __init__(
        self, *, in_channels: int = 4, output_stride: int = 16, inner_channels: Sequence[int] = ()
    ) -> None:
        """Random weights.

        Args:
            output_stride: 8, 16 or 32.
            inner_channels: of each of the 17 blocks; empty for the full widths.

        Raises:
            ValueError: another stride, or widths as `checked_inner_channels` refuses them.
        """
        super().__init__()
        if output_stride not in (8, 16, 32):
            raise ValueError(f"output_stride must be 8, 16 or 32, got {output_stride}")
        self.output_stride = output_stride
        self.stem = ConvBN(in_channels, 32, kernel=3, stride=2)
        plan = tuple(_block_plan(output_stride))
        inner_channels = checked_inner_channels(inner_channels)
        self.blocks = nn.ModuleList(
            InvertedResidual(cin, cout, inner=inner, stride=stride, dilation=dilation)
            for (cin, cout, _, stride, dilation), inner in zip(plan, inner_channels, strict=True)
        )

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        x = self.stem(x)  # (B, 32, H/2, W/2)
        for index, block in enumerate(self.blocks):
            x = block(x)
            if index == 2:
                stride_4 = x  # (B, 24, H/4, W/4)
            elif index == 5:
                stride_8 = x  # (B, 32, H/8, W/8)
            elif index == 12:
                stride_16 = x  # (B, 96, H/16, W/16)
        return stride_4, stride_8, stride_16, x

    def early_layers(self) -> list[nn.Module]:
        """Everything that the features at stride 4 are made of."""
        return [self.stem, *self.blocks[:3]]
