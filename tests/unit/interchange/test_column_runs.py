from __future__ import annotations

import numpy as np
import pytest

from extremecut.annotations.mask_runs import EMPTY, MaskRuns
from extremecut.annotations.run_lengths import run_lengths
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


def test_every_mask_comes_back_from_its_run_lengths() -> None:
    random = np.random.default_rng(0)
    for share in (0.05, 0.3, 0.7, 0.95):
        for _ in range(50):
            expected = np.zeros(SIZE_HW, bool)
            part = expected[random.integers(3) :, : random.integers(1, 7)]
            part[:] = random.random(part.shape) < share
            mask = MaskRuns.from_mask(expected)
            lengths = np.array(run_lengths(mask.inside(), mask.box, SIZE_HW))
            assert of_column_runs(lengths, SIZE_HW, Allowance(SIZE_HW, "here")) == mask


def test_small_objects_count_with_their_own_box_and_not_with_the_photos_height(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("extremecut.interchange.limits._FREE_PIXELS", 0)
    size_hw = (400, 100)
    mask = MaskRuns((50, 200, 70, 220), (0, 400))
    lengths = np.array(run_lengths(mask.inside(), mask.box, size_hw))
    allowance = Allowance(size_hw, "here")
    for _ in range(64 * 400 * 100 // 400):
        assert of_column_runs(lengths, size_hw, allowance) == mask
    with pytest.raises(DataError, match="cover the photo too many times"):
        of_column_runs(lengths, size_hw, allowance)
