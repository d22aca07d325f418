"""Four clicks, a mask, and the next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from annotating import CUP, Annotating, Point, mask_of

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"


def test_four_clicks_paint_a_mask_and_enter_saves_it(annotating: Annotating) -> None:
    annotating.open_photo("cup-0.jpg")
    annotating.place_object(CUP.points)
    assert annotating.painted(CUP.inside)[3] > 0
    assert annotating.painted(CUP.outside)[3] == 0
    assert annotating.image["objects"] == []  # not yet accepted
    annotating.accept()
    [saved] = annotating.image["objects"]
    mask = annotating.masks()[0]
    assert mask[CUP.inside[1], CUP.inside[0]] and not mask[CUP.outside[1], CUP.outside[0]]
    assert 0.7 * CUP.area_px < mask.sum() < 1.3 * CUP.area_px
    assert saved["author"] == "Ada"
    assert saved["inputs"] == 5  # four clicks and Enter
    assert saved["seconds"] > 0
    np.testing.assert_allclose(saved["points"], CUP.points, atol=1.5)
    assert annotating.painted(CUP.inside)[3] > 0


def test_the_tool_stays_armed_for_the_next_object(annotating: Annotating) -> None:
    annotating.open_photo("cup-1.jpg")
    for shift in (0, 30):
        annotating.place_object([(x - shift, y + shift // 2) for x, y in CUP.points])
        annotating.accept()
    first, second = annotating.image["objects"]
    assert first["class_id"] == second["class_id"]
    assert annotating.page.locator(".object-row").count() == 2


def test_clicks_of_the_next_object_need_not_wait_for_the_answer(annotating: Annotating) -> None:
    annotating.open_photo("cup-2.jpg")
    annotating.click(*CUP.points)
    annotating.press("Enter")  # before the mask is there
    annotating.wait_until(lambda: len(annotating.image["objects"]) == 1)
    assert annotating.masks()[0].sum() > 0.7 * CUP.area_px


def test_dragging_a_point_predicts_again_while_it_moves(annotating: Annotating) -> None:
    annotating.open_photo("cup-3.jpg")
    annotating.place_object(CUP.points)
    asked: list[dict] = []
    annotating.page.on(
        "request",
        lambda request: (
            asked.append(request.post_data_json) if request.url.endswith("/api/segment") else None
        ),
    )
    left, *others = CUP.points
    annotating.drag(left, (left[0] + 70, left[1]), (left[0] + 140, left[1]), steps=10)
    annotating.wait_until(
        lambda: bool(asked) and abs(asked[-1]["points"][0][0] - left[0] - 140) < 2
    )
    annotating.accept()
    [saved] = annotating.image["objects"]
    assert saved["points"][0][0] == pytest.approx(left[0] + 140, abs=2)
    np.testing.assert_allclose(saved["points"][1:], others, atol=1.5)
    box = saved["mask"]["box"]
    assert box[0] >= left[0] + 130  # the mask ends at the box of the points


def test_more_clicks_on_the_boundary_refine(annotating: Annotating) -> None:
    annotating.open_photo("cup-4.jpg")
    annotating.place_object(CUP.points)
    annotating.click((130, 90))
    annotating.accept()
    assert len(annotating.image["objects"][0]["points"]) == 5


def test_escape_throws_the_draft_away(annotating: Annotating) -> None:
    annotating.open_photo("cup-5.jpg")
    annotating.place_object(CUP.points)
    annotating.press("Escape")
    annotating.wait_until(lambda: annotating.painted(CUP.inside)[3] == 0)
    annotating.press("Enter")
    assert annotating.image["objects"] == []


def test_two_fingers_zoom_and_leave_no_point(new_page: Callable[..., Annotating]) -> None:
    annotating = new_page(has_touch=True)
    annotating.open_photo("cup-5.jpg")
    fingers = annotating.page.context.new_cdp_session(annotating.page)

    def touch(kind: str, *places: Point) -> None:
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    zoom, guide = annotating.page.locator(".zoom"), annotating.page.locator(".guide")
    before = zoom.inner_text()
    (x, y), (right, _) = annotating.place(CUP.inside), annotating.place(CUP.outside)
    touch("touchStart", (x, y))
    touch("touchStart", (x, y), (right, y))
    for step in range(1, 6):
        touch("touchMove", (x + 20 * step, y), (right - 20 * step, y))
    touch("touchEnd")
    annotating.wait_until(lambda: zoom.inner_text() != before)
    assert guide.inner_text().startswith("Click the left-most")  # no point yet


def test_points_may_lie_outside_a_photo_that_cuts_the_object(annotating: Annotating) -> None:
    annotating.open_photo("astronaut.jpg")
    annotating.place_object([(10, 500), (220, 8), (450, 500), (230, 515)])
    annotating.accept()
    [saved] = annotating.image["objects"]
    assert max(y for _, y in saved["points"]) > 512
    assert saved["mask"]["box"][3] <= 512


def test_delete_removes_the_selected_object_and_undo_brings_it_back(
    annotating: Annotating,
) -> None:
    annotating.open_photo("cup-0.jpg")
    before = len(annotating.image["objects"])
    annotating.place_object(CUP.points)
    annotating.accept()
    annotating.press(".", "Delete")
    annotating.wait_until(lambda: len(annotating.image["objects"]) == before)
    annotating.press("Control+z")
    annotating.wait_until(lambda: len(annotating.image["objects"]) == before + 1)


def test_double_click_shows_the_points_of_an_object_again(annotating: Annotating) -> None:
    annotating.open_photo("cup-1.jpg")
    if not annotating.image["objects"]:
        annotating.place_object(CUP.points)
        annotating.accept()
    image = annotating.image
    top = mask_of(image["objects"][-1]["mask"], (image["height"], image["width"]))
    y, x = (int(np.median(values)) for values in np.nonzero(top))
    annotating.press("v")
    annotating.page.mouse.dblclick(*annotating.place((x, y)))
    chosen = annotating.page.locator(".object-row.chosen")
    annotating.wait_until(lambda: chosen.count() == 1)
