"""Rows of numbers stretched to image rows."""

from __future__ import annotations

import numpy as np
import pytest

from extremecut.geometry.bands import bands_of


def stretched(rows: np.ndarray, ys: np.ndarray, most_px: int = 1 << 18) -> np.ndarray:
    result = np.full((len(ys), rows.shape[1]), np.nan, np.float32)
    for top, bands in bands_of(rows, ys, most_px=most_px):
        for place, values in bands.values():
            result[top : top + bands.height][place] = values
    return result


def test_values_lie_on_straight_lines_and_the_ends_go_on() -> None:
    rows = np.array([[0, 8], [4, 8], [4, 0]], np.float32)
    values = stretched(rows, np.array([-0.5, 0, 0.25, 0.75, 1.5, 2, 2.5]))
    assert values[:, 0].tolist() == [0, 0, 1, 3, 4, 4, 4]
    assert values[:, 1].tolist() == [8, 8, 8, 8, 4, 0, 0]


@pytest.mark.parametrize("open_share", ["few", "many"])
@pytest.mark.parametrize("most_px", [1, 4 * 50 * 3, 1 << 18])
def test_the_mask_is_exactly_where_the_values_exceed_the_threshold(
    most_px: int, open_share: str
) -> None:
    rng = np.random.default_rng(0)
    rows = rng.random((20, 50)).astype(np.float32)
    if open_share == "few":
        rows = np.where(np.abs(np.arange(50) - 25) < 9, 0.9, 0.1).astype(np.float32)
        rows = rows * np.ones((20, 1), np.float32)
        rows[10:, 30:34] = 0.9
    ys = (np.arange(333) + 0.5) * 20 / 333 - 0.5
    values = stretched(rows, ys)
    for threshold in (0.5, float(values[100, 31]), 0.9):
        mask = np.zeros(values.shape, bool)
        for top, bands in bands_of(rows, ys, most_px=most_px):
            bands.write_mask(mask[top : top + bands.height], threshold)
        assert (mask == (values > threshold)).all()
        assert threshold == 0.9 or 0 < mask.sum() < mask.size


def test_no_more_is_held_at_a_time_than_asked_for() -> None:
    rows = np.zeros((20, 50), np.float32)
    ys = (np.arange(333) + 0.5) * 20 / 333 - 0.5
    held = [len(bands.upper) for _, bands in bands_of(rows, ys, most_px=4 * 50 * 3)]
    assert max(held) == 3 and sum(held) == 20
