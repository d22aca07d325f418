from __future__ import annotations

import numpy as np
import pytest

from extremecut.annotations.mask_runs import EMPTY, MaskRuns
from extremecut.errors import DataError
from extremecut.interchange.label_maps import drawn, objects_of
from extremecut.interchange.limits import Allowance

DOT = MaskRuns((1, 0, 2, 1), (0, 1))
ROW = MaskRuns((0, 0, 3, 1), (0, 3))


def test_later_objects_win_and_covered_ones_are_named() -> None:
    labels, covered = drawn([(1, DOT), (2, EMPTY), (7, ROW)], (2, 4), np.uint8)
    assert labels.tolist() == [[7, 7, 7, 0], [0, 0, 0, 0]] and covered == {1}
    labels, covered = drawn([(7, ROW), (300, DOT)], (1, 4), np.uint16)
    assert labels.tolist() == [[7, 300, 7, 0]] and covered == {7}


def test_values_are_taken_apart_again() -> None:
    labels = np.array([[5, 5, 0, 9], [5, 9, 9, 9]], np.uint16)
    assert objects_of(labels, Allowance(labels.shape, "here")) == {
        5: MaskRuns((0, 0, 2, 2), (0, 3, 1)),
        9: MaskRuns((1, 0, 4, 2), (2, 4)),
    }


@pytest.mark.parametrize("shape", [(1, 1), (3, 2)])
def test_an_empty_map_holds_nothing(shape: tuple[int, int]) -> None:
    assert objects_of(np.zeros(shape, np.uint8), Allowance(shape, "here")) == {}


def test_noise_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extremecut.interchange.limits.MAX_RUNS", 10)
    labels = np.tile(np.array([1, 2], np.uint8), (4, 4))
    with pytest.raises(DataError, match="here: its masks are noise"):
        objects_of(labels, Allowance(labels.shape, "here"))
