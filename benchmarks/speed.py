"""Speed and memory of the embedded model. Run: python benchmarks/speed.py [--json OUT]

Prints the load average first: on a busy machine only the ratios mean anything.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from extremecut import Segmenter
from extremecut.inputs import prepare

ROOT = Path(__file__).resolve().parents[1]
PHOTO = ROOT / "examples" / "coffee.jpg"
PHOTO_POINTS = "77,207 297,18 479,230 277,388"
PEOPLE = ROOT / "examples" / "astronaut.jpg"
PEOPLE_POINTS = (
    ((154, 90), (235, 15), (301, 85), (235, 190)),
    ((278, 450), (400, 344), (511, 480), (400, 520)),
    ((358, 270), (415, -6), (460, 200), (400, 292)),
)
"""Of a head, a helmet and a model of the shuttle."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--no-paper", action="store_true", help="skip the paper's network")
    arguments = parser.parse_args()
    figures: dict[str, Any] = {
        "load_average": [round(value, 2) for value in os.getloadavg()],
        "cores": len(os.sched_getaffinity(0)),
    }
    segmenter = Segmenter()
    figures["photo_640x480_ms"] = one_photo_ms(segmenter)
    figures["photo_640x480_unsure_ms"] = unsure_photo_ms(segmenter)
    figures["network_alone_ms"] = network_ms(segmenter)
    if not arguments.no_paper:
        paper = paper_network_ms()
        figures["paper_network_ms"] = paper
        figures["ratio_to_paper_network"] = round(paper / figures["network_alone_ms"], 1)
    figures.update(hundred_megapixels(segmenter))
    figures["batch_objects_per_s"], figures["batch_growth_mb"] = batch(segmenter)
    figures["batch_unsure_objects_per_s"], _ = unsure_batch(segmenter)
    figures["growth_after_100_of_1000_mb"] = growth(segmenter)
    figures["command_cold_start_s"] = cold_start_s()
    for name, value in figures.items():
        print(f"{name:32} {value}")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")


def median_ms(action: Callable[[], object], runs: int) -> float:
    action()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return round(1000 * statistics.median(times), 2)


