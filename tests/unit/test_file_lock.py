from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from extremecut.file_lock import locked

HOLD = """
import sys
from pathlib import Path
from extremecut.file_lock import locked

with locked(Path(sys.argv[1])) as alone:
    print(alone, flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is locked on Windows")
def test_one_process_holds_it_until_it_ends_even_killed(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert other.stdout is not None and other.stdout.readline() == "True\n"
        with locked(lock) as alone:
            assert not alone
        assert lock.exists()  # still the other's
        other.kill()
        other.wait(timeout=60)
        with locked(lock) as alone:
            assert alone
    finally:
        other.kill()
        other.communicate()
    assert not lock.exists()


def test_a_place_that_takes_no_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="missing"), locked(tmp_path / "missing" / "lock"):
        pass
