from __future__ import annotations

import numpy as np
from scripted_annotator.page_actions import Stroke
from scripted_annotator.stroke_plans import MOST_BENDS, stroke_plans

TRUTH = np.zeros((60, 100), np.bool_)
TRUTH[20:40, 10:90] = True
EVERYWHERE = np.ones_like(TRUTH)


def wrong_after(stroke: Stroke, mask: np.ndarray) -> int:
    return int((stroke.applied(mask) ^ TRUTH).sum())


def test_one_stroke_paints_most_of_a_missing_arm() -> None:
    mask = TRUTH.copy()
    mask[:, 50:] = False  # 800 pixels missing
    best = min(stroke_plans(mask, TRUTH, EVERYWHERE, 10), key=lambda s: wrong_after(s, mask))
    assert not best.erase
    assert wrong_after(best, mask) < 160  # a round brush leaves corners


def test_one_stroke_erases_most_of_a_piece_too_much() -> None:
    mask = TRUTH.copy()
    mask[5:20, 30:60] = True  # 450 pixels too much
    best = min(stroke_plans(mask, TRUTH, EVERYWHERE, 10), key=lambda s: wrong_after(s, mask))
    assert best.erase
    assert wrong_after(best, mask) < 150


def test_strokes_have_few_bends() -> None:
    mask = np.zeros_like(TRUTH)
    assert all(
        1 <= len(stroke.path_xy) <= MOST_BENDS
        for stroke in stroke_plans(mask, TRUTH, EVERYWHERE, 10)
    )


def test_what_is_not_known_is_no_reason_for_a_stroke() -> None:
    mask = TRUTH.copy()
    mask[:, 50:] = False
    known = EVERYWHERE.copy()
    known[:, 50:] = False
    assert list(stroke_plans(mask, TRUTH, known, 10)) == []


def test_a_right_mask_needs_no_stroke() -> None:
    assert list(stroke_plans(TRUTH, TRUTH, EVERYWHERE, 10)) == []
