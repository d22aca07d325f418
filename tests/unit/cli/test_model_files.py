from __future__ import annotations

import argparse
import builtins
from typing import Any

import pytest

from extremecut.cli import calibrate, model_files
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
