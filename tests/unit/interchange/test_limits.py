from __future__ import annotations

import pytest

from extremecut.errors import DataError
from extremecut.interchange import limits
from extremecut.interchange.limits import Allowance


def test_a_thousand_large_objects_are_no_trouble() -> None:
    allowance = Allowance((3000, 4000), "here")
    for _ in range(1000):
        allowance.object_of(1000 * 1000)
        allowance.runs(2000)
        allowance.file_of(3000 * 4000)


def test_what_is_beyond_measure_is_refused() -> None:
    with pytest.raises(DataError, match="here: its objects cover the photo too many times"):
        Allowance((10, 10), "here").object_of(1 << 31)
    with pytest.raises(DataError, match="here: its masks are noise"):
        Allowance((10, 10), "here").runs(limits.MAX_RUNS + 1)
    with pytest.raises(DataError, match="here has too many files"):
        Allowance((10, 10), "here").file_of(1 << 40)


def test_objects_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_OBJECTS", 2)
    allowance = Allowance((10, 10), "here")
    allowance.object_of(0)
    allowance.object_of(0)
    with pytest.raises(DataError, match="here holds more than 2 objects"):
        allowance.object_of(0)
