from __future__ import annotations

import numpy as np
import pytest

from extremecut.annotations.mask_runs import EMPTY, MaskRuns
from extremecut.errors import DataError
from extremecut.interchange.column_runs import of_column_runs
from extremecut.interchange.limits import Allowance

SIZE_HW = (4, 6)


def test_run_lengths_of_columns_become_runs_of_rows() -> None:
    # Pixels (1, 1), (1, 2), and the whole third column from its second row.
    lengths = np.array([5, 2, 2, 3, 12])
    mask = of_column_runs(lengths, SIZE_HW, Allowance(SIZE_HW, "here"))
    expected = np.zeros(SIZE_HW, bool)
    expected[1:3, 1] = expected[1:4, 2] = True
    assert mask == MaskRuns.from_mask(expected)


def test_background_alone_is_an_empty_mask() -> None:
    for lengths in ([24], [24, 0], [10, 0, 14]):
        found = of_column_runs(np.array(lengths), SIZE_HW, Allowance(SIZE_HW, "here"))
        assert found == EMPTY


def test_too_many_runs_along_the_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extremecut.interchange.limits.MAX_RUNS", 10)
    with pytest.raises(DataError, match="here: its masks are noise"):
        of_column_runs(np.array([4] * 6), SIZE_HW, Allowance(SIZE_HW, "here"))
