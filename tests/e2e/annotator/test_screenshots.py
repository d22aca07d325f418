"""The page at work, for the README and the documentation: EXTREMECUT_SCREENSHOTS=1 writes them."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from annotating import CUP, Annotating, Point, Server

ROOT = Path(__file__).resolve().parents[3]
IMAGES = ROOT / "docs" / "images"

pytestmark = pytest.mark.skipif(
    os.environ.get("EXTREMECUT_SCREENSHOTS") != "1",
    reason="writes into docs/images: only with EXTREMECUT_SCREENSHOTS=1",
)

CLASSES = ("person", "helmet", "shuttle", "cup", "spoon", "badge")
ASTRONAUT: dict[str, tuple[Point, ...]] = {
    "person": ((154, 90), (235, 15), (301, 85), (235, 190)),
    "helmet": ((278, 450), (400, 344), (511, 480), (400, 520)),
    "shuttle": ((358, 270), (415, -6), (460, 200), (400, 292)),
}
SPOON: tuple[Point, ...] = ((316, 256), (412, 66), (425, 80), (357, 326))
BORDER: tuple[Point, ...] = ((106, 300), (122, 322), (146, 342), (176, 360), (208, 374), (240, 383))
"""Of the saucer, lower left."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("project") / "photos"
    folder.mkdir()
    for name in ("astronaut.jpg", "coffee.jpg"):
        shutil.copy(ROOT / "examples" / name, folder)
    running = Server(folder, "--author", "Ada")
    yield running
    running.stop()


def shot(annotating: Annotating, name: str) -> None:
    annotating.page.wait_for_timeout(800)  # tiles, thumbnails
    annotating.page.screenshot(path=IMAGES / f"annotator-{name}.png")


def place_calmly(annotating: Annotating, points: tuple[Point, ...]) -> None:
    """As fast as a person clicks, for the figures on the page."""
    annotating.page.evaluate("performance.clearMarks('extremecut:mask')")
    for point in points:
        annotating.click(point)
        annotating.page.wait_for_timeout(1800)
    annotating.wait_for_mask()


def names(annotating: Annotating) -> list[str]:
    return [item["name"] for item in annotating.server.get("/api/project")["classes"]]


def annotate(annotating: Annotating, photo: str, objects: dict[str, tuple[Point, ...]]) -> None:
    annotating.open_photo(photo)
    for name, points in objects.items():
        annotating.press(str(CLASSES.index(name) + 1))
        place_calmly(annotating, points)
        annotating.press("f")  # no holes in any of them
        annotating.accept()
    annotating.page.mouse.move(640, 700)


def test_the_page_is_shown_at_work(new_page: Callable[..., Annotating]) -> None:
    IMAGES.mkdir(exist_ok=True)
    dark = new_page(color_scheme="dark")
    for number, name in enumerate(CLASSES):
        dark.press("Shift+C" if number else "F2")
        dark.page.keyboard.type(name)
        dark.press("Enter")
    dark.wait_until(lambda: names(dark) == list(CLASSES))
    annotate(dark, "astronaut.jpg", ASTRONAUT)
    shot(dark, "objects")

    dark.open_photo("coffee.jpg")
    dark.press("4")
    *three, fourth = CUP.points
    dark.click(*three)
    dark.page.mouse.move(*dark.place(fourth))
    shot(dark, "points")
    dark.page.evaluate("performance.clearMarks('extremecut:mask')")
    dark.click(fourth)
    dark.wait_for_mask()
    dark.press("f")
    dark.page.mouse.move(*dark.place(BORDER[0]))
    dark.page.mouse.down()
    for point in BORDER[1:]:
        dark.page.mouse.move(*dark.place(point), steps=4)
    shot(dark, "redraw")
    dark.press("Escape")
    dark.page.mouse.up()
    dark.accept()
    dark.press("5")
    place_calmly(dark, SPOON)
    dark.accept()
    dark.page.mouse.move(640, 700)
    dark.press(".", "o")
    dark.page.get_by_role("slider", name=re.compile("Outline detail")).fill("3")
    dark.page.evaluate("document.activeElement.blur()")
    shot(dark, "outline")

    light = new_page(color_scheme="light")
    light.open_photo("coffee.jpg")
    light.press("Shift+S")
    light.page.get_by_role("dialog", name="Progress and cost").wait_for()
    shot(light, "cost")
