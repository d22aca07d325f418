from __future__ import annotations

import json
from typing import Any

import pytest
import torch

from extremecut.errors import ConfigError
from extremecut.networks.dextr_net import BACKBONES, HEADS, DextrNet, NetworkConfig, widen_stem


@pytest.mark.parametrize(
    ("backbone", "head"),
    [
        *[("mobilenet_v2", head) for head in HEADS],
        *[("resnet18", head) for head in HEADS],
        ("resnet50", "skip"),
        ("resnet101_v2", "aspp"),
    ],
)
def test_a_logit_for_every_input_pixel(backbone: str, head: str) -> None:
    net = DextrNet(NetworkConfig(backbone, head)).eval()
    with torch.no_grad():
        logits = net(torch.rand(1, 4, 64, 64))
    assert logits.shape == (1, 1, 64, 64) and torch.isfinite(logits).all()


def test_every_backbone_is_built_with_four_input_channels() -> None:
    with torch.device("meta"):
        for backbone in BACKBONES:
            net = DextrNet(NetworkConfig(backbone, "aspp"))
            assert next(net.parameters()).shape[1] == 4, backbone


@pytest.mark.parametrize(
    ("head", "parameters"),
    [("skip", 2_045_681), ("skip-16", 2_055_089), ("skip-16-separable", 1_984_697)],
)
def test_the_small_networks_have_two_million_parameters(head: str, parameters: int) -> None:
    net = DextrNet(NetworkConfig("mobilenet_v2", head))
    # 96 x 96 weights, and a scale and a shift for each channel, tell the first two apart.
    assert sum(parameter.numel() for parameter in net.parameters()) == parameters


@pytest.mark.parametrize("backbone", BACKBONES)
def test_early_layers_are_all_that_the_features_at_stride_4_come_from(backbone: str) -> None:
    with torch.device("meta"):
        net = DextrNet(NetworkConfig(backbone, "aspp"))
        net.backbone(torch.rand(1, 4, 64, 64))[0].sum().backward()
    early = {parameter for layer in net.backbone.early_layers() for parameter in layer.parameters()}
    reached = {parameter for parameter in net.parameters() if parameter.grad is not None}
    assert reached and reached <= early


def test_frozen_early_layers_keep_weights_and_statistics_in_training() -> None:
    torch.manual_seed(0)
    net = DextrNet(NetworkConfig("mobilenet_v2", "skip-16", 32, frozen="early")).train()
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    optimiser = torch.optim.SGD([p for p in net.parameters() if p.requires_grad], lr=1.0)
    net(torch.rand(2, 4, 64, 64)).sum().backward()
    optimiser.step()
    early = ("backbone.stem.", *(f"backbone.blocks.{index}." for index in range(3)))
    changed = {name for name, tensor in net.state_dict().items() if (tensor != before[name]).any()}
    assert changed and not any(name.startswith(early) for name in changed)
    assert "backbone.blocks.3.expand.conv.weight" in changed


def test_a_frozen_backbone_keeps_weights_and_statistics_while_the_head_learns() -> None:
    torch.manual_seed(0)
    net = DextrNet(NetworkConfig("mobilenet_v2", "skip-16-separable", 32, frozen="backbone"))
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    net.train()(torch.rand(2, 4, 64, 64)).sum().backward()
    learning = {name for name, parameter in net.named_parameters() if parameter.requires_grad}
    assert learning == {name for name, _ in net.head.named_parameters(prefix="head")}
    for name, tensor in net.backbone.state_dict(prefix="backbone.").items():
        assert torch.equal(tensor, before[name]), name
    assert net.head.training and not net.backbone.training


def test_what_is_frozen_must_be_known() -> None:
    with pytest.raises(ConfigError, match="frozen must be one of"):
        NetworkConfig(frozen="head")


def test_older_configurations_say_what_is_frozen_in_their_own_way() -> None:
    assert NetworkConfig.from_dict({"frozen_early": True}).frozen == "early"
    assert NetworkConfig.from_dict({"frozen_early": False}).frozen == "nothing"


def test_a_configuration_survives_json() -> None:
    config = NetworkConfig("resnet18", "aspp", 8, True, batch_norm="frozen", last_stage=3)
    assert NetworkConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config


def test_an_older_configuration_with_fewer_fields_is_read() -> None:
    old = {"backbone": "mobilenet_v2", "head": "skip", "output_stride": 16, "align_corners": False}
    assert NetworkConfig.from_dict(old) == NetworkConfig()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"backbone": "vgg16"}, "backbone must be one of .*mobilenet_v2.*'vgg16'"),
        ({"head": "fcn"}, "head must be one of .*psp.*'fcn'"),
        ({"output_stride": 4}, "output_stride must be 8, 16 or 32, got 4"),
        ({"batch_norm": "none"}, "batch_norm must be one of"),
        ({"stride_in_1x1": True}, "mobilenet_v2 has none of a ResNet's options"),
        ({"width": 3}, "not a valid network configuration"),
        ([], "not a valid network configuration"),
        (None, "not a valid network configuration"),
    ],
)
def test_wrong_configurations_are_refused(fields: Any, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        NetworkConfig.from_dict(fields)


def test_the_fourth_channel_starts_at_zero_and_leaves_the_answer_to_rgb_as_it_was() -> None:
    rgb = torch.rand(5, 3, 3, 3)
    wide = widen_stem(rgb)
    assert wide.shape == (5, 4, 3, 3)
    x = torch.rand(1, 4, 8, 8)
    torch.testing.assert_close(
        torch.nn.functional.conv2d(x, wide), torch.nn.functional.conv2d(x[:, :3], rgb)
    )
    assert not wide[:, 3].any()


def test_align_corners_puts_corner_logits_into_the_corners() -> None:
    net = DextrNet(NetworkConfig("mobilenet_v2", "aspp", align_corners=True)).eval()
    x = torch.rand(1, 4, 64, 64)
    with torch.no_grad():
        small, large = net.head(net.backbone(x)), net(x)
    torch.testing.assert_close(large[0, 0, 0, 0], small[0, 0, 0, 0])
    torch.testing.assert_close(large[0, 0, -1, -1], small[0, 0, -1, -1])


def test_frozen_batch_norm_stays_frozen_through_train() -> None:
    net = DextrNet(NetworkConfig("resnet18", "aspp", batch_norm="frozen", last_stage=3))
    assert net.training and not net.backbone.bn1.training
    before = net.backbone.bn1.running_mean.clone()
    net.train()(torch.rand(2, 4, 32, 32))
    assert torch.equal(net.backbone.bn1.running_mean, before)
    assert not net.backbone.bn1.weight.requires_grad
