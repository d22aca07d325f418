"""How long a person waits in the annotator, measured in a real browser.

Run: python benchmarks/annotator_latency.py [--objects 100] [--json OUT]
Needs the playwright package and a Chromium. Prints the load average first: on a busy machine
only the ratios mean anything.

- From the fourth click to the painted mask on a 12-megapixel photo: from the pointer event's own
  time to the frame after the one that painted the mask.
- Opening the next image, of 12 megapixels: from the key to the last change of the photo's canvas.
- Panning a 100-megapixel photo with 1,000 objects: frames a second while the mouse moves.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from extremecut.annotations.mask_runs import MaskRuns

try:
    from playwright.sync_api import Page, sync_playwright
except ImportError:
    sys.exit("this benchmark drives a browser: pip install playwright")

ROOT = Path(__file__).resolve().parents[1]
PHOTO = ROOT / "examples" / "coffee.jpg"
CUP_XY = np.array([(77, 207), (297, 18), (479, 230), (277, 388)], np.float64)
"""Extreme points of the object in PHOTO."""
TILES = 2
"""The 12-megapixel photo shows the cup so often along each side, each time mirrored another way."""
TILE_HW = (1500, 2000)
LARGE_SIDE_PX = 10_000
LARGE_OBJECTS = 1000
WINDOW = {"width": 1280, "height": 720}
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

WATCH_FRAMES = """() => {
  const frames = [];
  let last = 0, on = true;
  const tick = (time) => {
    if (last) frames.push(time - last);
    last = time;
    if (on) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  window.stopWatching = () => { on = false; return frames; };
}"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--objects", type=int, default=100, help="how many are clicked")
    parser.add_argument("--images", type=int, default=12, help="how many are opened")
    parser.add_argument("--seconds", type=float, default=6, help="of panning at each zoom")
    parser.add_argument("--only", default="click,open,pan", help="which of the three")
    parser.add_argument("--chromium", help="the browser (default: the one on the PATH)")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    arguments = parser.parse_args()
    chromium = arguments.chromium or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        parser.error("no chromium on the PATH: name one with --chromium")
    figures: dict[str, Any] = {
        "load_average": [round(value, 2) for value in os.getloadavg()],
        "cores": len(os.sched_getaffinity(0)),
    }
    wanted = arguments.only.split(",")
    with tempfile.TemporaryDirectory() as folder:
        photos = Path(folder)
        make_photos(photos, arguments.images, large="pan" in wanted)
        with served(photos) as address, browser_page(chromium) as page:
            if "click" in wanted:
                figures["click"] = clicks(page, address, arguments.objects)
            if "open" in wanted:
                figures["open"] = openings(page, address, arguments.images)
            if "pan" in wanted:
                figures["pan"] = panning(page, address, arguments.seconds)
    figures["load_average_at_the_end"] = [round(value, 2) for value in os.getloadavg()]
    print(json.dumps(figures, indent=2))
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")


