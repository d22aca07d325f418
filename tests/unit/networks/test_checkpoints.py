from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from extremecut.confidence import FEATURES, ConfidenceModel
from extremecut.errors import ModelError
from extremecut.inputs import InputSpec
from extremecut.networks.checkpoints import load_checkpoint, load_into, save_checkpoint
from extremecut.networks.dextr_net import DextrNet, NetworkConfig

CONFIG = NetworkConfig("mobilenet_v2", "aspp")
SPEC = InputSpec(size_px=64, threshold=0.45)


@pytest.fixture(scope="module")
def net() -> DextrNet:
    return DextrNet(CONFIG).eval()


@pytest.fixture
def path(net: DextrNet, tmp_path: Path) -> Path:
    path = tmp_path / "model.any"
    confidence = ConfidenceModel((0.5,) * len(FEATURES), "ten objects")
    save_checkpoint(path, net, SPEC, card={"name": "mine", "é": [1, 2]}, confidence=confidence)
    return path


def test_what_was_saved_comes_back_bit_for_bit(path: Path, net: DextrNet) -> None:
    checkpoint = load_checkpoint(path)
    assert checkpoint.net.config == CONFIG and checkpoint.spec == SPEC
    assert checkpoint.card == {"name": "mine", "é": [1, 2]}
    assert checkpoint.confidence is not None
    assert checkpoint.confidence.fitted_on == "ten objects"
    assert not checkpoint.net.training
    loaded = checkpoint.net.state_dict()
    for name, tensor in net.state_dict().items():
        assert torch.equal(tensor, loaded[name]), name


def test_half_stores_convolutions_in_float16_and_the_rest_in_float32(
    net: DextrNet, path: Path, tmp_path: Path
) -> None:
    half = tmp_path / "half"
    save_checkpoint(half, net, SPEC, card={}, half=True)
    assert half.stat().st_size < 0.6 * path.stat().st_size
    loaded = load_checkpoint(half).net.state_dict()
    for name, tensor in net.state_dict().items():
        wanted = tensor.half().float() if tensor.ndim > 1 else tensor
        assert torch.equal(loaded[name], wanted), name


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.999])
def test_a_cut_file_is_refused(path: Path, share: float) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ModelError, match="cut or not a safetensors file"):
        load_checkpoint(path)


def test_an_onnx_file_is_called_so_and_not_cut(path: Path) -> None:
    path.write_bytes(b"\x08\x08\x12\x07pytorch\x1a\x062.13.0" + bytes(1000))
    with pytest.raises(ModelError, match=r"is an ONNX file; wanted a checkpoint"):
        load_checkpoint(path)


def test_a_missing_file_is_named() -> None:
    with pytest.raises(ModelError, match=r"cannot read the model nowhere\.st"):
        load_checkpoint("nowhere.st")


def test_a_stranger_s_safetensors_file_is_told_apart(tmp_path: Path) -> None:
    save_file({"a": torch.zeros(1)}, tmp_path / "a")
    with pytest.raises(ModelError, match="not an extremecut checkpoint"):
        load_checkpoint(tmp_path / "a")


def with_header(net: DextrNet, path: Path, **changes: object) -> Path:
    header = {
        "format": 1,
        "network": net.config.to_dict(),
        "spec": json.loads(SPEC.to_json()),
        "card": {},
        "confidence": None,
    } | changes
    tensors = {name: tensor.contiguous() for name, tensor in net.state_dict().items()}
    save_file(tensors, path, {"extremecut": json.dumps(header)})
    return path


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 2}, "checkpoint format 2; this version reads format 1"),
        ({"spec": {"size_px": 64}}, "damaged header"),
        ({"network": {"backbone": "vgg"}}, "damaged header.*backbone must be one of"),
        ({"card": 3}, "damaged header"),
        ({"network": {"head": "skip"}}, "missing: .*head.pyramid.* and .* more"),
    ],
)
def test_a_wrong_header_is_explained(
    net: DextrNet, tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(ModelError, match=message):
        load_checkpoint(with_header(net, tmp_path / "a", **changes))


def test_a_header_nested_without_end_is_damaged(net: DextrNet, tmp_path: Path) -> None:
    tensors = {name: tensor.contiguous() for name, tensor in net.state_dict().items()}
    save_file(tensors, tmp_path / "a", {"extremecut": "[" * 100_000})
    with pytest.raises(ModelError, match="damaged header"):
        load_checkpoint(tmp_path / "a")


def test_load_into_names_every_kind_of_misfit() -> None:
    layer = torch.nn.Linear(2, 3)
    tensors = {"weight": torch.zeros(3, 5), "extra": torch.zeros(1)}
    with pytest.raises(ModelError) as caught:
        load_into(layer, tensors, where="a.st")
    message = str(caught.value)
    assert "1 tensor missing: bias" in message
    assert "1 tensor unexpected: extra" in message
    assert "1 tensor of the wrong shape: weight (3, 5) instead of (3, 2)" in message


def test_load_into_can_do_without_batch_counters() -> None:
    norm = torch.nn.BatchNorm2d(2)
    tensors = {name: torch.full((2,), 3.0) for name in norm.state_dict() if "num" not in name}
    load_into(norm, tensors, where="a.st")
    assert float(norm.running_mean[0]) == 3.0
