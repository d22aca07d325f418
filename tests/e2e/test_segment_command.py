"""`extremecut segment` and `points`, run as commands."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from extremecut.runtime.model_file import EMBEDDED_MODEL

ROOT = Path(__file__).resolve().parents[2]
CUP = "79,237 297,17 480,232 279,384"

# The box of both is 80 x 40 pixels; the model of these tests finds the ellipse inscribed in it.
OBJECT = "20,50 60,30 99,50 60,69"
LOWER = "20,70 60,50 99,70 60,89"

needs_embedded_model = pytest.mark.skipif(
    not EMBEDDED_MODEL.is_file(), reason="the embedded model is not in this checkout"
)


def values(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.array(picture)


def ellipse(centre_y: float) -> np.ndarray:
    y, x = np.mgrid[:100, :120]
    return ((x - 59.5) / 40) ** 2 + ((y - centre_y) / 20) ** 2 < 1


@needs_embedded_model
def test_the_embedded_model_segments_the_example(extremecut: Any, tmp_path: Path) -> None:
    example = ROOT / "examples" / "coffee.jpg"
    done = extremecut(
        "segment", example, "--points", CUP, "-o", "mask.png", "--overlay", "look.png", "--json"
    )
    assert done.returncode == 0, done.stderr
    (found,) = json.loads(done.stdout)["objects"]
    mask = values(tmp_path / "mask.png")
    assert mask.shape == (400, 600) and set(np.unique(mask)) == {0, 255}
    assert np.count_nonzero(mask) == found["area_px"] > 50_000
    assert found["confidence"] is None or 0.5 < found["confidence"] <= 1
    assert values(tmp_path / "look.png").shape == (400, 600, 3)


def test_one_object_gives_a_mask_and_an_overlay(
    extremecut: Any, photo: Path, disc_model: Path
) -> None:
    done = extremecut(
        "segment", photo.name, "--points", OBJECT, "-o", "mask.png", "--overlay", "look.jpg",
        "--model", disc_model,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "mask.png: 1 object, estimated IoU 88 %\n"
    mask = values(photo.with_name("mask.png"))
    assert set(np.unique(mask)) == {0, 255}
    assert np.count_nonzero((mask > 0) ^ ellipse(49.5)) < 60
    assert values(photo.with_name("look.jpg")).shape == (100, 120, 3)


def test_from_points_to_a_list_and_back(extremecut: Any, photo: Path, disc_model: Path) -> None:
    """Two objects -> label image -> their points -> the same label image."""
    two = ["--points", OBJECT, "--points", LOWER]
    done = extremecut("segment", photo.name, *two, "-o", "labels.png", "--model", disc_model)
    assert (done.returncode, done.stderr) == (0, "")
    labels = values(photo.with_name("labels.png"))
    assert labels.dtype == np.uint16 and set(np.unique(labels)) == {0, 1, 2}
    assert labels[69, 60] == 2  # of both: the later one wins
    done = extremecut("points", "labels.png", "--image", "photo.png", "-o", "objects.csv")
    assert (done.returncode, done.stderr) == (0, "")
    done = extremecut("segment", "--objects", "objects.csv", "-o", "out", "--model", disc_model)
    assert done.returncode == 0 and "2/2" in done.stderr
    again = values(photo.parent / "out" / "photo.png")
    assert np.count_nonzero((again == 2) ^ (labels == 2)) < 30
    done = extremecut("points", "labels.png", "-o", "unnamed.json")
    objects = ["--objects", "unnamed.json", "-o", "one.png", "--model", disc_model]
    done = extremecut("segment", photo.name, *objects)
    assert done.returncode == 0 and "2/2" in done.stderr  # thousands would take a while, too
    assert np.array_equal(values(photo.with_name("one.png")), again)
    assert extremecut("segment", photo.name, *objects, "--quiet").stderr == ""
    done = extremecut(
        "segment", "--objects", "objects.csv", "-o", "out", "--model", disc_model, "--json"
    )
    answer = json.loads(done.stdout)
    assert done.returncode == 0 and answer["skipped"] == 1
    assert len(answer["images"][0]["objects"]) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="closes outputs by the shell's >&-")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_outputs_cost_no_mask(photo: Path, disc_model: Path, closed: str) -> None:
    Path(photo.with_name("list.csv")).write_text(f'image,points\nphoto.png,"{OBJECT}"\n')
    command = f"{sys.executable} -m extremecut segment --objects list.csv -o out --model "
    done = subprocess.run(f"{command} {disc_model} {closed}", shell=True, cwd=photo.parent)
    assert done.returncode == 0
    assert values(photo.parent / "out" / "photo.png").any()


def test_help_costs_no_model(extremecut: Any) -> None:
    done = extremecut("segment", "--help")
    assert done.returncode == 0 and "extremecut segment photo.jpg" in done.stdout


def test_a_reader_that_goes_away_is_no_error_to_report(photo: Path) -> None:
    command = [sys.executable, "-m", "extremecut", "points", "labels.png"]
    labels = np.arange(100 * 120, dtype=np.uint16).reshape(100, 120) // 2
    Image.fromarray(labels).save(photo.with_name("labels.png"))
    process = subprocess.Popen(
        command, cwd=photo.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    complaint = process.stderr.read()
    process.stderr.close()
    assert process.wait(60) == 1
    assert complaint == ""
