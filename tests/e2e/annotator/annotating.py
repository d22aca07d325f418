"""A real server, and its page driven as a person would: by mouse and keys, in image pixels."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from extremecut.annotations.packed_mask import PackedMask

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page, Response

# A test module that imports this one is skipped where these are missing.
pytest.importorskip("fastapi", reason="the annotator needs the annotate extra")
pytest.importorskip("playwright.sync_api", reason="driving a browser needs the playwright package")

Point = tuple[float, float]

PATIENCE_S = 120.0
"""Nothing here takes so long, but a machine may be busy."""
FIT_MARGIN_PX = 24
"""Around a photo that is shown whole."""


@dataclass(frozen=True)
class Known:
    """An object of a photo, roughly."""

    points: tuple[Point, ...]
    inside: tuple[int, int]
    outside: tuple[int, int]
    area_px: int


CUP = Known(((77, 207), (297, 18), (479, 230), (277, 388)), (280, 200), (40, 40), 113_000)
"""Of examples/coffee.jpg, with its saucer."""


class Server:
    """A running `extremecut annotate`, which can die and come back at the same address."""

    def __init__(self, folder: Path, *options: object) -> None:
        self.folder = folder
        self.options = [str(option) for option in options]
        self.port = "0"
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "extremecut", "annotate", str(self.folder)]
        self.process = subprocess.Popen(
            [*command, "--no-browser", "--port", self.port, *self.options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("annotate at "):
                self.url = line.split()[2].rstrip("/")
                self.port = self.url.rsplit(":", 1)[1]
                return
        raise AssertionError(f"did not start: {self.process.communicate()[1]}")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> str:
        """What stood in stderr."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.communicate(timeout=60)[1]

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.url + path, timeout=60) as response:
            return json.load(response)


class Annotating:
    """One browser page on one server."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page = page
        self.server = server
        self.problems: list[str] = []
        """What a page at work must not have: errors, refused scripts, failed requests."""
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not _expected(message.location["url"]):
            self.problems.append(f"{message.type}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and not (response.status == 409 and _expected(response.url)):
            self.problems.append(f"{response.status} {response.request.method} {response.url}")

    def open(self, query: str = "") -> None:
        self.page.goto(self.server.url + query)
        self.page.wait_for_selector(".canvas")
        self.wait_until(lambda: self.page.locator(".image-name").inner_text() != "")
        self.wait_until(lambda: self.marked("image"))

    def open_photo(self, name: str) -> None:
        self.page.locator(f".frame[aria-label^='{name}']").click()
        self.wait_until(lambda: self.page.locator(".image-name").inner_text() == name)
        self.page.wait_for_timeout(50)

    @property
    def image(self) -> dict[str, Any]:
        """The image shown, as the server has it."""
        name = self.page.locator(".image-name").inner_text()
        images = self.server.get("/api/images?limit=500")["images"]
        [number] = [image["id"] for image in images if image["path"] == name]
        return self.server.get(f"/api/images/{number}")

    def masks(self) -> list[np.ndarray]:
        """(H, W) bool of each object that is saved, in drawing order."""
        image = self.image
        size_hw = (image["height"], image["width"])
        return [mask_of(item["mask"], size_hw) for item in image["objects"]]

    def place(self, point: Point) -> Point:
        """Where on the page an image pixel lies while the whole photo is shown."""
        box = self.page.locator(".canvas").bounding_box()
        assert box is not None
        image = self.image
        free = (box["width"] - 2 * FIT_MARGIN_PX, box["height"] - 2 * FIT_MARGIN_PX)
        scale = min(free[0] / image["width"], free[1] / image["height"], 8)
        left = box["x"] + (box["width"] - image["width"] * scale) / 2
        top = box["y"] + (box["height"] - image["height"] * scale) / 2
        return (left + (point[0] + 0.5) * scale, top + (point[1] + 0.5) * scale)

    def click(self, *points: Point) -> None:
        for point in points:
            self.page.mouse.click(*self.place(point))

    def drag(self, *points: Point, steps: int = 6) -> None:
        self.page.mouse.move(*self.place(points[0]))
        self.page.mouse.down()
        for point in points[1:]:
            self.page.mouse.move(*self.place(point), steps=steps)
        self.page.mouse.up()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def place_object(self, points: Sequence[Point]) -> None:
        """Four clicks, and the mask is there."""
        self.page.evaluate("performance.clearMarks('extremecut:mask')")
        self.click(*points)
        self.wait_for_mask()

    def wait_for_mask(self) -> None:
        self.wait_until(lambda: self.marked("mask"))

    def marked(self, name: str) -> bool:
        """Whether the page has left this mark among its performance entries."""
        entries = f"performance.getEntriesByName('extremecut:{name}')"
        return bool(self.page.evaluate(f"{entries}.length > 0"))

    def accept(self) -> None:
        """Enter, and it is saved."""
        before = len(self.image["objects"])
        self.press("Enter")
        self.wait_until(lambda: len(self.image["objects"]) == before + 1)
        self.wait_until_saved()

    def wait_until_saved(self) -> None:
        self.wait_until(lambda: self.page.locator(".save-state").inner_text() == "Saved")

    def painted(self, point: Point) -> list[int]:
        """Red, green, blue, alpha of what is drawn over the photo at an image pixel."""
        x, y = self.place(point)
        return self.page.evaluate(
            """([x, y]) => {
                const canvas = document.querySelectorAll(".canvas canvas")[1];
                const box = canvas.getBoundingClientRect();
                const ratio = canvas.width / box.width;
                const at = [(x - box.left) * ratio, (y - box.top) * ratio].map(Math.floor);
                const copy = new OffscreenCanvas(1, 1);
                const context = copy.getContext("2d", { willReadFrequently: true });
                context.drawImage(canvas, ...at, 1, 1, 0, 0, 1, 1);
                return [...context.getImageData(0, 0, 1, 1).data];
            }""",
            [x, y],
        )

    def wait_until(self, condition: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "waited in vain"
            self.page.wait_for_timeout(30)


def _expected(url: str) -> bool:
    """A prediction that a newer one overtook is answered with 409."""
    return url.endswith("/api/segment")


def mask_of(message: dict[str, Any], size_hw: tuple[int, int]) -> np.ndarray:
    return PackedMask(tuple(message["box"]), message["runs"]).unpacked().mask(size_hw)
