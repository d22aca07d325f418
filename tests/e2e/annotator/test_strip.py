"""The strip of images and their names, where there are many."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from annotating import CUP, Annotating

ROOT = Path(__file__).resolve().parents[3]

LETTERS = """element => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const text = walker.nextNode();
    return [...text.textContent].map((letter, i) => {
        const range = document.createRange();
        range.setStart(text, i);
        range.setEnd(text, i + 1);
        const { left, right } = range.getBoundingClientRect();
        return [letter, left, right];
    });
}"""
"""Of an element's text: each letter, and where it begins and ends on the page."""


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Many of a name, as data sets have them."""
    folder = tmp_path_factory.mktemp("project") / "photos"
    folder.mkdir()
    for number in range(30):
        shutil.copy(ROOT / "examples" / "coffee.jpg", folder / f"{number:06d}.jpg")
    for number in range(2):
        shutil.copy(ROOT / "examples" / "coffee.jpg", folder / f"0000000220000000{number:02d}.jpg")
    return folder


def test_a_name_stands_as_it_is_written(annotating: Annotating) -> None:
    annotating.open_photo("000005.jpg")
    letters = annotating.page.locator(".image-name").evaluate(LETTERS)
    on_screen = sorted(letters, key=lambda letter: letter[1])
    assert "".join(letter for letter, *_ in on_screen) == "000005.jpg"


def test_the_strip_shows_the_end_of_a_long_name(annotating: Annotating) -> None:
    name = annotating.page.locator(".frame[aria-label^='00000002200000000'] .frame-name").first
    box = name.bounding_box()
    assert box is not None
    letters = name.evaluate(LETTERS)
    assert letters[0][1] < box["x"]  # cut off
    assert [letter for letter, left, right in letters if left >= box["x"]][-6:] == list("00.jpg")
    assert letters[-1][2] <= box["x"] + box["width"] + 0.5


def test_items_hold_buttons_in_the_order_of_the_screen(annotating: Annotating) -> None:
    items = annotating.page.get_by_role("list", name="Images").get_by_role("listitem")
    strip = annotating.page.locator(".list-across")
    for offset in (1500, 700, 0, 900):
        strip.evaluate("(strip, offset) => { strip.scrollLeft = offset; }", offset)
        annotating.page.wait_for_timeout(100)
        lefts = items.evaluate_all("items => items.map((i) => i.getBoundingClientRect().left)")
        assert len(lefts) > 8
        assert lefts == sorted(lefts)
        numbers = items.evaluate_all("items => items.map((i) => Number(i.ariaPosInSet))")
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        assert items.get_by_role("button").count() == len(lefts)


def test_the_keyboard_stays_on_an_image_that_moves(annotating: Annotating) -> None:
    annotating.open_photo("000003.jpg")
    annotating.place_object(CUP.points)
    annotating.accept()
    annotating.page.locator(".frame[aria-label^='000003']").focus()
    annotating.press("Shift+O")
    first = annotating.page.get_by_role("list", name="Images").get_by_role("button").first
    annotating.wait_until(lambda: (first.get_attribute("aria-label") or "").startswith("000003"))
    focused = annotating.page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused.startswith("000003")


def test_by_confidence_the_strip_says_how_sure(annotating: Annotating) -> None:
    annotating.open_photo("000004.jpg")
    annotating.place_object(CUP.points)
    annotating.accept()
    shown = annotating.page.locator(".frame[aria-label^='000004'] .frame-confidence")
    assert shown.inner_text() == ""
    annotating.page.get_by_role("combobox", name="Order").select_option("confidence")
    annotating.wait_until(lambda: shown.inner_text() != "")
    lowest = annotating.image["objects"][0]["confidence"]
    assert shown.inner_text() == f"{round(100 * lowest)} %"
