from __future__ import annotations

import argparse
import builtins
from pathlib import Path
from typing import Any

import pytest

from extremecut.cli import calibrate, model_files
from extremecut.cli.main import main
from extremecut.errors import MissingExtraError


@pytest.mark.parametrize(
    "action",
    [
        model_files.import_released,
        model_files.export,
        model_files.mix_checkpoints,
        calibrate.run,
    ],
)
def test_without_pytorch_each_says_which_extra_to_install(
    action: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without_torch(name: str, *rest: Any) -> Any:
        if name == "torch":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_torch)
    with pytest.raises(MissingExtraError, match=r"extremecut\[train\]"):
        action(argparse.Namespace())


@pytest.mark.parametrize(
    "words",
    [
        ["models", "import", "mine"],
        ["models", "export", "mine"],
        ["models", "export", "other", "--card", "mine"],
        ["models", "mix", "other*0.3", "mine*0.7"],
        ["calibrate", "mine"],
    ],
)
def test_a_model_is_not_replaced_by_what_is_made_of_it(
    words: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine").write_text("weeks of work")
    Path("link").symlink_to("mine")
    for output in ("mine", "link"):
        assert main([*words, "-o", output]) == 1
        assert f"{output} would replace mine, which it is made of" in capsys.readouterr().err
    assert Path("mine").read_text() == "weeks of work"


def test_a_place_that_takes_no_file_is_named_before_a_model_is_slimmed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def too_late(*arguments: Any) -> None:
        raise AssertionError("the long run has begun")

    monkeypatch.setattr("extremecut.training.slim_model.slim_model", too_late)
    output = tmp_path / "missing" / "slim.safetensors"
    words = ["models", "slim", "small", "--keep", "0.9", "--data", "synthetic:?count=2"]
    assert main([*words, "-o", str(output)]) == 1
    assert "create this folder first" in capsys.readouterr().err
