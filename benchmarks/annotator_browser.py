"""A headless browser on the annotator's page, and real photos for it, for measurements."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from annotator_server import HOST, running_server
from numpy.typing import NDArray
from PIL import Image

try:
    from playwright.sync_api import Page, sync_playwright
except ImportError:
    sys.exit("this benchmark drives a browser: pip install playwright")

PHOTO = Path(__file__).resolve().parents[1] / "examples" / "coffee.jpg"
TILES = 2
"""The 12-megapixel photo shows PHOTO so often along each side, each time mirrored another way."""
TILE_HW = (1500, 2000)
WINDOW = {"width": 1280, "height": 720}


def browser_options() -> argparse.ArgumentParser:
    """What every measurement in a browser can be asked for."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument(
        "--chromium",
        default=shutil.which("chromium") or shutil.which("google-chrome"),
        help="the browser (default: the one on the PATH)",
    )
    parser.add_argument("--json", type=Path, help="write the figures here too")
    return parser


def mosaic() -> NDArray[np.uint8]:
    """(3000, 4000, 3) RGB, made of a real photo."""
    height, width = TILE_HW
    tile = np.asarray(Image.open(PHOTO).convert("RGB").resize((width, height), Image.BICUBIC))
    rows = [
        np.hstack([tile[:, :: 1 - 2 * x][:: 1 - 2 * y] for x in range(TILES)]) for y in range(TILES)
    ]
    return np.vstack(rows)


@contextmanager
def served(photos: Path) -> Iterator[str]:
    """The address of an annotator on these photos."""
    with running_server(photos) as (_, port):
        yield f"http://{HOST}:{port}"


@contextmanager
def browser_page(chromium: str | None) -> Iterator[Page]:
    if chromium is None:
        raise SystemExit("no chromium on the PATH: name one with --chromium")
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


def image_named(address: str, name: str) -> dict[str, Any]:
    """What the server knows of a photo."""
    images = asked(address, "/api/images?limit=500")["images"]
    return next(image for image in images if image["path"] == name)


def shown(page: Page, address: str, name: str) -> dict[str, Any]:
    """Opens a photo by name and waits until it stands; what the server knows of it."""
    image = image_named(address, name)
    page.goto(f"{address}/?image={image['id']}")
    page.locator(".canvas").wait_for()
    page.wait_for_timeout(3000)
    assert page.locator(".image-name").inner_text() == name
    return image


def report(figures: dict[str, Any], target: Path | None) -> None:
    """Print figures, and write them where wanted."""
    text = json.dumps(figures, indent=2)
    print(text)
    if target:
        target.write_text(text + "\n")
