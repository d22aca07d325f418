from __future__ import annotations

import json

import numpy as np
import pytest
from scripted_annotator.costs import Costs
from scripted_annotator.results import POLYGONS, Drawn, ObjectResult, SetResult, ratio_of_means


def result(actions: int, seconds: float, iou: float, vertices: int) -> ObjectResult:
    drawn = {way: Drawn(1, vertices) for way in POLYGONS}
    return ObjectResult("a", 100, 0.5, iou, actions, seconds, {"extreme": 4}, drawn)


RESULT = SetResult(
    "tiny", 0.85, Costs(vertex_s=2.0), [result(5, 8, 0.9, 9), result(15, 20, 0.8, 39)]
)


def test_a_drawn_object_costs_its_vertices_and_a_key_for_each_polygon() -> None:
    drawn = Drawn(2, 10)
    assert drawn.actions == 12
    assert drawn.seconds(Costs(vertex_s=3.0)) == 31


def test_efforts_are_means_and_medians_and_the_ratio_is_of_means() -> None:
    tool = RESULT.effort()
    assert (tool.mean_actions, tool.mean_seconds, tool.reached) == (10, 14, 0.5)
    drawn = RESULT.effort("full polygon")
    assert drawn.mean_actions == 25
    assert drawn.action_ratio is not None and drawn.action_ratio[0] == 2.5
    assert drawn.second_ratio is not None
    assert drawn.second_ratio[0] == pytest.approx((18.5 + 78.5) / 2 / 14)


def test_an_interval_holds_its_ratio_and_is_a_point_for_equal_objects() -> None:
    ours = np.arange(1.0, 40)
    ratio, low, high = ratio_of_means(2 * ours + np.tile([0.0, 3, 6], 13), ours)
    assert low < ratio < high
    assert ratio_of_means(3 * ours, ours) == pytest.approx((3, 3, 3))


def test_the_whole_goes_into_json() -> None:
    content = json.loads(json.dumps(RESULT.to_dict(), allow_nan=False))
    assert content["tool"]["actions_by_kind"] == {"extreme": 4.0}
    assert set(content["polygons"]) == set(POLYGONS)
