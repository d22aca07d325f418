"""How the photo lies on the stage: fitted, panned, read off."""

from __future__ import annotations

from annotating import CUP, Annotating


def zoom(annotating: Annotating) -> str:
    return annotating.page.locator(".zoom").inner_text()


def test_a_whole_photo_stays_whole_when_the_window_or_panels_change(annotating: Annotating) -> None:
    annotating.open_photo("cup-0.jpg")
    annotating.place_object(CUP.points)
    fitted = zoom(annotating)
    annotating.page.set_viewport_size({"width": 900, "height": 600})
    annotating.wait_until(lambda: zoom(annotating) != fitted)
    annotating.wait_until(lambda: annotating.painted(CUP.inside)[3] > 0)
    assert annotating.painted(CUP.outside)[3] == 0
    annotating.page.set_viewport_size({"width": 1280, "height": 720})
    annotating.wait_until(lambda: zoom(annotating) == fitted)
    annotating.press("i")
    annotating.wait_until(lambda: zoom(annotating) != fitted)
    annotating.press("i")
    annotating.wait_until(lambda: zoom(annotating) == fitted)


def test_hiding_all_masks_hides_the_draft_and_the_selected_object_too(
    annotating: Annotating,
) -> None:
    def shown() -> bool:
        return annotating.painted(CUP.inside)[3] > 0

    annotating.open_photo("cup-5.jpg")
    annotating.place_object(CUP.points)
    annotating.page.mouse.move(*annotating.place(CUP.outside))
    annotating.wait_until(shown)
    annotating.press("Shift+H")
    annotating.wait_until(lambda: not shown())
    annotating.accept()
    annotating.press(".")
    annotating.page.wait_for_timeout(200)
    assert not shown()
    annotating.press("Shift+H")
    annotating.wait_until(shown)


def test_a_zoomed_photo_keeps_its_scale(annotating: Annotating) -> None:
    annotating.open_photo("cup-1.jpg")
    annotating.press("Shift+Z")
    annotating.wait_until(lambda: zoom(annotating) == "100 %")
    annotating.page.set_viewport_size({"width": 900, "height": 600})
    annotating.page.wait_for_timeout(300)
    assert zoom(annotating) == "100 %"


def test_the_place_under_the_pointer_is_told_after_panning_by_keys(annotating: Annotating) -> None:
    annotating.open_photo("cup-2.jpg")
    annotating.press("Shift+Z")
    reading = annotating.page.locator(".readings .place")
    annotating.page.mouse.move(500, 350)
    annotating.wait_until(lambda: reading.inner_text() != "")
    before = [int(part) for part in reading.inner_text().split(",")]
    annotating.press("ArrowRight")
    annotating.wait_until(
        lambda: (
            [int(part) for part in reading.inner_text().split(",")] == [before[0] + 80, before[1]]
        )
    )


def test_the_next_photo_is_there_before_it_is_asked_for(annotating: Annotating) -> None:
    annotating.open_photo("cup-1.jpg")
    upcoming = annotating.image["id"]
    asked: list[str] = []
    annotating.page.on("request", lambda request: asked.append(request.url))

    def tiles_asked() -> int:
        return sum(f"/images/{upcoming}/tiles/" in url for url in asked)

    annotating.open_photo("cup-0.jpg")
    annotating.page.reload()  # nothing is left of the visit
    annotating.wait_until(lambda: annotating.marked("image"))
    annotating.wait_until(lambda: tiles_asked() > 0)
    annotating.page.wait_for_load_state("networkidle")
    before = tiles_asked()
    annotating.press("PageDown")
    annotating.wait_until(
        lambda: annotating.page.locator(".image-name").inner_text() == "cup-1.jpg"
    )
    annotating.page.wait_for_load_state("networkidle")
    assert tiles_asked() == before


