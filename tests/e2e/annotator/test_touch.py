"""By finger: taps, pinches, and what a mouse would show by hovering."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from annotating import CUP, Annotating, Point

TABLET = {"width": 1024, "height": 768}


class Fingers:
    """On the page of a tablet; places are in CSS pixels of the page."""

    def __init__(self, annotating: Annotating) -> None:
        self.annotating = annotating
        self.page = annotating.page
        self.page.set_viewport_size(TABLET)
        self.screen: Any = self.page.context.new_cdp_session(self.page)

    def send(self, kind: str, *places: Point) -> None:
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        self.screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def tap(self, *points: Point) -> None:
        """At image pixels."""
        for point in points:
            self.send("touchStart", self.annotating.place(point))
            self.send("touchEnd")

    def drag(self, start: Point, dx: float, dy: float, end: str = "touchEnd") -> None:
        self.send("touchStart", start)
        for step in range(1, 9):
            self.send("touchMove", (start[0] + dx * step / 8, start[1] + dy * step / 8))
        self.send(end)

    def pinch(self, start: Point) -> None:
        """The second finger comes down after the first; both stay down."""
        x, y = start
        self.send("touchStart", (x, y))
        self.send("touchStart", (x, y), (x + 100, y + 100))
        for step in range(1, 9):
            self.send("touchMove", (x - 4 * step, y - 4 * step), (x + 100 + 4 * step, y + 100))

    def button(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).tap()


@pytest.fixture
def fingers(new_page: Callable[..., Annotating]) -> Fingers:
    return Fingers(new_page(has_touch=True))


def test_a_pinch_changes_nothing_but_the_view(fingers: Fingers) -> None:
    annotating, page = fingers.annotating, fingers.page
    annotating.open_photo("cup-0.jpg")
    fingers.tap(*CUP.points)
    annotating.wait_for_mask()
    fingers.button("Accept")
    annotating.wait_until(lambda: len(annotating.image["objects"]) == 1)
    fingers.button("Select")
    fingers.tap(CUP.inside)
    chosen = page.locator(".object-row.chosen")
    annotating.wait_until(lambda: chosen.count() == 1)
    for tool in ("Select", "Outline"):
        fingers.button(tool)
        before = page.locator(".zoom").inner_text()
        fingers.pinch(annotating.place((40, 40)))
        fingers.send("touchEnd")
        annotating.wait_until(lambda seen=before: page.locator(".zoom").inner_text() != seen)
        assert chosen.count() == 1
        fingers.button("Fit the image")
        annotating.wait_until(lambda seen=before: page.locator(".zoom").inner_text() == seen)


def test_no_loupe_stands_over_a_photo_that_two_fingers_zoom(fingers: Fingers) -> None:
    annotating, page = fingers.annotating, fingers.page
    annotating.open_photo("cup-1.jpg")
    loupe = page.locator(".loupe")
    start = annotating.place((100, 100))
    fingers.send("touchStart", start)
    annotating.wait_until(loupe.is_visible)
    fingers.send("touchEnd")
    fingers.pinch(annotating.place((200, 200)))
    annotating.wait_until(lambda: not loupe.is_visible())
    fingers.send("touchEnd")
    assert "3 more" in page.locator(".guide").inner_text()


def test_a_finger_takes_hold_of_a_point_that_it_covers(fingers: Fingers) -> None:
    annotating, page = fingers.annotating, fingers.page
    annotating.open_photo("cup-2.jpg")
    fingers.tap(*CUP.points)
    annotating.wait_for_mask()
    x, y = annotating.place(CUP.points[0])
    fingers.drag((x - 12, y - 8), -24, 0)
    undo = page.get_by_role("button", name="Undo", exact=True)
    annotating.wait_until(lambda: "Move point" in (undo.get_attribute("title") or ""))
    # What the system takes back was no drag.
    page.keyboard.press("Control+z")
    fingers.drag((x - 12, y - 8), -24, 0, end="touchCancel")
    assert "Move point" not in (undo.get_attribute("title") or "")


def test_a_finger_reaches_what_can_be_done_to_a_class(fingers: Fingers) -> None:
    annotating, page = fingers.annotating, fingers.page
    fingers.button("Add a class")
    page.keyboard.type("plate")
    page.keyboard.press("Enter")
    name = page.get_by_role("radio", name="plate")
    annotating.wait_until(lambda: name.get_attribute("aria-checked") == "true")
    page.get_by_role("button", name="Remove plate").tap()
    name.wait_for(state="detached")
