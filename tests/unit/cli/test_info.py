from __future__ import annotations

import json
from pathlib import Path

import pytest

from extremecut import __version__
from extremecut.cli.main import main
from extremecut.runtime.backend import usable_cores


def test_info_names_versions_device_threads_and_model(
    disc_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["info", "--model", str(disc_model), "--threads", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["extremecut"] == __version__
    assert {"numpy", "pillow", "onnxruntime"} <= set(found["packages"])
    assert found["device"] == "onnxruntime CPUExecutionProvider"
    assert "cpu" in found["available_devices"]
    assert found["threads"] == 1
    model = found["model"]
    assert (model["name"], model["embedded"], model["size_px"]) == ("disc", False, 96)
    assert len(model["sha256"]) == 64 and model["confidence"] is True


def test_the_embedded_model_goes_by_its_name_too(capsys: pytest.CaptureFixture[str]) -> None:
    answers = []
    for options in ([], ["--model", "small"]):
        assert main(["info", "--json", *options]) == 0
        answers.append(json.loads(capsys.readouterr().out)["model"])
    assert answers[0] == answers[1]
    assert answers[0]["embedded"] is True


def test_info_for_people_says_the_same(
    disc_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["info", "--model", str(disc_model)]) == 0
    shown = capsys.readouterr().out
    assert f"onnxruntime CPUExecutionProvider, {usable_cores()} threads" in shown
    assert f"disc ({disc_model})" in shown


def test_the_threads_of_a_checkpoint_are_those_pytorch_uses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    torch = pytest.importorskip("torch", reason="checkpoints need the train extra")
    from extremecut.inputs import InputSpec
    from extremecut.networks.checkpoints import save_checkpoint
    from extremecut.networks.dextr_net import DextrNet, NetworkConfig

    save_checkpoint(tmp_path / "a.safetensors", DextrNet(NetworkConfig()), InputSpec(64), card={})
    monkeypatch.setattr(torch, "get_num_threads", lambda: 7)  # as OMP_NUM_THREADS=7 makes it
    assert main(["info", "--model", str(tmp_path / "a.safetensors"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["threads"] == 7


def test_a_device_that_is_not_there_is_an_error(
    disc_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["info", "--model", str(disc_model), "--device", "toaster"]) == 1
    assert "toaster" in capsys.readouterr().err