def test_on_a_screen_with_finer_pixels_all_stays_in_its_place(annotating: Annotating) -> None:
    annotating.open_photo("cup-3.jpg")
    annotating.place_object(CUP.points)
    annotating.accept()
    width = "document.querySelectorAll('.canvas canvas')[1].width"
    before = annotating.page.evaluate(width)
    screen = annotating.page.context.new_cdp_session(annotating.page)
    screen.send(
        "Emulation.setDeviceMetricsOverride",
        {"width": 1280, "height": 720, "deviceScaleFactor": 2, "mobile": False},
    )
    annotating.wait_until(lambda: annotating.page.evaluate("devicePixelRatio") == 2)
    annotating.page.mouse.move(*annotating.place(CUP.outside))
    annotating.wait_until(lambda: annotating.page.evaluate(width) == 2 * before)
    annotating.wait_until(lambda: annotating.painted(CUP.inside)[3] > 0)
    assert annotating.painted((CUP.outside[0] + 30, CUP.outside[1] + 30))[3] == 0


def test_a_palm_beside_the_pen_leaves_the_stroke_alone(annotating: Annotating) -> None:
    annotating.open_photo("cup-4.jpg")
    annotating.press("b")
    canvas = annotating.page.locator(".canvas")
    annotating.page.evaluate("Element.prototype.setPointerCapture = () => {}")  # of no real pointer

    def point(kind: str, number: int, pointer: str, x: float, y: float) -> None:
        left, top = annotating.place((x, y))
        canvas.dispatch_event(
            kind,
            {
                "pointerId": number, "pointerType": pointer, "clientX": left, "clientY": top,
                "buttons": int(kind != "pointerup"),
            },
        )  # fmt: skip

    point("pointerdown", 1, "touch", 400, 350)  # first the palm
    point("pointerdown", 2, "pen", 100, 100)
    point("pointermove", 1, "touch", 410, 350)
    point("pointerdown", 3, "touch", 420, 360)
    point("pointermove", 2, "pen", 140, 100)
    point("pointerup", 3, "touch", 420, 360)
    point("pointercancel", 1, "touch", 410, 350)
    point("pointerup", 2, "pen", 140, 100)
    annotating.accept()
    box = annotating.image["objects"][-1]["mask"]["box"]
    assert box[2] < 200 and box[3] < 150
    # A press that the browser takes back is none.
    count = len(annotating.image["objects"])
    point("pointerdown", 1, "touch", 300, 200)
    point("pointercancel", 1, "touch", 300, 200)
    annotating.press("Enter")
    annotating.page.wait_for_timeout(200)
    assert len(annotating.image["objects"]) == count


def test_a_button_that_came_up_unheard_ends_the_stroke_there(annotating: Annotating) -> None:
    annotating.open_photo("cup-3.jpg")
    annotating.press("b")
    count = len(annotating.image["objects"])
    screen = annotating.page.context.new_cdp_session(annotating.page)
    behind = "(hidden) => { document.querySelector('.app').inert = hidden; }"
    mouse = annotating.page.mouse

    def begin() -> None:
        mouse.move(*annotating.place((60, 60)))
        mouse.down()
        mouse.move(*annotating.place((100, 60)), steps=4)

    def accepted_box() -> list[int]:
        nonlocal count
        count += 1
        annotating.press("Enter")
        annotating.wait_until(lambda: len(annotating.image["objects"]) == count)
        box: list[int] = annotating.image["objects"][-1]["mask"]["box"]
        return box

    begin()  # in another window
    for y in (100, 200, 300):
        left, top = annotating.place((300, y))
        screen.send(
            "Input.dispatchMouseEvent",
            {"type": "mouseMoved", "x": left, "y": top, "button": "none", "buttons": 0},
        )
    mouse.up()
    box = accepted_box()
    assert box[2] < 130 and box[3] < 90
    begin()  # behind the login
    annotating.page.evaluate(behind, True)
    annotating.page.wait_for_timeout(100)
    mouse.up()
    annotating.page.evaluate(behind, False)
    mouse.move(*annotating.place((300, 60)))
    mouse.move(*annotating.place((400, 300)), steps=3)
    annotating.drag((120, 60), (140, 60))
    box = accepted_box()
    assert 130 < box[2] < 170 and box[3] < 90
