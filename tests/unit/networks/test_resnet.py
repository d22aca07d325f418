from __future__ import annotations

import pytest
import torch

from extremecut.networks.resnet import Bottleneck, ResNet, ResNetOptions


def parameters(net: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in net.parameters())


# torchvision's counts (11,689,512 and so on) without the classifier's (513,000).
@pytest.mark.parametrize(
    ("depth", "count"),
    [
        (18, 11_176_512),
        (34, 21_284_672),
        (50, 23_508_032),
        (101, 42_500_160),
        (152, 58_143_808),
    ],
)
def test_parameter_counts_are_torchvision_s(depth: int, count: int) -> None:
    with torch.device("meta"):
        net = ResNet(depth, in_channels=3)
    assert parameters(net) == count


def test_names_are_torchvision_s() -> None:
    names = set(ResNet(18).state_dict())
    assert {
        "conv1.weight",
        "bn1.running_var",
        "layer1.0.conv1.weight",
        "layer2.0.downsample.0.weight",
        "layer2.0.downsample.1.bias",
        "layer4.1.bn2.num_batches_tracked",
    } <= names
    assert not [name for name in names if "layer1.0.downsample" in name]


@pytest.mark.parametrize(
    ("output_stride", "last_stage", "sides"),
    [(8, 4, (8, 8)), (16, 4, (4, 4)), (32, 4, (4, 2)), (16, 3, (4, 4))],
)
def test_features_of_resnet18(output_stride: int, last_stage: int, sides: tuple[int, int]) -> None:
    options = ResNetOptions(output_stride=output_stride, last_stage=last_stage)
    net = ResNet(18, options=options).eval()
    with torch.no_grad():
        shapes = [tuple(f.shape[1:]) for f in net(torch.rand(1, 4, 64, 64))]
    deepest = 512 if last_stage == 4 else 256
    assert shapes == [
        (64, 16, 16),
        (128, 8, 8),
        (256, sides[0], sides[0]),
        (deepest, sides[1], sides[1]),
    ]
    assert net.channels == (64, 128, 256, deepest)


def dilations(net: ResNet, stage: str) -> list[int]:
    return [block.conv2.dilation[0] for block in getattr(net, stage)]


def test_stride_8_dilates_the_last_stages_by_2_and_4() -> None:
    with torch.device("meta"):
        plain = ResNet(50, options=ResNetOptions(output_stride=8))
        deeplab = ResNet(50, options=ResNetOptions(output_stride=8, dilate_first_block=True))
    assert dilations(plain, "layer3") == [1, 2, 2, 2, 2, 2]
    assert dilations(plain, "layer4") == [2, 4, 4]
    assert dilations(deeplab, "layer3") == [2] * 6
    assert dilations(deeplab, "layer4") == [4] * 3


@pytest.mark.parametrize("in_1x1", [False, True])
def test_the_bottleneck_s_stride_is_where_it_was_asked_for(in_1x1: bool) -> None:
    net = ResNet(50, options=ResNetOptions(stride_in_1x1=in_1x1))
    block = net.layer2[0]
    assert isinstance(block, Bottleneck)
    strides = (block.conv1.stride[0], block.conv2.stride[0])
    assert strides == ((2, 1) if in_1x1 else (1, 2))


def test_a_projection_in_every_stage_on_request() -> None:
    net = ResNet(18, options=ResNetOptions(project_every_stage=True))
    projecting = [name for name in net.state_dict() if name.endswith("downsample.0.weight")]
    assert projecting == [f"layer{stage}.0.downsample.0.weight" for stage in (1, 2, 3, 4)]


@pytest.mark.parametrize(("ceil", "side"), [(False, 8), (True, 9)])
def test_pooling_rounds_up_only_on_request(ceil: bool, side: int) -> None:
    net = ResNet(18, options=ResNetOptions(output_stride=8, ceil_pooling=ceil)).eval()
    with torch.no_grad():
        assert net(torch.rand(1, 4, 64, 64))[-1].shape[-1] == side


def test_a_block_by_hand() -> None:
    """Convolutions that pass the middle pixel on: relu(x + x) = 2 x."""
    block = ResNet(18).layer1[0].eval()
    with torch.no_grad():
        for conv in (block.conv1, block.conv2):
            conv.weight.zero_()
            conv.weight[range(64), range(64), 1, 1] = 1.0
        x = torch.rand(1, 64, 3, 3)
        y = block(x)
    torch.testing.assert_close(y, 2 * x, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("options", [{"output_stride": 4}, {"last_stage": 2}])
def test_impossible_options_are_refused(options: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must be"):
        ResNetOptions(**options)  # type: ignore[arg-type]
