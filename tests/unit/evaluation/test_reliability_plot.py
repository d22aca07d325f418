from __future__ import annotations

import numpy as np

from extremecut.evaluation.reliability_plot import COLUMNS, PANEL_PX, reliability_plot
from extremecut.evaluation.statistics import Reliability, reliability


def found(offset: float) -> Reliability:
    confidence = np.linspace(0.3, 0.9, 30)
    result = reliability(confidence, confidence + offset)
    assert result is not None
    return result


def test_each_set_has_its_panel() -> None:
    panels = [(f"set {k}", found(0.0)) for k in range(COLUMNS + 1)]

    assert reliability_plot(panels[:1]).shape == (PANEL_PX, PANEL_PX, 3)
    assert reliability_plot(panels).shape == (2 * PANEL_PX, COLUMNS * PANEL_PX, 3)


def test_better_masks_are_drawn_higher() -> None:
    blue = (70, 120, 200)
    heights = []
    for offset in (-0.2, 0.1):
        drawn = (reliability_plot([("set", found(offset))]) == blue).all(axis=2)
        heights.append(np.argwhere(drawn)[:, 0].mean())

    assert heights[0] > heights[1]


def test_no_confidence_is_said_in_words() -> None:
    assert reliability_plot([]).std() > 0


def test_a_constant_confidence_has_no_rank_correlation_to_print() -> None:
    constant = reliability(np.full(3, 0.5), np.array([0.4, 0.5, 0.6]))
    assert constant is not None

    assert reliability_plot([("set", constant)]).shape == (PANEL_PX, PANEL_PX, 3)
