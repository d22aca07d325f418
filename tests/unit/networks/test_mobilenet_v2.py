from __future__ import annotations

import pytest
import torch

from extremecut.networks.mobilenet_v2 import FULL_INNER_CHANNELS, InvertedResidual, MobileNetV2


@pytest.mark.parametrize(("output_stride", "sides"), [(8, (8, 8)), (16, (4, 4)), (32, (4, 2))])
def test_features_come_at_strides_4_8_and_16_and_the_wanted_one(
    output_stride: int, sides: tuple[int, int]
) -> None:
    net = MobileNetV2(output_stride=output_stride).eval()
    with torch.no_grad():
        features = net(torch.rand(1, 4, 64, 64))
    assert [tuple(f.shape) for f in features] == [
        (1, 24, 16, 16),
        (1, 32, 8, 8),
        (1, 96, sides[0], sides[0]),
        (1, 320, sides[1], sides[1]),
    ]


def test_the_first_block_still_expands_by_a_factor_of_one() -> None:
    assert MobileNetV2().blocks[0].expand.conv.weight.shape == (32, 32, 1, 1)


def test_inner_layers_can_be_narrower_but_not_wider() -> None:
    widths = (16, *FULL_INNER_CHANNELS[1:])
    net = MobileNetV2(inner_channels=widths).eval()
    assert net.blocks[0].depthwise.conv.weight.shape == (16, 1, 3, 3)
    with torch.no_grad():
        assert net(torch.rand(1, 4, 32, 32))[-1].shape == (1, 320, 2, 2)
    for wrong in (widths[:-1], (33, *widths[1:]), (0, *widths[1:])):
        with pytest.raises(ValueError, match="17 widths of at most"):
            MobileNetV2(inner_channels=wrong)


def test_a_stride_turned_into_dilation_shows_in_the_blocks_after_it() -> None:
    dilations = [block.depthwise.conv.dilation[0] for block in MobileNetV2(output_stride=16).blocks]
    assert dilations == [1] * 14 + [2] * 3


def test_other_output_strides_are_refused() -> None:
    with pytest.raises(ValueError, match="8, 16 or 32, got 4"):
        MobileNetV2(output_stride=4)


@pytest.mark.parametrize(
    ("out_channels", "stride", "passes"), [(8, 1, True), (8, 2, False), (12, 1, False)]
)
def test_a_block_that_keeps_its_shape_adds_to_its_input(
    out_channels: int, stride: int, passes: bool
) -> None:
    block = InvertedResidual(8, out_channels, inner=16, stride=stride, dilation=1).eval()
    x = torch.rand(1, 8, 6, 6) + 0.1
    with torch.no_grad():
        block.project.conv.weight.zero_()  # what is added is nothing
        y = block(x)
    assert torch.equal(y, x) if passes else not y.any()
