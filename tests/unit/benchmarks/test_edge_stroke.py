from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scripted_annotator.edge_plans import edge_plans
from scripted_annotator.edge_stroke import EdgeStroke, line_pixels
from scripted_annotator.stroke_plans import MOST_BENDS

PAGE_CASES = (
    Path(__file__).resolve().parents[3]
    / "frontend"
    / "src"
    / "core"
    / "testing"
    / "edge-cases.json"
)
TRUTH = np.zeros((60, 100), np.bool_)
TRUTH[20:40, 10:90] = True
EVERYWHERE = np.ones_like(TRUTH)
OPEN = (True,) * 4


def drawn(rows: list[str]) -> np.ndarray:
    return np.array([[letter == "#" for letter in row] for row in rows])


@pytest.mark.parametrize("case", json.loads(PAGE_CASES.read_text()), ids=lambda case: case["name"])
def test_it_does_what_the_page_does(case: dict[str, Any]) -> None:
    stroke = EdgeStroke(np.array(case["path"]), open_sides=(False,) * 4)
    assert (stroke.applied(drawn(case["before"])) == drawn(case["after"])).all()


def test_lines_step_over_no_corner() -> None:
    pixels = np.array(line_pixels(np.array([[0.0, 0.0], [7.0, 3.0], [2.0, -4.0]])))
    assert (np.abs(np.diff(pixels, axis=0)).sum(axis=1) == 1).all()


def wrong_after(stroke: EdgeStroke, mask: np.ndarray) -> int:
    return int((stroke.applied(mask) ^ TRUTH).sum())


def test_one_line_puts_a_missing_arm_right() -> None:
    mask = TRUTH.copy()
    mask[:, 50:] = False  # 800 pixels missing
    assert min(wrong_after(plan, mask) for plan in edge_plans(mask, TRUTH, EVERYWHERE, OPEN)) == 0


def test_one_line_cuts_off_a_piece_too_much() -> None:
    mask = TRUTH.copy()
    mask[5:20, 30:60] = True  # 450 pixels too much
    assert min(wrong_after(plan, mask) for plan in edge_plans(mask, TRUTH, EVERYWHERE, OPEN)) == 0


def test_background_that_goes_on_beyond_the_window_is_not_filled() -> None:
    mask = np.zeros((20, 30), np.bool_)
    mask[:, :5] = True
    across = EdgeStroke(np.array([[4.0, 15.0], [29.0, 15.0]]), OPEN)
    assert (across.applied(mask) == mask).all()
    at_the_frame = EdgeStroke(across.path_xy, (False,) * 4)
    assert at_the_frame.applied(mask)[16:].all()


def test_lines_have_few_bends() -> None:
    mask = TRUTH.copy()
    mask[25:35, 60:] = False
    plans = list(edge_plans(mask, TRUTH, EVERYWHERE, OPEN))
    assert plans
    assert all(1 <= len(plan.path_xy) <= MOST_BENDS for plan in plans)


def test_a_right_mask_needs_no_line() -> None:
    assert list(edge_plans(TRUTH, TRUTH, EVERYWHERE, OPEN)) == []
