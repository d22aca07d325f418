from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from extremecut.errors import ModelError
from extremecut.inputs import InputSpec
from extremecut.networks.checkpoints import Checkpoint
from extremecut.networks.official import ASPP_2018, PSP_2018, import_official

PARITY = Path(__file__).resolve().parents[2] / "parity"


def tensors_like(head: str) -> dict[str, torch.Tensor]:
    """The released file's names and shapes; one number stands behind each tensor."""
    shapes = json.loads((PARITY / f"official_{head}_keys.json").read_text())
    return {
        name: torch.full((1,), 0.001 * (index % 7)).expand(shape) if shape else torch.tensor(1)
        for index, (name, shape) in enumerate(shapes.items())
    }


@pytest.fixture(scope="module")
def psp(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    """From a file with `module.` before every name, as saved on several GPUs, no counters."""
    path = tmp_path_factory.mktemp("official") / "dextr_any.pth"
    tensors = tensors_like("psp")
    kept = {name: t for name, t in tensors.items() if "num_batches_tracked" not in name}
    torch.save({f"module.{name}": tensor for name, tensor in kept.items()}, path)
    return import_official(path)


def test_the_network_is_the_one_of_2018(psp: Checkpoint) -> None:
    assert psp.net.config == PSP_2018 and psp.spec == InputSpec.dextr_2018()
    assert sum(parameter.numel() for parameter in psp.net.parameters()) == 48_800_385
    assert psp.card["name"] == "dextr_any" and psp.card["licence"] == "MIT"
    assert {block.conv2.dilation for block in psp.net.backbone.layer3} == {(2, 2)}
    assert {block.conv2.dilation for block in psp.net.backbone.layer4} == {(4, 4)}


def test_every_tensor_arrives_unchanged(psp: Checkpoint) -> None:
    theirs = tensors_like("psp")
    net = psp.net
    assert torch.equal(net.backbone.conv1.weight, theirs["conv1.weight"])
    assert torch.equal(
        net.backbone.layer4[0].downsample[1].running_var,
        theirs["layer4.0.downsample.1.running_var"],
    )
    assert torch.equal(net.head.pyramid.branches[2][0].weight, theirs["layer5.stages.2.1.weight"])
    assert torch.equal(net.head.pyramid.branches[3][1].bias, theirs["layer5.stages.3.2.bias"])
    assert torch.equal(net.head.logit.bias, theirs["layer5.final.bias"])


def test_the_aspp_head_is_recognised(tmp_path: Path) -> None:
    torch.save(tensors_like("atrous"), tmp_path / "a.pth", _use_new_zipfile_serialization=False)
    checkpoint = import_official(tmp_path / "a.pth", name="atrous", ceil_pooling=True)
    assert checkpoint.net.config.head == ASPP_2018.head == "aspp"
    assert checkpoint.net.config.ceil_pooling and checkpoint.card["name"] == "atrous"
    assert sum(parameter.numel() for parameter in checkpoint.net.parameters()) == 42_577_028


def test_the_bottleneck_s_channels_are_reordered_to_features_first(tmp_path: Path) -> None:
    theirs = tensors_like("psp")
    theirs["layer5.bottleneck.0.weight"] = torch.arange(4096.0)[None, :, None, None].expand(
        512, 4096, 1, 1
    )
    torch.save(theirs, tmp_path / "a.pth")
    ours = import_official(tmp_path / "a.pth").net.head.bottleneck[0].weight[0, :, 0, 0]
    assert torch.equal(ours, torch.cat([torch.arange(2048.0, 4096), torch.arange(2048.0)]))


def test_missing_keys_and_wrong_shapes_are_named(tmp_path: Path) -> None:
    tensors = tensors_like("psp")
    for stage in range(4):
        del tensors[f"layer5.stages.{stage}.1.weight"]
    tensors["conv1.weight"] = torch.zeros(64, 3, 7, 7)
    torch.save(tensors, tmp_path / "a.pth")
    with pytest.raises(ModelError) as caught:
        import_official(tmp_path / "a.pth")
    message = str(caught.value)
    assert "4 tensors missing: layer5.stages.0.1.weight" in message
    assert "conv1.weight (64, 3, 7, 7) instead of (64, 4, 7, 7)" in message
    assert "released with the paper" in message


def test_another_network_s_file_is_refused(tmp_path: Path) -> None:
    torch.save({"features.0.weight": torch.zeros(64, 3, 3, 3)}, tmp_path / "vgg.pth")
    with pytest.raises(ModelError, match=r"missing: conv1\.weight.* unexpected: features\.0"):
        import_official(tmp_path / "vgg.pth")
