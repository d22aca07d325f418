from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from extremecut.cli.main import main
from extremecut.geometry.colour_odds import ColourOdds
from extremecut.geometry.guided_filter import GuidedFilter
from extremecut.inputs import InputSpec
from extremecut.networks.checkpoints import load_checkpoint, save_checkpoint
from extremecut.networks.dextr_net import DextrNet, NetworkConfig

DATA = "synthetic:?count=6&seed=3"


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("model") / "random.safetensors"
    net = DextrNet(NetworkConfig())
    save_checkpoint(path, net, InputSpec(size_px=64), card={"name": "random"})
    return path


def test_threshold_and_confidence_end_up_in_the_new_checkpoint(
    checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "calibrated.safetensors"
    arguments = ["calibrate", str(checkpoint), "-o", str(output), "--data", DATA, "--json"]
    assert main([*arguments, "--second-look", "0.25", "--follow-edges", "--weigh-colours"]) == 0
    answer = json.loads(capsys.readouterr().out)
    calibrated = load_checkpoint(output)
    assert calibrated.spec.threshold == answer["threshold"]
    assert calibrated.spec.second_look == 0.25
    assert calibrated.spec.guided_filter == GuidedFilter()
    assert calibrated.spec.colour_odds == ColourOdds()
    assert calibrated.card == {"name": "random"}
    assert calibrated.confidence is not None
    assert "(6)" in calibrated.confidence.fitted_on
    before = load_checkpoint(checkpoint)
    for name, tensor in before.net.state_dict().items():
        assert torch.equal(tensor, calibrated.net.state_dict()[name])


def test_without_data_nothing_is_written(
    checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "calibrated.safetensors"
    assert main(["calibrate", str(checkpoint), "-o", str(output)]) == 1
    assert "validation objects" in capsys.readouterr().err
    assert not output.exists()
