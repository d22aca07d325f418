from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from extremecut.networks.resnet_v2 import PreactivationUnit, ResNet101V2, pool_same


@pytest.mark.parametrize(("output_stride", "sides"), [(8, (4, 4)), (16, (2, 2)), (32, (2, 1))])
def test_features_come_at_strides_4_8_and_16_and_the_wanted_one(
    output_stride: int, sides: tuple[int, int]
) -> None:
    net = ResNet101V2(output_stride=output_stride).eval()
    with torch.no_grad():
        features = net(torch.rand(1, 4, 32, 32))
    assert [tuple(f.shape[1:]) for f in features] == [
        (256, 8, 8),
        (512, 4, 4),
        (1024, sides[0], sides[0]),
        (1024, sides[1], sides[1]),
    ]
    assert all(float(f.min()) >= 0 for f in features)


def test_a_block_strides_in_its_last_unit() -> None:
    with torch.device("meta"):
        net = ResNet101V2(output_stride=32)
    for block in (net.block1, net.block2, net.block3):
        assert [unit.stride for unit in block] == [1] * (len(block) - 1) + [2]


def test_past_the_output_stride_blocks_are_dilated() -> None:
    with torch.device("meta"):
        net = ResNet101V2(output_stride=8)
    assert {unit.conv2.dilation[0] for unit in net.block2} == {1}
    assert {unit.conv2.dilation[0] for unit in net.block3} == {2}


@pytest.mark.parametrize("size", [8, 7])
def test_pooling_pads_as_tensorflow_s_same(size: int) -> None:
    x = torch.rand(1, 2, size, size)
    before, after = (0, 1) if size % 2 == 0 else (1, 1)
    padded = F.pad(x, (before, after, before, after), value=-torch.inf)
    torch.testing.assert_close(pool_same(x), F.max_pool2d(padded, 3, 2))


def test_a_strided_unit_subsamples_its_shortcut() -> None:
    unit = PreactivationUnit(64, 16, stride=2, dilation=1).eval()
    with torch.no_grad():
        unit.conv3.weight.zero_()
        unit.conv3.bias.zero_()
        x = torch.rand(1, 64, 6, 6)
        y = unit(x, unit.preact(x))
    torch.testing.assert_close(y, x[:, :, ::2, ::2])
