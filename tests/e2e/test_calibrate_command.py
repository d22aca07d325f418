from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from extremecut.cli.main import main
from extremecut.confidence import FEATURES, ConfidenceModel
from extremecut.evaluation import calibration
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
    assert "give --data DESCRIPTION, or --root DIR" in capsys.readouterr().err
    assert not output.exists()


def test_a_place_that_cannot_be_written_to_is_found_out_before_the_run(
    checkpoint: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def run(*_: object, **__: object) -> None:
        raise AssertionError("the run began")

    monkeypatch.setattr(calibration, "calibrate", run)
    for output, message in [
        (tmp_path / "missing" / "a.safetensors", "create this folder first"),
        (tmp_path, "Not a regular file"),
    ]:
        assert main(["calibrate", str(checkpoint), "-o", str(output), "--data", DATA]) == 1
        assert message in capsys.readouterr().err


def test_refused_objects_are_told_and_no_bar_is_drawn_into_a_file(
    checkpoint: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spec = InputSpec(size_px=64)
    sure = ConfidenceModel((0.0,) * len(FEATURES), "made")
    found = calibration.Calibration(spec, sure, {0.5: 0.7}, {"dots": 2}, refused=3)
    monkeypatch.setattr(calibration, "calibrate", lambda *_, **__: found)
    words = ["calibrate", str(checkpoint), "-o", str(tmp_path / "a.safetensors"), "--data", DATA]
    assert main(words) == 0
    shown = capsys.readouterr()
    assert "3 times points were refused" in shown.out
    assert shown.err == ""
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["refused"] == 3