def make_photos(folder: Path, count: int, *, large: bool) -> None:
    """Photos of 12 megapixels made of a real one, each with its own grain, and a huge one."""
    rng = np.random.default_rng(0)
    height, width = TILE_HW
    tile = np.asarray(Image.open(PHOTO).convert("RGB").resize((width, height), Image.BICUBIC))
    rows = [
        np.hstack([tile[:, :: 1 - 2 * x][:: 1 - 2 * y] for x in range(TILES)]) for y in range(TILES)
    ]
    mosaic = np.vstack(rows)
    for number in range(count):
        grain = rng.integers(-6, 7, (*mosaic.shape[:2], 1), np.int16)
        tint = rng.integers(-30, 31, 3, np.int16)
        pixels = np.clip(mosaic + grain + tint, 0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(folder / f"photo-{number:02}.jpg", quality=88)
    if large:
        times = -(-LARGE_SIDE_PX // mosaic.shape[0]), -(-LARGE_SIDE_PX // mosaic.shape[1])
        pixels = np.tile(mosaic, (*times, 1))[:LARGE_SIDE_PX, :LARGE_SIDE_PX]
        Image.fromarray(pixels).save(folder / "zz-large.jpg", quality=85)


@contextmanager
def served(photos: Path) -> Iterator[str]:
    """The address of an annotator on these photos."""
    command = [sys.executable, "-m", "extremecut", "annotate", str(photos)]
    server = subprocess.Popen(
        [*command, "--no-browser", "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    try:
        line = next(line for line in server.stdout if line.startswith("annotate at "))
        yield line.split()[2].rstrip("/")
    finally:
        server.terminate()
        server.wait()


@contextmanager
def browser_page(chromium: str) -> Iterator[Page]:
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=options)
        page = browser.new_page(viewport=WINDOW)
        page.set_default_timeout(120_000)
        yield page
        browser.close()


def asked(address: str, path: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address + path, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=300) as response:
        return json.load(response)


def shown(page: Page, address: str, name: str) -> dict[str, Any]:
    """Opens a photo by name and waits until it stands; what the server knows of it."""
    images = asked(address, "/api/images?limit=500")["images"]
    image = next(image for image in images if image["path"] == name)
    page.goto(f"{address}/?image={image['id']}")
    page.locator(".canvas").wait_for()
    page.wait_for_timeout(3000)
    assert page.locator(".image-name").inner_text() == name
    return image


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


def panning(page: Page, address: str, seconds: float) -> dict[str, Any]:
    """Frames a second at three zooms."""
    images = asked(address, "/api/images?limit=500")["images"]
    image = next(image for image in images if image["path"] == "zz-large.jpg")
    add_objects(address, image)
    shown(page, address, "zz-large.jpg")
    page.wait_for_timeout(4000)
    figures = {}
    for name, keys in (("whole", "z"), ("closer", "++++"), ("one_to_one", "Z")):
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_timeout(3000)
        figures[name] = frames_while_panning(page, seconds)
    return figures | {"objects": LARGE_OBJECTS, "megapixels": LARGE_SIDE_PX**2 // 10**6}


def add_objects(address: str, image: dict[str, Any]) -> None:
    """A thousand leaves, spread over the photo."""
    rng = np.random.default_rng(0)
    project = asked(address, "/api/project")
    changes = []
    for _ in range(LARGE_OBJECTS):
        across, up = rng.integers(30, 180, 2)
        y, x = np.mgrid[-up : up + 1, -across : across + 1]
        angle = np.arctan2(y, x)
        inside = (x / across) ** 2 + (y / up) ** 2 <= 0.8 + 0.15 * np.sin(9 * angle)
        corner = rng.integers(0, [image["width"] - x.shape[1], image["height"] - x.shape[0]])
        mask = MaskRuns.from_mask(inside, offset_xy=(int(corner[0]), int(corner[1])))
        message = {
            "class_id": project["classes"][0]["id"],
            "mask": {"box": mask.box_xyxy, "runs": mask.runs},
            "points": [], "confidence": None, "visible": True, "locked": False,
        }  # fmt: skip
        changes.append({"id": None, "object": message})
    version = asked(address, f"/api/images/{image['id']}")["version"]
    action = {"version": version, "action": "Add", "changes": changes, "seconds": 0, "inputs": 0}
    asked(address, f"/api/images/{image['id']}/actions", action | {"request_id": "benchmark"})


def frames_while_panning(page: Page, seconds: float) -> dict[str, float]:
    box = page.locator(".canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down(button="middle")
    page.evaluate(WATCH_FRAMES)
    start, step = page.evaluate("performance.now()"), 0
    while page.evaluate("performance.now()") - start < 1000 * seconds:
        step += 1
        page.mouse.move(x + 300 * math.sin(step / 14), y + 160 * math.sin(step / 8))
    frames = page.evaluate("stopWatching()")
    page.mouse.up(button="middle")
    return {
        "frames_per_s": round(1000 / statistics.mean(frames), 1),
        "frame_ms_median": round(statistics.median(frames), 1),
        "frame_ms_p95": round(float(np.quantile(frames, 0.95)), 1),
    }


def summary(times: list[float]) -> dict[str, float]:
    return {
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(float(np.quantile(times, 0.95)), 1),
        "slowest_ms": round(max(times), 1),
    }


if __name__ == "__main__":
    main()
