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
