from __future__ import annotations

import numpy as np
from scripted_annotator.annotator import Habits, Outcome, ScriptedAnnotator
from scripted_annotator.costs import Costs

from extremecut.datasets.sample import ObjectSample

IMAGE = np.zeros((80, 100, 3), np.uint8)
TRUTH = np.zeros((80, 100), np.bool_)
TRUTH[20:60, 20:80] = True


class Network:
    """Answers with the masks given, the last of them for good."""

    def __init__(self, *masks: np.ndarray) -> None:
        self.masks = list(masks)
        self.asked: list[np.ndarray] = []

    def __call__(self, image: np.ndarray, points_xy: np.ndarray) -> np.ndarray:
        self.asked.append(points_xy)
        return self.masks[min(len(self.asked), len(self.masks)) - 1]


def annotated(network: Network, truth: np.ndarray = TRUTH) -> Outcome:
    annotator = ScriptedAnnotator(network, Habits(0.95), Costs())
    return annotator.annotate(ObjectSample(IMAGE, truth), np.random.default_rng(0))


def test_a_right_answer_costs_four_clicks_and_enter() -> None:
    network = Network(TRUTH)
    outcome = annotated(network)
    assert dict(outcome.tally.kinds) == {"extreme": 4, "accept": 1}
    assert outcome.tally.seconds == 4 * 1.8 + 0.5
    assert outcome.iou == outcome.first_iou == 1
    assert np.abs(network.asked[0] - [[20, 40], [50, 20], [79, 40], [50, 59]]).max() <= 3


def test_a_hole_costs_one_key() -> None:
    holed = TRUTH.copy()
    holed[30:50, 30:50] = False
    outcome = annotated(Network(holed))
    assert dict(outcome.tally.kinds) == {"extreme": 4, "fill-holes": 1, "accept": 1}
    assert outcome.iou == 1


def test_crumbs_cost_one_key() -> None:
    truth = TRUTH.copy()
    crumbs = truth.copy()
    crumbs[2:10:2, 2:98:2] = True
    assert annotated(Network(crumbs)).tally.kinds["keep-largest"] == 1


def test_a_missing_piece_is_clicked_and_kept_when_it_helps() -> None:
    cut = TRUTH.copy()
    cut[:, 50:] = False
    network = Network(cut, TRUTH)
    outcome = annotated(network)
    assert dict(outcome.tally.kinds) == {"extreme": 4, "boundary": 1, "accept": 1}
    assert len(network.asked[1]) == 5


def test_an_answer_that_makes_it_worse_is_taken_back() -> None:
    cut = TRUTH.copy()
    cut[:, 50:] = False
    outcome = annotated(Network(cut, np.zeros_like(TRUTH)))
    assert outcome.tally.kinds["undo"] >= 1
    assert outcome.iou >= outcome.first_iou


def test_corrections_by_hand_outlive_a_new_answer() -> None:
    holed = TRUTH.copy()
    holed[25:55, 22:48] = False
    holed[:, 62:] = False
    again = TRUTH.copy()
    again[25:55, 22:48] = False
    outcome = annotated(Network(holed, again))
    assert outcome.iou == 1
    assert outcome.tally.kinds["fill-holes"] == 1


def test_twenty_actions_are_the_end() -> None:
    checks = np.indices(TRUTH.shape).sum(axis=0) // 6 % 2 == 0
    outcome = annotated(Network(TRUTH & checks), TRUTH & ~checks)
    assert outcome.tally.actions <= 20
    assert outcome.iou < 0.95
