"""Frames a second while a photo with many objects is panned at three zooms, in a real browser.

Run: python benchmarks/annotator_pan.py [ADDRESS]
Without an address: a photo of 100 megapixels with 1,000 objects, on a server of its own. With one,
such as http://127.0.0.1:8765/?image=13: that image, on a server that runs already. Needs the
playwright package and a Chromium.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from annotator_browser import (
    asked,
    browser_options,
    browser_page,
    image_named,
    mosaic,
    report,
    served,
)
from annotator_server import load_average
from PIL import Image
from playwright.sync_api import Page

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.annotations.packed_mask import PackedMask

SIDE_PX = 10_000
OBJECTS = 1000

WATCH = """() => {
  const frames = [], work = [];
  const original = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (call) => original((time) => {
    const start = performance.now();
    call(time);
    work.push(performance.now() - start);
  });
  let last = 0, on = true;
  const tick = (time) => {
    if (last) frames.push(time - last);
    last = time;
    if (on) original(tick);
  };
  original(tick);
  window.stopWatch = () => { on = false; return { frames, work }; };
}"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[browser_options()],
    )
    parser.add_argument("address", nargs="?", help="of an image on a server that runs")
    parser.add_argument("--seconds", type=float, default=6, help="of panning at each zoom")
    arguments = parser.parse_args()
    figures: dict[str, Any] = {"load_average": load_average()}
    with browser_page(arguments.chromium) as page:
        if arguments.address:
            figures |= panning(page, arguments.address, arguments.seconds)
        else:
            with tempfile.TemporaryDirectory() as folder:
                make_photo(Path(folder) / "large.jpg")
                with served(Path(folder)) as address:
                    image = image_named(address, "large.jpg")
                    add_objects(address, image)
                    figures |= {"objects": OBJECTS, "megapixels": SIDE_PX**2 // 10**6}
                    place = f"{address}/?image={image['id']}"
                    figures |= panning(page, place, arguments.seconds)
    figures["load_average_at_the_end"] = load_average()
    report(figures, arguments.json)


def make_photo(path: Path) -> None:
    base = mosaic()
    times = -(-SIDE_PX // base.shape[0]), -(-SIDE_PX // base.shape[1]), 1
    Image.fromarray(np.tile(base, times)[:SIDE_PX, :SIDE_PX]).save(path, quality=85)


def add_objects(address: str, image: dict[str, Any]) -> None:
    """A thousand leaves, spread over the photo."""
    rng = np.random.default_rng(0)
    project = asked(address, "/api/project")
    changes = []
    for _ in range(OBJECTS):
        across, up = rng.integers(30, 180, 2)
        y, x = np.mgrid[-up : up + 1, -across : across + 1]
        angle = np.arctan2(y, x)
        inside = (x / across) ** 2 + (y / up) ** 2 <= 0.8 + 0.15 * np.sin(9 * angle)
        corner = rng.integers(0, [image["width"] - x.shape[1], image["height"] - x.shape[0]])
        runs = MaskRuns.from_mask(inside, offset_xy=(int(corner[0]), int(corner[1])))
        mask = PackedMask.of(runs)
        message = {
            "class_id": project["classes"][0]["id"],
            "mask": {"box": mask.box_xyxy, "runs": mask.runs},
            "points": [], "confidence": None, "visible": True, "locked": False,
        }  # fmt: skip
        changes.append({"id": None, "object": message})
    version = asked(address, f"/api/images/{image['id']}")["version"]
    action = {"version": version, "action": "Add", "changes": changes, "seconds": 0, "inputs": 0}
    asked(address, f"/api/images/{image['id']}/actions", action | {"request_id": "benchmark"})


def panning(page: Page, address: str, seconds: float) -> dict[str, Any]:
    """Frames at three zooms."""
    page.goto(address)
    page.locator(".object-row").first.wait_for()
    page.wait_for_timeout(4000)
    figures = {}
    for name, keys in (("whole", "z"), ("closer", "++++"), ("one_to_one", "Z")):
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_timeout(3000)
        figures[name] = panned(page, seconds)
    return figures


def panned(page: Page, seconds: float) -> dict[str, float]:
    box = page.locator(".canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down(button="middle")
    page.evaluate(WATCH)
    cpu = cpu_ms("chrom")
    start = page.evaluate("performance.now()")
    step = 0
    while page.evaluate("performance.now()") - start < 1000 * seconds:
        step += 1
        page.mouse.move(x + 300 * math.sin(step / 14), y + 160 * math.sin(step / 8))
    found = page.evaluate("stopWatch()")
    cpu = cpu_ms("chrom") - cpu
    page.mouse.up(button="middle")
    return {
        "frames_per_s": round(1000 / statistics.mean(found["frames"]), 1),
        "cpu_ms_per_frame": round(cpu / len(found["frames"]), 1),
        "frame_ms_median": round(float(np.quantile(found["frames"], 0.5)), 1),
        "frame_ms_p95": round(float(np.quantile(found["frames"], 0.95)), 1),
        "painting_ms_median": round(float(np.quantile(found["work"], 0.5)), 1),
        "painting_ms_p95": round(float(np.quantile(found["work"], 0.95)), 1),
    }


def cpu_ms(name: str) -> float:
    """CPU time of all processes of that name so far: counts the same however busy the machine."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            head, _, rest = stat.read_text().rpartition(")")
        except OSError:
            continue
        if name in head:
            total += sum(int(ticks) for ticks in rest.split()[11:13])
    return 1000 * total / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
