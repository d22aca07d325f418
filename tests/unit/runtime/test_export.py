from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from torch import Tensor, nn

from extremecut.confidence import FEATURES, ConfidenceModel
from extremecut.errors import ModelError
from extremecut.inputs import InputSpec
from extremecut.networks.dextr_net import DextrNet, NetworkConfig
from extremecut.runtime.export import ExportReport, export_onnx
from extremecut.runtime.onnx_backend import OnnxBackend
from extremecut.runtime.torch_backend import TorchBackend

SPEC = InputSpec(size_px=48, threshold=0.4)
BATCH = np.random.default_rng(5).standard_normal((3, 4, 48, 48)).astype(np.float32)


def lively(config: NetworkConfig) -> DextrNet:
    """Random weights whose logits of random inputs have mean 0 and deviation 1."""
    torch.manual_seed(0)
    net = DextrNet(config)
    with torch.no_grad():
        for module in net.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.running_mean.normal_(0, 0.1)
                module.running_var.uniform_(0.3, 1)
        last = [module for module in net.modules() if isinstance(module, nn.Conv2d)][-1]
        logits = net.eval()(torch.from_numpy(BATCH))
        last.bias.sub_(logits.mean())
        for parameter in last.parameters():
            parameter.mul_(1 / logits.std())
    return net.train()


@pytest.fixture(scope="module")
def net() -> DextrNet:
    """The embedded model's network: PSP bins that do not divide the map, skips, depthwise."""
    return lively(NetworkConfig())


@pytest.fixture(scope="module")
def exported(net: DextrNet, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ExportReport]:
    path = tmp_path_factory.mktemp("export") / "model.onnx"
    confidence = ConfidenceModel((0.25,) * len(FEATURES), "few objects")
    report = export_onnx(net.train(), path, SPEC, card={"name": "tiny"}, confidence=confidence)
    assert all(part.training for part in net.modules()), "the network's mode is left as it was"
    return path, report


def test_the_file_computes_what_torch_computes(
    net: DextrNet, exported: tuple[Path, ExportReport]
) -> None:
    path, report = exported
    backend = OnnxBackend(path, threads=1)
    wanted = TorchBackend.of_network(net, SPEC).probabilities(BATCH)
    assert wanted.std() > 0.1, "a flat answer would prove nothing"
    np.testing.assert_allclose(backend.probabilities(BATCH), wanted, atol=1e-5)
    assert 0 <= report.difference < 1e-5


def test_everything_a_runtime_needs_is_inside(exported: tuple[Path, ExportReport]) -> None:
    path, report = exported
    backend = OnnxBackend(path)
    assert backend.spec == SPEC and backend.info.card == {"name": "tiny"}
    assert backend.info.network == NetworkConfig().to_dict()
    assert backend.info.confidence is not None
    assert backend.info.confidence.fitted_on == "few objects"
    assert report.sha256 == backend.info.sha256 and report.size_bytes == path.stat().st_size


def test_the_graph_is_opset_17_with_a_free_batch_axis_and_no_batch_norm(
    exported: tuple[Path, ExportReport],
) -> None:
    model = onnx.load(exported[0])
    assert [(item.domain, item.version) for item in model.opset_import] == [("", 17)]
    (batch, *sizes) = model.graph.output[0].type.tensor_type.shape.dim
    assert batch.dim_param and [size.dim_value for size in sizes] == [1, 48, 48]
    assert "BatchNormalization" not in {node.op_type for node in model.graph.node}
    floats = {t.data_type for t in model.graph.initializer if "weight" in t.name}
    assert floats == {onnx.TensorProto.FLOAT}


def test_eight_bit_weights_take_a_quarter_and_the_difference_is_told(tmp_path: Path) -> None:
    net = lively(NetworkConfig("mobilenet_v2", "psp"))
    path = tmp_path / "small.onnx"
    report = export_onnx(net, path, SPEC, card={}, eight_bit=True)
    floats = 4 * sum(parameter.numel() for parameter in net.parameters())
    assert report.eight_bit and report.size_bytes < 0.32 * floats
    wanted = TorchBackend.of_network(net, SPEC).probabilities(BATCH)
    found = OnnxBackend(path).probabilities(BATCH)
    assert wanted.std() > 0.1 and 1e-5 < np.abs(found - wanted).max() < 0.25
    assert np.abs(found - wanted).mean() < 0.02
    assert 1e-5 < report.difference < 0.25


class Undecided(nn.Module):
    """Answers otherwise each time it is called: no export can be right."""

    def __init__(self, channels: tuple[int, int, int]) -> None:
        super().__init__()
        self.calls = 0

    def forward(self, features: tuple[Tensor, ...]) -> Tensor:
        self.calls += 1
        return features[0][:, :1] * 0 + self.calls


def test_a_disagreement_stops_the_export_and_leaves_no_file(tmp_path: Path) -> None:
    net = DextrNet(NetworkConfig("mobilenet_v2", "aspp"))
    net.head = Undecided((1, 1, 1))
    with pytest.raises(ModelError, match=r"disagree by .* nothing was written"):
        export_onnx(net, tmp_path / "a.onnx", SPEC, card={})
    assert list(tmp_path.iterdir()) == []
