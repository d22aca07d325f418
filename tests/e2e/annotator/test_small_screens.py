"""Where there is little room, nothing is cut off or covered."""

from __future__ import annotations

from typing import Any

from annotating import CUP, Annotating


def box(annotating: Annotating, selector: str) -> dict[str, float]:
    found = annotating.page.locator(selector).bounding_box()
    assert found is not None
    return found


def resize(annotating: Annotating, width: int, height: int) -> None:
    annotating.page.set_viewport_size({"width": width, "height": height})
    annotating.page.wait_for_timeout(100)


def test_the_outline_tool_leaves_room_for_the_zoom(annotating: Annotating) -> None:
    annotating.open_photo("cup-0.jpg")
    annotating.place_object(CUP.points)
    annotating.press("o")
    for width in (1024, 800):
        resize(annotating, width, 700)
        bar, zoom = box(annotating, ".bar"), box(annotating, ".zoom")
        assert zoom["x"] + zoom["width"] <= bar["x"] + bar["width"]
        options = box(annotating, ".options")
        assert options["x"] + options["width"] <= zoom["x"]
    resize(annotating, 1024, 700)
    accept = box(annotating, ".options .primary")
    assert accept["x"] + accept["width"] <= zoom["x"] + 1024 - 800


def test_all_tools_are_seen_at_a_height_of_600(annotating: Annotating) -> None:
    resize(annotating, 800, 600)
    covered: Any = annotating.page.locator(".rail-group > button").evaluate_all(
        """buttons => buttons.filter((button) => {
            const { left, right, top, bottom } = button.getBoundingClientRect();
            const ends = [[left + 2, top + 2], [right - 2, bottom - 2]];
            return ends.some(([x, y]) => !button.contains(document.elementFromPoint(x, y)));
        }).map((button) => button.getAttribute("aria-label") ?? button.textContent)"""
    )
    assert covered == []


def test_what_to_do_next_is_readable_to_its_end(annotating: Annotating) -> None:
    annotating.open_photo("cup-1.jpg")
    annotating.place_object(CUP.points)
    guide = annotating.page.locator(".guide > span:last-child")
    annotating.wait_until(lambda: "border" in guide.inner_text())
    for width in (1280, 1024):
        resize(annotating, width, 720)
        hidden = guide.evaluate(
            "text => [text.scrollWidth - text.clientWidth, text.scrollHeight - text.clientHeight]"
        )
        assert hidden == [0, 0]
        bar = box(annotating, ".bar")
        text = box(annotating, ".guide")
        assert bar["y"] <= text["y"]
        assert text["y"] + text["height"] <= bar["y"] + bar["height"]
    assert guide.get_attribute("title") == guide.inner_text()


def test_the_whole_help_fits_on_a_small_screen(annotating: Annotating) -> None:
    annotating.press("?")
    hidden = annotating.page.locator(".dialog-body").evaluate(
        "body => body.scrollHeight - body.clientHeight"
    )
    assert hidden == 0


def test_no_words_of_the_upper_bar_lie_over_others_at_twice_the_size(
    annotating: Annotating,
) -> None:
    annotating.open_photo("cup-2.jpg")
    resize(annotating, 640, 360)  # a screen of 1280 x 720, zoomed to 200 %
    position, saved = box(annotating, ".position"), box(annotating, ".save-state")
    assert position["x"] + position["width"] <= saved["x"]


def test_a_draft_can_be_accepted_on_an_upright_tablet_with_every_tool(
    annotating: Annotating,
) -> None:
    annotating.open_photo("cup-3.jpg")
    annotating.place_object(CUP.points)
    for width, height in ((820, 1180), (640, 360)):
        resize(annotating, width, height)
        for key in ("p", "b", "e", "o"):
            annotating.press(key)
            for name in ("Accept", "Delete"):
                button = annotating.page.get_by_role("button", name=name, exact=True)
                assert button.evaluate(
                    """(button) => {
                        const { left, right, top, bottom } = button.getBoundingClientRect();
                        const y = (top + bottom) / 2;
                        return [left + 2, right - 2].every((x) =>
                            button.contains(document.elementFromPoint(x, y)));
                    }"""
                ), (width, key, name)
