"""Frames per second while an image with many objects is panned and zoomed, in headless Chromium.

python benchmarks/annotator_pan.py http://127.0.0.1:8000/?image=13
"""

from __future__ import annotations

import argparse
import json
import math
import os
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

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


def quantile(values: list[float], share: float) -> float:
    ranked = sorted(values)
    return ranked[min(int(share * len(ranked)), len(ranked) - 1)] if ranked else math.nan


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
        angle = step / 14
        page.mouse.move(x + 300 * math.sin(angle), y + 160 * math.sin(1.7 * angle))
    found = page.evaluate("stopWatch()")
    cpu = cpu_ms("chrom") - cpu
    page.mouse.up(button="middle")
    return {
        "frames_per_s": round(1000 / (sum(found["frames"]) / len(found["frames"])), 1),
        "cpu_ms_per_frame": round(cpu / len(found["frames"]), 1),
        "frame_ms_median": round(quantile(found["frames"], 0.5), 1),
        "frame_ms_p95": round(quantile(found["frames"], 0.95), 1),
        "painting_ms_median": round(quantile(found["work"], 0.5), 1),
        "painting_ms_p95": round(quantile(found["work"], 0.95), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--seconds", type=float, default=6)
    wanted = parser.parse_args()
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=wanted.chromium, args=["--no-sandbox"], headless=True
        )
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(wanted.address)
        page.wait_for_selector(".object-row", timeout=60_000)
        page.wait_for_timeout(4000)
        for name, keys in (("fit", "z"), ("4 steps in", "++++"), ("1:1", "Z")):
            for key in keys:
                page.keyboard.press(key)
            page.wait_for_timeout(2500)
            print(name, json.dumps(panned(page, wanted.seconds)), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
