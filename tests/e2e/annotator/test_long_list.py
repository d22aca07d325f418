"""More photos than one page of the list: the place in it, the address, fast keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from annotating import Annotating
from PIL import Image

PHOTOS = 260
FAR = 250


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project") / "photos"
    folder.mkdir()
    for number in range(1, PHOTOS + 1):
        color = (number % 256, 90, 160)
        Image.new("RGB", (96, 64), color).save(folder / f"photo-{number:03}.png")
    return folder


def open_far(annotating: Annotating) -> int:
    """The id of an image beyond the first page, which is open then."""
    images = annotating.server.get("/api/images?limit=500")["images"]
    number = images[FAR - 1]["id"]
    annotating.open(f"/?image={number}")
    return int(number)


def shown(annotating: Annotating) -> str:
    return annotating.page.locator(".image-name").inner_text()


def position(annotating: Annotating) -> str:
    return annotating.page.locator(".position").inner_text()


def test_an_image_far_down_keeps_its_place(annotating: Annotating) -> None:
    open_far(annotating)
    annotating.wait_until(lambda: position(annotating) == f"{FAR} of {PHOTOS}")
    assert annotating.page.locator(".frame[aria-current=true]").is_visible()
    annotating.press("Control+Enter")
    annotating.wait_until(lambda: shown(annotating) == f"photo-{FAR + 1:03}.png")
    progress = annotating.page.locator(".progress-text")
    annotating.wait_until(lambda: progress.inner_text() == f"1 of {PHOTOS} images done")
    annotating.page.reload()
    annotating.wait_until(lambda: position(annotating) == f"{FAR + 1} of {PHOTOS}")


def test_keys_in_quick_succession_lose_no_step(annotating: Annotating) -> None:
    open_far(annotating)
    annotating.wait_until(lambda: position(annotating) == f"{FAR} of {PHOTOS}")
    for _ in range(6):
        annotating.press("PageUp")
    annotating.wait_until(lambda: shown(annotating) == f"photo-{FAR - 6:03}.png")
    annotating.page.wait_for_timeout(300)
    assert shown(annotating) == f"photo-{FAR - 6:03}.png"


def test_the_address_follows_the_image_without_a_history(annotating: Annotating) -> None:
    number = open_far(annotating)
    before = annotating.page.evaluate("history.length")
    annotating.press("PageDown")
    annotating.wait_until(lambda: annotating.page.url.endswith(f"/?image={number + 1}"))
    assert annotating.page.evaluate("history.length") == before


def test_an_address_of_no_image_shows_the_first(annotating: Annotating) -> None:
    annotating.open("/?image=99999")
    assert shown(annotating) == "photo-001.png"
    annotating.wait_until(
        lambda: "no image 99999" in annotating.page.locator(".toasts").inner_text()
    )
    annotating.problems.clear()
