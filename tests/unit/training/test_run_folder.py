from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from extremecut.errors import ConfigError
from extremecut.training.devices import ExecutionConfig, make_fabric
from extremecut.training.run_folder import LOCK, claimed


@pytest.fixture
def fabric() -> Any:
    return make_fabric(ExecutionConfig(accelerator="cpu", precision="32-true"))


@pytest.mark.parametrize("fresh", [True, False])
def test_a_folder_is_held_by_one_process_until_that_ends_even_killed(
    fabric: Any, tmp_path: Path, hold_lock: Callable[[Path], subprocess.Popen[str]], fresh: bool
) -> None:
    other = hold_lock(tmp_path / LOCK)
    with pytest.raises(ConfigError, match="another process is at work in"):
        claimed(fabric, tmp_path, fresh=fresh).__enter__()
    other.send_signal(signal.SIGKILL)
    other.wait(timeout=60)
    assert (tmp_path / LOCK).exists()  # what a killed process leaves is in nobody's way
    with claimed(fabric, tmp_path, fresh=fresh):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_cannot_begin_leaves_no_folder_and_one_that_did_keeps_it(
    fabric: Any, tmp_path: Path
) -> None:
    run = tmp_path / "runs" / "mine"
    with pytest.raises(ZeroDivisionError), claimed(fabric, run, fresh=True):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ZeroDivisionError), claimed(fabric, run, fresh=True):
        (run / "config.json").touch()
        raise ZeroDivisionError
    assert [path.name for path in run.iterdir()] == ["config.json"]
    with pytest.raises(ConfigError, match="already holds a run"):
        claimed(fabric, run, fresh=True).__enter__()
    with claimed(fabric, run, fresh=False):
        pass


def test_a_place_that_takes_no_folder_is_named(fabric: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=r"file.*Not a directory"):
        claimed(fabric, tmp_path / "file" / "run", fresh=True).__enter__()
