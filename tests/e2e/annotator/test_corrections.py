"""Masks put right by hand, each step there and back."""

from __future__ import annotations

import re
from collections.abc import Callable

import cv2
import numpy as np
from annotating import CUP, Annotating

CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.uint8)


def with_object(annotating: Annotating, photo: str) -> np.ndarray:
    """One saved object, selected; its mask."""
    annotating.open_photo(photo)
    annotating.place_object(CUP.points)
    annotating.accept()
    annotating.press(".")
    return annotating.masks()[-1]


def changed(annotating: Annotating, before: np.ndarray, act: Callable[[], object]) -> np.ndarray:
    """The mask after something has changed it on the server."""
    act()
    annotating.wait_until(lambda: bool((annotating.masks()[-1] != before).any()))
    annotating.wait_until_saved()
    return annotating.masks()[-1]


def test_brush_and_eraser_paint_and_take_away(annotating: Annotating) -> None:
    before = with_object(annotating, "cup-0.jpg")
    annotating.press("b")
    painted = changed(annotating, before, lambda: annotating.drag((30, 60), (30, 120), (60, 120)))
    assert painted[120, 45] and not before[120, 45]
    assert (painted | before == painted).all()
    annotating.press("e")
    erased = changed(annotating, painted, lambda: annotating.drag((250, 200), (310, 200)))
    assert not erased[200, 280] and painted[200, 280]
    annotating.press("Control+z")
    annotating.wait_until(lambda: bool((annotating.masks()[-1] == painted).all()))
    annotating.press("Control+z")
    annotating.wait_until(lambda: bool((annotating.masks()[-1] == before).all()))
    annotating.press("Control+y", "Control+y")
    annotating.wait_until(lambda: bool((annotating.masks()[-1] == erased).all()))


def test_the_wheel_and_keys_size_the_brush(annotating: Annotating) -> None:
    annotating.open_photo("cup-1.jpg")
    annotating.press("b")
    slider = annotating.page.get_by_role("slider", name="Brush size")
    at_first = slider.get_attribute("aria-valuetext")
    annotating.press("]", "]")
    larger = slider.get_attribute("aria-valuetext")
    annotating.page.mouse.move(*annotating.place((300, 200)))
    annotating.page.mouse.wheel(0, 300)
    annotating.wait_until(lambda: slider.get_attribute("aria-valuetext") != larger)
    sizes = [int(str(text).split()[0]) for text in (at_first, larger)]
    assert sizes[0] < sizes[1]


def test_keys_grow_shrink_fill_and_keep_the_largest_part(annotating: Annotating) -> None:
    before = with_object(annotating, "cup-2.jpg")
    grown = changed(annotating, before, lambda: annotating.press("g"))
    assert (grown == cv2.dilate(before.astype(np.uint8), CROSS).astype(bool)).all()
    shrunk = changed(annotating, grown, lambda: annotating.press("s"))
    assert (shrunk == cv2.erode(grown.astype(np.uint8), CROSS, borderValue=1).astype(bool)).all()
    annotating.press("e")
    holed = changed(annotating, shrunk, lambda: annotating.click((280, 200)))
    assert not holed[200, 280]
    filled = changed(annotating, holed, lambda: annotating.press("f"))
    assert filled[200, 280]
    annotating.press("b")
    crumb = changed(annotating, filled, lambda: annotating.click((560, 30)))
    assert crumb[30, 560]
    largest = changed(annotating, crumb, lambda: annotating.press("l"))
    assert not largest[30, 560]
    for mask in (crumb, filled, holed, shrunk, grown, before):
        annotating.press("Control+z")
        annotating.wait_until(lambda mask=mask: bool((annotating.masks()[-1] == mask).all()))


def test_the_detail_slider_changes_the_outline_and_not_the_mask(annotating: Annotating) -> None:
    before = with_object(annotating, "cup-3.jpg")
    annotating.press("o")
    slider = annotating.page.get_by_role("slider", name=re.compile("Outline detail"))

    def vertices() -> int:
        text = str(slider.get_attribute("aria-valuetext"))
        return int(re.sub(r"[^0-9]", "", text.split("·")[1]))

    at_first = vertices()
    slider.fill("6")
    annotating.wait_until(lambda: vertices() < at_first)
    slider.fill("0")
    annotating.wait_until(lambda: vertices() > at_first)
    assert (annotating.masks()[-1] == before).all()


def test_a_vertex_is_dragged_and_the_mask_follows(annotating: Annotating) -> None:
    before = with_object(annotating, "cup-4.jpg")
    annotating.press("o")
    annotating.page.get_by_role("slider", name=re.compile("Outline detail")).fill("8")
    # A click on the outline makes a vertex there: its top-most row is surely outline.
    y = int(np.flatnonzero(before.any(axis=1))[0])
    x = int(np.median(np.flatnonzero(before[y])))
    after = changed(
        annotating, before, lambda: annotating.drag((x, y - 0.5), (x, y + 40), (x, y + 60))
    )
    assert not after[y + 20, x] and before[y + 20, x]
    annotating.press("Control+z")
    annotating.wait_until(lambda: bool((annotating.masks()[-1] == before).all()))