def noise(height: int, width: int) -> np.ndarray:
    """Structure at every scale and nothing to recognise: each answer is unsure."""
    rng = np.random.default_rng(0)
    tile = rng.integers(0, 256, (64, 64, 3), np.uint8)
    return np.tile(tile, (height // 64 + 1, width // 64 + 1, 1))[:height, :width].copy()


def points_of(x0: int, y0: int, x1: int, y1: int) -> np.ndarray:
    middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
    return np.array([[x0, middle_y], [middle_x, y0], [x1, middle_y], [middle_x, y1]])


def one_photo_ms(segmenter: Segmenter) -> float:
    """From the image in memory to the full-size mask: a cup with its saucer."""
    image, scale = resized(PHOTO, 640, 480)
    points = photo_points() * scale
    return median_ms(lambda: segmenter.predict(image, points).mask, 50)


def unsure_photo_ms(segmenter: Segmenter) -> float:
    """The same where the network is unsure of what it sees and looks twice."""
    image = noise(480, 640)
    points = points_of(120, 60, 520, 430)
    return median_ms(lambda: segmenter.predict(image, points).mask, 50)


def photo_points() -> np.ndarray:
    return np.array([pair.split(",") for pair in PHOTO_POINTS.split()], np.float64)


def resized(path: Path, width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
    """A photo as an array, and its scale along x and y."""
    photo = Image.open(path).convert("RGB")
    scale = np.array([width / photo.width, height / photo.height])
    return np.asarray(photo.resize((width, height))), scale


def network_ms(segmenter: Segmenter) -> float:
    """The embedded network alone, once."""
    spec = segmenter.backend.spec
    array = prepare(noise(480, 640), points_of(120, 60, 520, 430), spec).array[None]
    return median_ms(lambda: segmenter.backend.probabilities(array), 50)


def paper_network_ms() -> float:
    """ResNet-101, stride 8, PSP, 512 x 512, PyTorch float32, same threads, network alone."""
    import torch

    from extremecut.networks.dextr_net import DextrNet, NetworkConfig

    torch.set_num_threads(len(os.sched_getaffinity(0)))
    config = NetworkConfig(backbone="resnet101", head="psp", output_stride=8, align_corners=True)
    net = DextrNet(config).eval()
    x = torch.zeros(1, 4, 512, 512)
    with torch.inference_mode():
        return median_ms(lambda: net(x), 20)


def hundred_megapixels(segmenter: Segmenter) -> dict[str, float]:
    """A 16-megapixel object in a 100-megapixel photo: time, and memory over photo and mask."""

    def elapsed_ms(image: np.ndarray, points: np.ndarray) -> float:
        return median_ms(lambda: segmenter.predict(image, points).mask, 15)

    sure = elapsed_ms(*enlarged_cup())
    unsure = elapsed_ms(noise(10_000, 10_000), points_of(3000, 3000, 7000, 7000))
    code = (
        "import sys; sys.path.insert(0, 'benchmarks'); import speed\nprint(speed.extra_peak_mb())"
    )
    extra = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    return {
        "photo_100mp_ms": sure,
        "photo_100mp_unsure_ms": unsure,
        "photo_100mp_extra_mb": round(float(extra), 1),
    }


def enlarged_cup() -> tuple[np.ndarray, np.ndarray]:
    """The cup and its saucer 4000 x 4000 pixels large, in a photo repeated to 10,000 x 10,000."""
    points = photo_points()
    wide, high = points.max(0) - points.min(0)
    with Image.open(PHOTO) as photo:
        size = (round(photo.width * 4000 / wide), round(photo.height * 4000 / high))
    image, scale = resized(PHOTO, *size)
    missing = ((0, 10_000 - size[1]), (0, 10_000 - size[0]), (0, 0))
    return np.pad(image, missing, "wrap"), points * scale


def extra_peak_mb() -> float:
    """Peak over the photo in a fresh process; the mask's own touched pages are counted too."""
    segmenter = Segmenter()
    small = noise(480, 640)
    _ = segmenter.predict(small, points_of(120, 60, 520, 430)).mask
    image = noise(10_000, 10_000)
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts again from here
    before = resident_mb()
    mask = segmenter.predict(image, points_of(3000, 3000, 7000, 7000)).mask
    status = Path("/proc/self/status").read_text()
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
    del mask
    return peak - before


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def random_points(rng: np.random.Generator, count: int) -> list[np.ndarray]:
    starts = rng.integers(0, 400, (count, 2))
    sizes = rng.integers(20, 200, (count, 2))
    return [points_of(x, y, x + w, y + h) for (x, y), (w, h) in zip(starts, sizes, strict=True)]


def batch(segmenter: Segmenter) -> tuple[float, float]:
    """Objects a second and memory growth for 500 objects of one photo: three, clicked anew."""
    image = np.asarray(Image.open(PEOPLE).convert("RGB"))
    rng = np.random.default_rng(1)
    clicked = np.array(PEOPLE_POINTS, np.float64)[np.arange(500) % len(PEOPLE_POINTS)]
    return throughput(segmenter, image, list(clicked + rng.uniform(-3, 3, clicked.shape)))


def unsure_batch(segmenter: Segmenter) -> tuple[float, float]:
    """The same for boxes on noise: the network looks twice at each."""
    return throughput(segmenter, noise(800, 800), random_points(np.random.default_rng(1), 500))


def throughput(
    segmenter: Segmenter, image: np.ndarray, objects: list[np.ndarray]
) -> tuple[float, float]:
    before = resident_mb()
    start = time.perf_counter()
    results = segmenter.predict_batch((image, points) for points in objects)
    count = sum(1 for result in results if result.mask is not None)
    elapsed = time.perf_counter() - start
    return round(count / elapsed, 1), round(resident_mb() - before, 1)


def growth(segmenter: Segmenter) -> float:
    """How much memory the 101st to the 1000th prediction add."""
    image = noise(480, 640)
    middle = 0.0
    for number, points in enumerate(random_points(np.random.default_rng(2), 1000)):
        if number == 100:
            middle = resident_mb()
        _ = segmenter.predict(image, points).mask
    return round(resident_mb() - middle, 1)


def cold_start_s() -> float:
    """The whole command, process start to exit; the middle of five runs."""
    times = []
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable, "-m", "extremecut", "segment", str(PHOTO),
            "--points", PHOTO_POINTS, "-o", str(Path(folder) / "mask.png"),
        ]  # fmt: skip
        for _ in range(6):
            start = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            times.append(time.perf_counter() - start)
    return round(statistics.median(times[1:]), 3)


if __name__ == "__main__":
    main()
