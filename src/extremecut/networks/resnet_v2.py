"""ResNet-101 v2 (pre-activation; He et al., ECCV 2016) as a dilated feature extractor.

The arrangement is TF-slim's, whose ImageNet weights it takes: a block strides in its last unit,
so block 1 ends at stride 8 already, and pooling pads as TensorFlow's 'same' does.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

UNITS = (3, 4, 23)
WIDTHS = (64, 128, 256)
EXPANSION = 4


class PreactivationUnit(nn.Module):
    """Batch norm and ReLU, then 1x1, 3x3 and 1x1 convolutions, added to the shortcut."""

    def __init__(self, in_channels: int, width: int, *, stride: int, dilation: int) -> None:
        super().__init__()
        out_channels = width * EXPANSION
        self.stride = stride
        self.preact = _bn_relu(in_channels)
        self.conv1 = nn.Conv2d(in_channels, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(
            width, width, 3, stride, padding=dilation, dilation=dilation, bias=False
        )
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, out_channels, 1)
        self.shortcut = None
        if in_channels != out_channels:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, stride)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor, activated: Tensor) -> Tensor:
        """One more term of the sum.

        Args:
            x: the sum so far.
            activated: `self.preact(x)`, which the network also hands out as features.
        """
        if self.shortcut is not None:
            shortcut = self.shortcut(activated)
        else:
            shortcut = x if self.stride == 1 else x[:, :, :: self.stride, :: self.stride]
        y = self.relu(self.bn1(self.conv1(activated)))
        y = self.relu(self.bn2(self.conv2(y)))
        return shortcut + self.conv3(y)


class ResNet101V2(nn.Module):
    """Features at strides 4, 8 and 16, and block 3's 1024 channels at `output_stride`: 8, 16 or 32.

    All are taken after batch norm and ReLU: those that the next unit applies, and for the last
    the ones that belong to block 4 in the file. Block 4 itself is not part of the network.
    """

    channels = (256, 512, 1024, 1024)

    def __init__(self, *, in_channels: int = 4, output_stride: int = 16) -> None:
        super().__init__()
        if output_stride not in (8, 16, 32):
            raise ValueError(f"output_stride must be 8, 16 or 32, got {output_stride}")
        self.conv1 = nn.Conv2d(in_channels, 64, 7, 2, padding=3)
        channels, reached, dilation = 64, 4, 1
        blocks = []
        for width, count in zip(WIDTHS, UNITS, strict=True):
            units = nn.ModuleList()
            for index in range(count):
                stride, unit_dilation = 1, dilation
                if index == count - 1:
                    if reached < output_stride:
                        stride, reached = 2, reached * 2
                    else:
                        dilation *= 2
                units.append(
                    PreactivationUnit(channels, width, stride=stride, dilation=unit_dilation)
                )
                channels = width * EXPANSION
            blocks.append(units)
        self.block1, self.block2, self.block3 = blocks
        self.last = _bn_relu(channels)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        x = pool_same(self.conv1(x))  # (B, 64, H/4, W/4)
        features = []
        for block in (self.block1, self.block2, self.block3):
            for index, unit in enumerate(block):
                assert isinstance(unit, PreactivationUnit)
                activated = unit.preact(x)
                if index == len(block) - 1:
                    features.append(activated)  # the last at a block's resolution
                x = unit(x, activated)
        return features[0], features[1], features[2], self.last(x)

    def early_layers(self) -> list[nn.Module]:
        """Everything that the features at stride 4 are made of."""
        return [self.conv1, self.block1]


def pool_same(x: Tensor) -> Tensor:
    """3x3 max pooling with stride 2, padded as TensorFlow's 'same': (0, 1) on even sizes."""
    odd_hw = (int(x.shape[2]) % 2, int(x.shape[3]) % 2)
    return F.max_pool2d(x, 3, 2, padding=odd_hw, ceil_mode=True)


def _bn_relu(channels: int) -> nn.Sequential:
    return nn.Sequential(nn.BatchNorm2d(channels), nn.ReLU())