def test_parts_are_split_and_merged(annotating: Annotating) -> None:
    before = with_object(annotating, "cup-5.jpg")
    if cv2.connectedComponents(before.astype(np.uint8), connectivity=4)[0] > 2:
        before = changed(annotating, before, lambda: annotating.press("l"))
    annotating.press("b")
    changed(annotating, before, lambda: annotating.click((560, 30)))
    annotating.press("k")
    annotating.wait_until(lambda: len(annotating.image["objects"]) == 2)
    first, second = annotating.masks()
    assert not (first & second).any()
    annotating.wait_until_saved()
    annotating.press("v")
    annotating.click((280, 200))
    annotating.page.keyboard.down("Shift")
    annotating.click((560, 30))
    annotating.page.keyboard.up("Shift")
    annotating.press("m")
    annotating.wait_until(lambda: len(annotating.image["objects"]) == 1)
    assert (annotating.masks()[0] == (first | second)).all()


def test_steps_of_a_draft_are_undone_one_by_one(annotating: Annotating) -> None:
    annotating.open_photo("astronaut.jpg")
    annotating.place_object([(100, 300), (220, 8), (450, 300), (230, 500)])
    inside = (250, 200)
    annotating.wait_until(lambda: annotating.painted(inside)[3] > 0)
    annotating.press("e")
    annotating.drag((200, 200), (300, 200))
    annotating.wait_until(lambda: annotating.painted(inside)[3] == 0)
    annotating.press("Control+z")
    annotating.wait_until(lambda: annotating.painted(inside)[3] > 0)
    annotating.press("Control+z")  # the fourth point
    annotating.wait_until(lambda: annotating.painted(inside)[3] == 0)
    annotating.press("Control+Shift+z")
    annotating.wait_until(lambda: annotating.painted(inside)[3] > 0)
    annotating.accept()


def test_a_drag_along_the_border_redraws_the_edge(annotating: Annotating) -> None:
    annotating.open_photo("cup-1.jpg")
    annotating.press("p")
    annotating.place_object(CUP.points)
    added, cut = (520, 250), (100, 215)
    annotating.wait_until(lambda: annotating.painted(cut)[3] > 0)
    assert annotating.painted(added)[3] == 0
    annotating.drag((460, 230), (540, 230), (540, 280), (445, 290))
    annotating.wait_until(lambda: annotating.painted(added)[3] > 0)
    annotating.drag((130, 90), (130, 360))
    annotating.wait_until(lambda: annotating.painted(cut)[3] == 0)
    annotating.press("Control+z")
    annotating.wait_until(lambda: annotating.painted(cut)[3] > 0)
    annotating.press("Control+Shift+z")
    annotating.accept()
    mask = annotating.masks()[-1]
    assert mask[added[1], added[0]] and not mask[cut[1], cut[0]]
    assert len(annotating.image["objects"][-1]["points"]) == 4
    assert annotating.image["objects"][-1]["confidence"] is None
    annotating.press("Control+z")
    annotating.wait_until(lambda: annotating.image["objects"] == [])


def test_a_reload_forgets_neither_objects_nor_undo(annotating: Annotating) -> None:
    before = with_object(annotating, "cup-1.jpg")
    count = len(annotating.image["objects"])
    grown = changed(annotating, before, lambda: annotating.press("g"))
    annotating.page.reload()
    annotating.wait_until(
        lambda: annotating.page.locator(".image-name").inner_text() == "cup-1.jpg"
    )
    annotating.wait_until(lambda: annotating.page.locator(".object-row").count() == count)
    assert (annotating.masks()[-1] == grown).all()
    annotating.press("Control+z")
    annotating.wait_until(lambda: bool((annotating.masks()[-1] == before).all()))
    annotating.press("Control+z")
    annotating.wait_until(lambda: len(annotating.image["objects"]) == count - 1)
    annotating.press("Control+y", "Control+y")
    annotating.wait_until(
        lambda: (
            len(annotating.image["objects"]) == count
            and bool((annotating.masks()[-1] == grown).all())
        )
    )


def test_a_draft_survives_a_reload(annotating: Annotating) -> None:
    annotating.open_photo("cup-2.jpg")
    count = len(annotating.image["objects"])
    annotating.press("p")
    annotating.place_object(CUP.points)
    annotating.page.wait_for_timeout(500)
    annotating.page.reload()
    annotating.wait_until(
        lambda: annotating.page.locator(".image-name").inner_text() == "cup-2.jpg"
    )
    annotating.wait_until(lambda: annotating.painted(CUP.inside)[3] > 0)
    annotating.press("Enter")
    annotating.wait_until(lambda: len(annotating.image["objects"]) == count + 1)
