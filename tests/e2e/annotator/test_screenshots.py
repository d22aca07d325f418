"""The page at work, for the README and the documentation: EXTREMECUT_SCREENSHOTS=1 writes them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from annotating import Annotating, Point, Server

ROOT = Path(__file__).resolve().parents[3]
IMAGES = ROOT / "docs" / "images"

pytestmark = pytest.mark.skipif(
    os.environ.get("EXTREMECUT_SCREENSHOTS") != "1",
    reason="writes into docs/images: only with EXTREMECUT_SCREENSHOTS=1",
)

CLASSES = ("person", "helmet", "shuttle", "cup", "saucer", "spoon")
ASTRONAUT: dict[str, tuple[Point, ...]] = {
    "person": ((154, 90), (235, 15), (301, 85), (235, 190)),
    "helmet": ((278, 450), (400, 344), (511, 480), (400, 520)),
    "shuttle": ((358, 270), (415, -6), (460, 200), (400, 292)),
}
COFFEE: dict[str, tuple[Point, ...]] = {
    "saucer": ((77, 207), (180, 72), (479, 230), (277, 386)),
    "cup": ((172, 100), (290, 17), (409, 100), (222, 308)),
    "spoon": ((316, 256), (412, 66), (425, 80), (357, 326)),
}


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


def names(annotating: Annotating) -> list[str]:
    return [item["name"] for item in annotating.server.get("/api/project")["classes"]]


def annotate(annotating: Annotating, photo: str, objects: dict[str, tuple[Point, ...]]) -> None:
    annotating.open_photo(photo)
    annotating.press("p")
    for name, points in objects.items():
        annotating.press(str(CLASSES.index(name) + 1))
        annotating.place_object(points)
        annotating.accept()


def test_the_page_is_shown_at_work(new_page: Callable[..., Annotating]) -> None:
    IMAGES.mkdir(exist_ok=True)
    dark = new_page(color_scheme="dark")
    [first] = dark.server.get("/api/project")["classes"]
    for number, name in enumerate(CLASSES, start=1):
        dark.press("F2" if number == 1 else "Shift+C")
        dark.page.wait_for_function("document.activeElement instanceof HTMLInputElement")
        dark.page.keyboard.type(name)
        dark.press("Enter")
        dark.wait_until(lambda count=number: names(dark) == list(CLASSES[:count]))
    assert first["id"] == dark.server.get("/api/project")["classes"][0]["id"]
    annotate(dark, "astronaut.jpg", ASTRONAUT)
    shot(dark, "objects")

    dark.open_photo("coffee.jpg")
    dark.press("5")
    *three, fourth = COFFEE["saucer"]
    dark.click(*three)
    dark.page.mouse.move(*dark.place(fourth))
    shot(dark, "points")
    dark.page.evaluate("performance.clearMarks('extremecut:mask')")
    dark.click(fourth)
    dark.wait_for_mask()
    dark.page.mouse.move(*dark.place((520, 120)))
    shot(dark, "mask")
    dark.accept()
    dark.press("4")
    dark.place_object(COFFEE["cup"])
    dark.press("b")
    dark.page.mouse.move(*dark.place((215, 250)))
    dark.page.mouse.down()
    dark.page.mouse.move(*dark.place((212, 288)), steps=5)
    shot(dark, "brush")
    dark.page.mouse.up()
    dark.press("Enter", "p", "6")
    dark.place_object(COFFEE["spoon"])
    dark.accept()
    dark.press(".", "o", "c")
    shot(dark, "outline")
    dark.press("z", "Escape", "Escape", "p")

    light = new_page(color_scheme="light")
    light.open_photo("coffee.jpg")
    light.press(".")
    shot(light, "light")
    light.press("?")
    shot(light, "keys")
    light.press("Escape", "Shift+S")
    light.page.get_by_role("dialog", name="Progress and cost").wait_for()
    shot(light, "cost")
    light.press("Escape", "Shift+E")
    light.page.get_by_role("dialog", name="Export").wait_for()
    shot(light, "export")
