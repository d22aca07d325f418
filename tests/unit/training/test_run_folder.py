from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from extremecut.errors import ConfigError
from extremecut.training.devices import ExecutionConfig, make_fabric
from extremecut.training.run_folder import LOCK, claimed

AT_WORK = """
import sys
from pathlib import Path
from extremecut.file_lock import locked

with locked(Path(sys.argv[1])) as alone:
    print(alone, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def fabric() -> Any:
    return make_fabric(ExecutionConfig(accelerator="cpu", precision="32-true"))


def at_work_in(run: Path) -> subprocess.Popen[str]:
    """Another process that has the folder's lock until it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", AT_WORK, str(run / LOCK)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stdout.readline() == "True\n"
    return process


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is locked on Windows")
@pytest.mark.parametrize("fresh", [True, False])
def test_a_folder_is_held_by_one_process_until_that_ends_even_killed(
    fabric: Any, tmp_path: Path, fresh: bool
) -> None:
    other = at_work_in(tmp_path)
    try:
        with pytest.raises(ConfigError, match="another process is at work in"):
            claimed(fabric, tmp_path, fresh=fresh).__enter__()
        other.send_signal(signal.SIGKILL)
        other.wait(timeout=60)
        assert (tmp_path / LOCK).exists()  # what a killed process leaves is in nobody's way
        with claimed(fabric, tmp_path, fresh=fresh):
            pass
    finally:
        other.kill()
        other.communicate()
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
