"""Photos that are damaged, replaced, removed, or not there yet."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from annotating import CUP, Annotating, Server

ROOT = Path(__file__).resolve().parents[3]
CUP_FILE = ROOT / "examples" / "coffee.jpg"
OTHER_FILE = ROOT / "examples" / "astronaut.jpg"


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four photos, of which one is cut short; its header still tells its size."""
    folder = tmp_path_factory.mktemp("project") / "photos"
    folder.mkdir()
    for name in ("cup-0.jpg", "cup-1.jpg", "cup-2.jpg"):
        shutil.copy(CUP_FILE, folder / name)
    (folder / "torn.jpg").write_bytes(CUP_FILE.read_bytes()[:20_000])
    return folder


def frame(annotating: Annotating, name: str) -> Any:
    return annotating.page.locator(f".frame[aria-label^='{name}']")


def trouble(annotating: Annotating, name: str) -> str | None:
    return frame(annotating, name).get_attribute("data-trouble")


def test_a_damaged_photo_says_so_on_the_stage_and_in_the_strip(
    annotating: Annotating, photos: Path
) -> None:
    annotating.wait_until(lambda: trouble(annotating, "torn.jpg") == "unreadable")
    assert "truncated" in (frame(annotating, "torn.jpg").get_attribute("title") or "")
    annotating.open_photo("torn.jpg")
    stage = annotating.page.locator(".stage")
    annotating.wait_until(lambda: "This photo cannot be read" in stage.inner_text())
    assert "Cannot read torn.jpg, it is truncated" in stage.inner_text()
    assert str(photos) not in stage.inner_text()
    assert not annotating.page.locator(".guide").is_visible()
    box = annotating.page.locator(".canvas").bounding_box()
    assert box is not None
    for x, y in ((0.2, 0.5), (0.5, 0.2), (0.8, 0.5), (0.5, 0.9)):
        annotating.page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
    annotating.page.wait_for_timeout(300)
    assert annotating.page.locator(".toasts").inner_text() == ""
    annotating.open_photo("cup-0.jpg")
    annotating.place_object(CUP.points)
    annotating.press("Escape")
    annotating.problems.clear()  # the pictures that were refused


def test_a_damaged_photo_that_was_copied_again_is_shown(
    annotating: Annotating, photos: Path
) -> None:
    annotating.open_photo("torn.jpg")
    again = annotating.page.get_by_role("button", name="Look for new photos")
    again.wait_for()
    shutil.copy(CUP_FILE, photos / "torn.jpg")
    annotating.page.evaluate("performance.clearMarks('extremecut:image')")
    again.click()
    annotating.wait_until(lambda: annotating.marked("image"))
    assert not again.is_visible()
    annotating.wait_until(lambda: trouble(annotating, "torn.jpg") is None)
    annotating.problems.clear()


def test_a_replaced_photo_says_that_its_objects_may_not_fit(
    annotating: Annotating, photos: Path
) -> None:
    annotating.open_photo("cup-1.jpg")
    annotating.place_object(CUP.points)
    annotating.accept()
    note = annotating.page.locator(".photo-note")
    assert not note.is_visible()
    picture = frame(annotating, "cup-1.jpg").locator("img")
    before = picture.get_attribute("src")
    shutil.copy(OTHER_FILE, photos / "cup-1.jpg")
    annotating.press("Shift+R")
    annotating.wait_until(lambda: note.is_visible() and "was replaced" in note.inner_text())
    assert trouble(annotating, "cup-1.jpg") == "changed"
    assert picture.get_attribute("src") != before


def test_a_removed_photo_says_so_and_takes_no_points(annotating: Annotating, photos: Path) -> None:
    annotating.open_photo("cup-2.jpg")
    (photos / "cup-2.jpg").unlink()
    annotating.press("Shift+R")
    note = annotating.page.locator(".photo-note")
    annotating.wait_until(lambda: note.is_visible() and "no longer" in note.inner_text())
    assert trouble(annotating, "cup-2.jpg") == "missing"
    annotating.click(*CUP.points)
    guide = annotating.page.locator(".guide")
    annotating.wait_until(lambda: "points find no mask" in guide.inner_text())
    assert annotating.page.locator(".toasts").inner_text() == ""
    annotating.problems.clear()  # its pictures are gone too


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "empty").mkdir()
    running = Server(tmp_path / "empty")
    yield running
    running.stop()


def test_the_first_photo_opens_when_it_comes_into_an_empty_folder(
    browser: Any, empty: Server
) -> None:
    page = browser.new_page()
    try:
        page.goto(empty.url)
        stage = page.locator(".stage")
        page.get_by_text("Put photos into the folder “empty”.").wait_for()
        assert "No photos yet." in page.locator(".strip").inner_text()
        shutil.copy(CUP_FILE, empty.folder / "cup.jpg")
        page.get_by_role("button", name="Look for new photos").click()
        page.locator(".image-name", has_text="cup.jpg").wait_for()
        assert "No image chosen" not in stage.inner_text()
    finally:
        page.close()
