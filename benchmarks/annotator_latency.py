"""How long a person waits in the annotator, measured in a real browser.

Run: python benchmarks/annotator_latency.py [--objects 100] [--json OUT]
Needs the playwright package and a Chromium. Prints the load average first: on a busy machine
only the ratios mean anything.

- From the fourth click to the painted mask on a 12-megapixel photo: from the pointer event's own
  time to the frame after the one that painted the mask.
- Opening the next image, of 12 megapixels: from the key to the last change of the photo's canvas.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from annotator_browser import (
    PHOTO,
    TILE_HW,
    TILES,
    browser_options,
    browser_page,
    mosaic,
    report,
    served,
    shown,
)
from annotator_server import load_average
from PIL import Image
from playwright.sync_api import Page

CUP_XY = np.array([(77, 207), (297, 18), (479, 230), (277, 388)], np.float64)
"""Extreme points of the object in PHOTO."""
FIT_MARGIN_PX = 24
"""That the page leaves around a photo shown whole."""

WATCH_CLICKS = """() => {
  window.pressed = 0;
  addEventListener("pointerdown", (event) => { window.pressed = event.timeStamp; }, true);
}"""

TIME_OF_MASK = """() => {
  const [mask] = performance.getEntriesByName("extremecut:mask");
  return mask && mask.startTime > window.pressed ? mask.startTime - window.pressed : null;
}"""

WATCH_PHOTO = """() => {
  const canvas = document.querySelector(".canvas canvas");
  const small = new OffscreenCanvas(24, 16);
  const context = small.getContext("2d", { willReadFrequently: true });
  const look = () => {
    context.clearRect(0, 0, 24, 16);
    context.drawImage(canvas, 0, 0, 24, 16);
    return context.getImageData(0, 0, 24, 16).data.join();
  };
  const watch = { start: 0, first: 0, last: 0, on: true };
  let seen = look();
  addEventListener("keydown", (event) => { watch.start ||= event.timeStamp; }, true);
  addEventListener("click", (event) => { watch.start ||= event.timeStamp; }, true);
  const tick = (time) => {
    const now = look();
    if (now !== seen && watch.start) {
      seen = now;
      watch.first ||= performance.now();
      watch.last = performance.now();
    }
    if (watch.on) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  window.photoWatch = watch;
}"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[browser_options()],
    )
    parser.add_argument("--objects", type=int, default=100, help="how many are clicked")
    parser.add_argument("--images", type=int, default=12, help="how many are opened")
    parser.add_argument("--only", default="click,open", help="which of the two")
    arguments = parser.parse_args()
    figures: dict[str, Any] = {
        "load_average": load_average(),
        "cores": len(os.sched_getaffinity(0)),
    }
    wanted = arguments.only.split(",")
    with tempfile.TemporaryDirectory() as folder:
        photos = Path(folder)
        make_photos(photos, arguments.images)
        with served(photos) as address, browser_page(arguments.chromium) as page:
            if "click" in wanted:
                figures["click"] = clicks(page, address, arguments.objects)
            if "open" in wanted:
                figures["open"] = openings(page, address, arguments.images)
    figures["load_average_at_the_end"] = load_average()
    report(figures, arguments.json)


def make_photos(folder: Path, count: int) -> None:
    """Photos of 12 megapixels made of a real one, each with its own grain."""
    rng = np.random.default_rng(0)
    base = mosaic()
    for number in range(count):
        grain = rng.integers(-6, 7, (*base.shape[:2], 1), np.int16)
        tint = rng.integers(-30, 31, 3, np.int16)
        pixels = np.clip(base + grain + tint, 0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(folder / f"photo-{number:02}.jpg", quality=88)


def clicks(page: Page, address: str, count: int) -> dict[str, Any]:
    """Four clicks and Enter, again and again, and how long the mask took each time."""
    image = shown(page, address, "photo-00.jpg")
    place = places(page, image)
    page.evaluate(WATCH_CLICKS)
    rng = np.random.default_rng(0)
    scale = np.array([TILE_HW[1], TILE_HW[0]]) / np.array(Image.open(PHOTO).size)
    times = []
    for number in range(count):
        points = (CUP_XY + 0.5) * scale - 0.5
        column, row = number % TILES, number // TILES % TILES
        corner = np.array([TILE_HW[1] * column, TILE_HW[0] * row])
        mirror = np.array([column % 2, row % 2]) * (np.array([TILE_HW[1], TILE_HW[0]]) - 1)
        sign = 1 - 2 * np.array([column % 2, row % 2])
        points = corner + mirror + sign * points + rng.uniform(-12, 12, points.shape)
        page.evaluate("performance.clearMarks('extremecut:mask')")
        for point in points:
            page.mouse.move(*place(point))
            page.wait_for_timeout(40)
            page.mouse.down()
            page.mouse.up()
        times.append(waited(page, TIME_OF_MASK))
        page.keyboard.press("Enter")
        page.wait_for_timeout(250)
    # The first asks for the photo's decoding too.
    return summary(times) | {"first_ms": round(times[0], 1), "objects": count}


def places(page: Page, image: dict[str, Any]) -> Any:
    """Image pixels -> the page, while the photo is shown whole."""
    box = page.locator(".canvas").bounding_box()
    assert box is not None
    free = box["width"] - 2 * FIT_MARGIN_PX, box["height"] - 2 * FIT_MARGIN_PX
    scale = min(free[0] / image["width"], free[1] / image["height"])
    left = box["x"] + (box["width"] - image["width"] * scale) / 2
    top = box["y"] + (box["height"] - image["height"] * scale) / 2
    return lambda point: (left + (point[0] + 0.5) * scale, top + (point[1] + 0.5) * scale)


def waited(page: Page, question: str) -> float:
    """The answer of the page to a question, once it has one."""
    for _ in range(6000):
        answer = page.evaluate(question)
        if answer is not None:
            return float(answer)
        page.wait_for_timeout(10)
    raise TimeoutError("the page gave no answer within a minute")


def openings(page: Page, address: str, count: int) -> dict[str, Any]:
    """Page down through the images with pauses; and jumps to images nobody looked at."""
    shown(page, address, "photo-00.jpg")
    nexts = [opening(page, lambda: page.keyboard.press("PageDown")) for _ in range(count // 2)]
    frames = page.locator(".frame")
    jumps = [
        opening(page, lambda number=number: frames.nth(number).click())
        for number in range(count - 1, count // 2 + 1, -2)
    ]
    return {"next": summary(nexts), "jump": summary(jumps)}


def opening(page: Page, act: Any) -> float:
    page.wait_for_timeout(1500)
    page.evaluate(WATCH_PHOTO)
    page.wait_for_timeout(100)
    act()
    page.wait_for_timeout(2500)
    watch = page.evaluate("(photoWatch.on = false, photoWatch)")
    return float(watch["last"] - watch["start"])


def summary(times: list[float]) -> dict[str, float]:
    return {
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(float(np.quantile(times, 0.95)), 1),
        "slowest_ms": round(max(times), 1),
    }


if __name__ == "__main__":
    main()
