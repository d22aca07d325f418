from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from extremecut.errors import ModelError
from extremecut.inputs import InputSpec
from extremecut.networks.batch_norm import batch_norms
from extremecut.networks.dextr_net import DextrNet, NetworkConfig
from extremecut.runtime.export import export_onnx
from extremecut.training.from_onnx import network_from_onnx

SPEC = InputSpec(size_px=32, threshold=0.4)


def lived_in(config: NetworkConfig) -> DextrNet:
    """A network whose batch norms have seen data and been trained."""
    torch.manual_seed(3)
    net = DextrNet(config)
    for norm in batch_norms(net):
        assert norm.running_mean is not None and norm.running_var is not None
        norm.running_mean.normal_()
        norm.running_var.uniform_(0.5, 2.0)
        nn.init.uniform_(norm.weight, 0.5, 2.0)
        nn.init.normal_(norm.bias)
    return net.eval()


def logits(net: DextrNet) -> torch.Tensor:
    inputs = torch.randn(2, 4, 32, 32, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        return net(inputs)


@pytest.mark.parametrize("head", ["skip", "psp", "aspp"])
def test_an_exported_network_comes_back_with_its_function(
    tiny_network: NetworkConfig, tmp_path: Path, head: str
) -> None:
    net = lived_in(NetworkConfig(tiny_network.backbone, head=head))
    export_onnx(net, tmp_path / "model.onnx", SPEC, card={"name": "x"})
    back = network_from_onnx(tmp_path / "model.onnx")
    assert (back.spec, back.card["name"], back.net.config) == (SPEC, "x", net.config)
    assert torch.allclose(logits(back.net), logits(net), rtol=1e-4, atol=1e-4)
    norms = list(batch_norms(back.net.backbone))
    assert norms and all(bool((norm.running_var == 1).all()) for norm in norms)


def test_weights_stored_in_8_bits_are_restored(tiny_network: NetworkConfig, tmp_path: Path) -> None:
    net = lived_in(tiny_network)
    export_onnx(net, tmp_path / "model.onnx", SPEC, card={}, eight_bit=True)
    back = network_from_onnx(tmp_path / "model.onnx").net
    assert not torch.equal(logits(back), logits(net))
    assert torch.allclose(torch.sigmoid(logits(back)), torch.sigmoid(logits(net)), atol=0.05)


def test_damaged_and_mismatched_files_are_refused(
    tiny_network: NetworkConfig, tmp_path: Path
) -> None:
    path = tmp_path / "model.onnx"
    export_onnx(lived_in(tiny_network), path, SPEC, card={})
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelError, match=r"damaged|metadata"):
        network_from_onnx(path)
    path.write_bytes(content.replace(b'"head": "skip"', b'"head": "aspp"'))
    with pytest.raises(ModelError, match="does not hold the network it names"):
        network_from_onnx(path)
