"""Short notes in the corner: they stand in nobody's way and leave when they are out of date."""

from __future__ import annotations

from annotating import CUP, Annotating


def notes(annotating: Annotating) -> list[str]:
    return annotating.page.locator(".toast > span").all_inner_texts()


def undo_steps(annotating: Annotating) -> str:
    return annotating.page.get_by_role("button", name="Undo").first.get_attribute("title") or ""


def test_a_click_where_a_note_lies_is_a_point(annotating: Annotating) -> None:
    annotating.open_photo("cup-0.jpg")
    annotating.press("q")
    text = annotating.page.locator(".toast > span")
    annotating.wait_until(lambda: text.count() == 1)
    annotating.page.wait_for_timeout(300)  # it rises
    box = text.bounding_box()
    assert box is not None
    annotating.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    annotating.wait_until(lambda: "oint" in undo_steps(annotating))
    assert notes(annotating) == ["Loupe always"]
    annotating.page.get_by_role("button", name="Dismiss").click()
    assert notes(annotating) == []


def test_a_note_leaves_with_the_pointer_over_it(annotating: Annotating) -> None:
    annotating.open_photo("cup-0.jpg")
    annotating.press("q")
    box = annotating.page.locator(".toast > span").bounding_box()
    assert box is not None
    annotating.page.mouse.move(box["x"] + 5, box["y"] + box["height"] / 2)
    annotating.wait_until(lambda: notes(annotating) == [], seconds=15)


def test_a_note_takes_the_place_of_one_of_its_kind(annotating: Annotating) -> None:
    annotating.press("Shift+T", "Shift+T")
    assert notes(annotating) == ["Dark"]
    annotating.press("Shift+T")
    assert notes(annotating) == ["As the system"]


def test_a_note_about_what_was_is_gone(annotating: Annotating) -> None:
    annotating.open_photo("cup-1.jpg")
    annotating.press("g")
    assert notes(annotating) == ["Select an object first."]
    annotating.press("b")
    assert notes(annotating) == []
    annotating.press("p", "q")
    assert notes(annotating) == ["Loupe always"]
    annotating.open_photo("cup-2.jpg")
    assert notes(annotating) == []


def test_undo_is_offered_for_as_long_as_it_undoes_the_deletion(annotating: Annotating) -> None:
    annotating.open_photo("cup-3.jpg")
    annotating.place_object(CUP.points)
    annotating.accept()
    annotating.press(".", "Delete")
    annotating.wait_until(lambda: annotating.image["objects"] == [])
    annotating.wait_until_saved()
    assert notes(annotating) == ["Deleted 1 object"]
    annotating.page.locator(".toast").get_by_role("button", name="Undo").click()
    annotating.wait_until(lambda: len(annotating.image["objects"]) == 1)
    annotating.wait_until_saved()  # the page knows of it too
    annotating.press(".", "Delete")
    assert notes(annotating) == ["Deleted 1 object"]
    annotating.click(CUP.points[0])
    assert notes(annotating) == []
    annotating.press("Escape")


def test_problems_begin_with_a_capital(annotating: Annotating) -> None:
    [first] = [item["name"] for item in annotating.server.get("/api/project")["classes"]]
    annotating.press("Shift+C")
    annotating.page.keyboard.type(first)
    annotating.press("Enter")
    annotating.wait_until(lambda: len(notes(annotating)) == 1)
    assert notes(annotating)[0].startswith("There is a class")
    annotating.problems.clear()  # the refusal itself
