"""Keys: held down, on other keyboards, after a list, while an input method writes, at the login."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from annotating import CUP, PATIENCE_S, Annotating, Server


def tool(annotating: Annotating) -> str | None:
    return annotating.page.locator(".canvas").get_attribute("data-tool")


def class_names(annotating: Annotating) -> list[str]:
    return [item["name"] for item in annotating.server.get("/api/project")["classes"]]


def test_a_key_held_down_marks_one_image_and_leafs_through_many(annotating: Annotating) -> None:
    annotating.open_photo("cup-0.jpg")
    done = annotating.server.get("/api/project")["counts"]["done"]
    place = annotating.page.locator(".position")
    before = place.inner_text()
    for key, images in (("d", 1), ("n", 3)):
        for _ in range(images if key == "n" else 8):
            annotating.page.keyboard.down(key)  # the second and later ones are repeats
            annotating.page.wait_for_timeout(60)
        annotating.page.keyboard.up(key)
    number = int(before.split(" of ")[0])
    annotating.wait_until(lambda: place.inner_text().startswith(f"{number + 4} of"))
    assert annotating.server.get("/api/project")["counts"]["done"] == done + 1


def test_letters_go_to_the_tools_after_a_list_was_used_with_the_mouse(
    annotating: Annotating,
) -> None:
    for name in ("bird", "dog"):
        annotating.press("Shift+C")
        annotating.page.keyboard.type(name)
        annotating.press("Enter")
        annotating.wait_until(lambda name=name: name in class_names(annotating))
    annotating.open_photo("cup-1.jpg")
    annotating.place_object(CUP.points)
    annotating.accept()
    choice = annotating.page.locator(".object-row select")
    choice.focus()
    choice.select_option(label="dog")
    annotating.press("b")
    annotating.wait_until(lambda: tool(annotating) == "brush")
    assert choice.locator("option:checked").inner_text() == "dog"
    # Who goes by keys stays in the list.
    annotating.press("Tab")
    choice.focus()
    choice.select_option(label="bird")
    assert annotating.page.evaluate("document.activeElement.tagName") == "SELECT"


def test_the_place_of_a_key_counts_where_its_letter_is_not_latin(annotating: Annotating) -> None:
    annotating.page.locator(".canvas").dispatch_event("keydown", {"key": "у", "code": "KeyE"})
    annotating.wait_until(lambda: tool(annotating) == "eraser")


def test_enter_of_an_input_method_does_not_end_a_name(annotating: Annotating) -> None:
    annotating.press("Shift+C")
    field = annotating.page.locator(".naming input")
    field.fill("ねこ")
    for key in ("Enter", "Escape"):
        field.dispatch_event("keydown", {"key": key, "isComposing": True})
    field.fill("猫")
    annotating.press("Enter")
    annotating.wait_until(lambda: "猫" in class_names(annotating))
    assert "ねこ" not in class_names(annotating)


def test_a_click_that_comes_back_to_the_page_chooses_its_class(annotating: Annotating) -> None:
    annotating.press("Shift+C")
    annotating.page.keyboard.type("saucer")
    annotating.press("Enter")
    chosen = annotating.page.locator(".class-row.chosen .class-name")
    # A new class is chosen once the server has answered, which may be after it is listed.
    annotating.wait_until(lambda: chosen.inner_text() == "saucer")
    annotating.press("1")
    annotating.wait_until(lambda: chosen.inner_text() != "saucer")
    annotating.page.get_by_role("radio", name="saucer").hover()
    with annotating.page.expect_response("**/api/images/*"):
        annotating.page.mouse.down()
        annotating.page.evaluate("dispatchEvent(new Event('focus'))")
    annotating.page.wait_for_timeout(100)
    annotating.page.mouse.up()
    annotating.wait_until(lambda: chosen.inner_text() == "saucer")


def test_nothing_behind_the_login_hears_keys(browser: Any, photos: Path, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    shutil.copy(photos / "cup-0.jpg", folder)
    secret = tmp_path / "password"
    secret.write_text("a password for this test\n", encoding="utf-8")
    secret.chmod(0o600)
    server = Server(folder, "--password-file", secret)
    try:
        page = browser.new_context().new_page()
        page.set_default_timeout(PATIENCE_S * 1000)
        page.goto(server.url)
        page.get_by_label("Token or password").fill("a password for this test")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="cup-0.jpg").wait_for()
        page.keyboard.press("n")
        page.get_by_text("This is the last image.").wait_for()
        page.get_by_role("button", name="Menu").click()
        page.get_by_role("button", name="Log out").click()
        page.wait_for_selector(".login:not([hidden])")
        assert page.locator(".login .problem").inner_text() == ""
        page.mouse.click(5, 5)  # beside the field
        page.keyboard.press("b")
        page.keyboard.press("Shift+C")
        assert page.locator(".canvas").get_attribute("data-tool") == "points"
        assert page.locator(".naming").count() == 0
        page.context.close()
    finally:
        server.stop()


def test_a_browser_that_keeps_nothing_still_shows_the_page(
    new_page: Callable[..., Annotating],
) -> None:
    annotating = new_page()
    annotating.page.add_init_script(
        "Object.defineProperty(window, 'localStorage',"
        " { get() { throw new DOMException('denied', 'SecurityError'); } })"
    )
    annotating.open()
    annotating.open_photo("cup-2.jpg")
    annotating.place_object(CUP.points)
    note = annotating.page.locator(".toast.problem")
    assert "would not survive a reload" in note.inner_text()
    annotating.accept()
