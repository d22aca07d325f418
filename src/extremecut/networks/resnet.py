"""ResNet-18 to 152 (He et al., CVPR 2016) as dilated feature extractors."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class ResNetOptions:
    """In what the ResNets of this world differ; the defaults are torchvision's."""

    output_stride: int = 16
    """8, 16 or 32: how much coarser than the input the last map is. Stages that would make it
    coarser are dilated instead, by 2 and then by 4."""
    last_stage: int = 4
    """3 or 4: the last stage that is built."""
    stride_in_1x1: bool = False
    """Whether a bottleneck strides in its first 1x1 convolution (as in 2015 and in DeepLab) or in
    its 3x3 one."""
    project_every_stage: bool = False
    """Whether every stage's first block has a projection shortcut, needed or not."""
    dilate_first_block: bool = False
    """Whether a dilated stage's first block is dilated as the others are (DeepLab), or still as
    the stage before: its input was never made coarser."""
    ceil_pooling: bool = False
    """Whether the first pooling rounds its output's size up instead of down."""

    def __post_init__(self) -> None:
        if self.output_stride not in (8, 16, 32):
            raise ValueError(f"output_stride must be 8, 16 or 32, got {self.output_stride}")
        if self.last_stage not in (3, 4):
            raise ValueError(f"last_stage must be 3 or 4, got {self.last_stage}")


TORCHVISION = ResNetOptions()


class BasicBlock(nn.Module):
    """Two 3x3 convolutions (ResNet-18 and 34)."""

    expansion = 1

    def __init__(
        self,
        in_channels: int,
        width: int,
        *,
        stride: int,
        dilation: int,
        options: ResNetOptions,
        downsample: nn.Module | None,
    ) -> None:
        super().__init__()
        self.conv1 = _conv3x3(in_channels, width, stride=stride, dilation=dilation)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = _conv3x3(width, width, dilation=dilation)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = downsample
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        shortcut = x if self.downsample is None else self.downsample(x)
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return self.relu(y + shortcut)


class Bottleneck(nn.Module):
    """1x1, 3x3 and 1x1 convolutions (ResNet-50, 101 and 152)."""

    expansion = 4

    def __init__(
        self,
        in_channels: int,
        width: int,
        *,
        stride: int,
        dilation: int,
        options: ResNetOptions,
        downsample: nn.Module | None,
    ) -> None:
        super().__init__()
        first, second = (stride, 1) if options.stride_in_1x1 else (1, stride)
        self.conv1 = nn.Conv2d(in_channels, width, 1, first, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = _conv3x3(width, width, stride=second, dilation=dilation)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, width * self.expansion, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(width * self.expansion)
        self.downsample = downsample
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        shortcut = x if self.downsample is None else self.downsample(x)
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return self.relu(y + shortcut)


DEPTHS: dict[int, tuple[type[BasicBlock] | type[Bottleneck], tuple[int, int, int, int]]] = {
    18: (BasicBlock, (2, 2, 2, 2)),
    34: (BasicBlock, (3, 4, 6, 3)),
    50: (Bottleneck, (3, 4, 6, 3)),
    101: (Bottleneck, (3, 4, 23, 3)),
    152: (Bottleneck, (3, 8, 36, 3)),
}
WIDTHS = (64, 128, 256, 512)


class ResNet(nn.Module):
    """Features at strides 4 and 8, of the third stage and of the last.

    Parameter names are torchvision's, so its ImageNet files load: `conv1`, `bn1`,
    `layer1.0.conv1`, `layer1.0.downsample.0` and so on. The classifier is left out.
    """

    channels: tuple[int, int, int, int]

    def __init__(
        self, depth: int, *, in_channels: int = 4, options: ResNetOptions = TORCHVISION
    ) -> None:
        super().__init__()
        block, counts = DEPTHS[depth]
        self.conv1 = nn.Conv2d(in_channels, 64, 7, 2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, padding=1, ceil_mode=options.ceil_pooling)
        stages, channels, reached, dilation = [], 64, 4, 1
        for stage in range(1, options.last_stage + 1):
            stride, before = 1, dilation
            if stage > 1 and reached < options.output_stride:
                stride, reached = 2, reached * 2
            elif stage > 1:
                dilation *= 2
            stages.append(
                _stage(
                    block,
                    channels,
                    WIDTHS[stage - 1],
                    count=counts[stage - 1],
                    stride=stride,
                    first_dilation=dilation if options.dilate_first_block else before,
                    dilation=dilation,
                    options=options,
                )
            )
            channels = WIDTHS[stage - 1] * block.expansion
        self.layer1, self.layer2, self.layer3 = stages[:3]
        self.layer4 = stages[3] if options.last_stage == 4 else nn.Identity()
        first, second, third = (width * block.expansion for width in WIDTHS[:3])
        self.channels = (first, second, third, channels)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))  # (B, 64, H/4, W/4)
        stride_4 = self.layer1(x)
        stride_8 = self.layer2(stride_4)
        stage_3 = self.layer3(stride_8)
        return stride_4, stride_8, stage_3, self.layer4(stage_3)

    def early_layers(self) -> list[nn.Module]:
        """Everything that the features at stride 4 are made of."""
        return [self.conv1, self.bn1, self.layer1]


def _stage(
    block: type[BasicBlock] | type[Bottleneck],
    in_channels: int,
    width: int,
    *,
    count: int,
    stride: int,
    first_dilation: int,
    dilation: int,
    options: ResNetOptions,
) -> nn.Sequential:
    out_channels = width * block.expansion
    downsample = None
    if stride != 1 or in_channels != out_channels or options.project_every_stage:
        downsample = nn.Sequential(
            nn.Conv2d(in_channels, out_channels, 1, stride, bias=False),
            nn.BatchNorm2d(out_channels),
        )
    first = block(
        in_channels,
        width,
        stride=stride,
        dilation=first_dilation,
        options=options,
        downsample=downsample,
    )
    others = (
        block(out_channels, width, stride=1, dilation=dilation, options=options, downsample=None)
        for _ in range(count - 1)
    )
    return nn.Sequential(first, *others)


def _conv3x3(
    in_channels: int, out_channels: int, *, stride: int = 1, dilation: int = 1
) -> nn.Conv2d:
    return nn.Conv2d(
        in_channels, out_channels, 3, stride, padding=dilation, dilation=dilation, bias=False
    )
