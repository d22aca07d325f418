from __future__ import annotations

from pathlib import Path

import pytest
import torch

from extremecut.errors import ConfigError
from extremecut.inputs import InputSpec
from extremecut.networks.checkpoints import load_checkpoint, save_checkpoint
from extremecut.networks.dextr_net import DextrNet, NetworkConfig
from extremecut.networks.mobilenet_v2 import FULL_INNER_CHANNELS
from extremecut.runtime.export import export_onnx
from extremecut.training.from_onnx import network_from_onnx
from extremecut.training.slim_model import slim_model
from extremecut.training.sources import DataConfig, SetChoice

DATA = DataConfig(train=(SetChoice("synthetic:?count=8&seed=1"),))


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    path = tmp_path / "wide.safetensors"
    card = {"name": "wide", "licence": "CC0", "metrics": {"coco": 0.8}, "sha256": "0"}
    spec = InputSpec(size_px=64, threshold=0.4)
    # Slimming full widths takes a minute of two cores.
    config = NetworkConfig(
        output_stride=32, inner_channels=tuple(w // 4 for w in FULL_INNER_CHANNELS)
    )
    save_checkpoint(path, DextrNet(config), spec, card=card)
    return path


def test_card_and_spec_stay_and_what_no_longer_holds_goes(wide: Path) -> None:
    slimmed = slim_model(wide, DATA, 0.8)
    widths = slimmed.net.config.inner_channels
    assert slimmed.card == {
        "name": "wide",
        "licence": "CC0",
        "slimmed": {"keep": 0.8, "inner_channels": list(widths)},
    }
    assert slimmed.spec.threshold == 0.4 and slimmed.confidence is None


def test_a_slimmed_model_is_stored_exported_and_read_again(wide: Path, tmp_path: Path) -> None:
    slimmed = slim_model(wide, DATA, 0.8)
    checkpoint, exported = tmp_path / "slim.safetensors", tmp_path / "slim.onnx"
    save_checkpoint(checkpoint, slimmed.net, slimmed.spec, card=slimmed.card)
    export_onnx(slimmed.net, exported, slimmed.spec, card=slimmed.card)
    x = torch.rand(1, 4, 64, 64)
    with torch.inference_mode():
        wanted = slimmed.net(x)
        for again in (load_checkpoint(checkpoint), network_from_onnx(exported)):
            assert again.net.config == slimmed.net.config
            torch.testing.assert_close(again.net(x), wanted, rtol=1e-3, atol=1e-4)


def test_without_data_there_is_nothing_to_slim_on(wide: Path) -> None:
    with pytest.raises(ConfigError, match="no training data"):
        slim_model(wide, DataConfig(), 0.8)
