from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from extremecut.file_lock import locked


def test_one_process_holds_it_until_it_ends_even_killed(
    tmp_path: Path, hold_lock: Callable[[Path], subprocess.Popen[str]]
) -> None:
    lock = tmp_path / "lock"
    other = hold_lock(lock)
    with locked(lock) as alone:
        assert not alone
    assert lock.exists()  # still the other's
    other.kill()
    other.wait(timeout=60)
    with locked(lock) as alone:
        assert alone
    assert not lock.exists()


def test_a_place_that_takes_no_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="missing"), locked(tmp_path / "missing" / "lock"):
        pass
