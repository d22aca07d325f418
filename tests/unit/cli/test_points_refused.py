"""What `extremecut points` refuses: files it cannot take points from, places no list belongs in."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from extremecut.cli.main import main


def image_file(path: Path, values: np.ndarray) -> Path:
    Image.fromarray(values).save(path)
    return path


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.png"], "cannot read"),
        (["."], "cannot read"),
        (["photo.jpg"], "is a JPEG"),
        (["text.png"], "cannot be read"),
        (["colour.png"], "colour image"),
        (["half.png"], "cannot be read"),
        (["list.json"], "no COCO file"),
        (["broken.json"], "cannot be read"),
        (["coco.json", "--image", "a.jpg"], "belong to mask"),
        (["grey.png", "--image", ""], "must name a photo"),
        (["grey.png", "--image", "text.png"], "text.png is not an image"),
        (["twice.json"], r"images\[1\]: the id 1 is used twice"),
        (["colour.png", "--folder", "."], "belongs to COCO"),
        (["colour.png", "--json", "--format", "csv"], "contradict"),
        (["orphan.json"], r"annotations\[0\]: .*image_id"),
        (["coco.json"], r"annotations\[0\].*polygon"),
    ],
)
def test_wrong_files_are_one_clear_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    image_file(tmp_path / "photo.jpg", np.zeros((9, 9), np.uint8))
    image_file(tmp_path / "colour.png", np.arange(243, dtype=np.uint8).reshape(9, 9, 3))
    whole = np.random.default_rng(0).integers(0, 9, (99, 99), np.uint8)
    data = image_file(tmp_path / "half.png", whole).read_bytes()
    (tmp_path / "half.png").write_bytes(data[: len(data) // 2])
    image_file(tmp_path / "grey.png", np.ones((9, 9), np.uint8))
    (tmp_path / "text.png").write_text("hello")
    (tmp_path / "list.json").write_text("[1]")
    (tmp_path / "broken.json").write_text("{1")
    image = {"id": 1, "file_name": "a.jpg", "width": 9, "height": 9}
    for name, entry in {
        "orphan.json": {"image_id": 2},
        "coco.json": {"image_id": 1, "segmentation": [[1, 2]]},
    }.items():
        (tmp_path / name).write_text(json.dumps({"images": [image], "annotations": [entry]}))
    (tmp_path / "twice.json").write_text(json.dumps({"images": [image] * 2, "annotations": []}))
    before = set(tmp_path.iterdir())
    assert main(["points", *arguments, "-o", "out.json"]) == 1
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1
    assert re.search(message, captured.err), captured.err
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize("output", ["mask.png", "photo.png", "link.png"])
def test_a_list_does_not_replace_what_it_is_made_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], output: str
) -> None:
    monkeypatch.chdir(tmp_path)
    image_file(tmp_path / "mask.png", np.ones((20, 30), np.uint8))
    image_file(tmp_path / "photo.png", np.zeros((20, 30, 3), np.uint8))
    (tmp_path / "link.png").symlink_to("mask.png")
    before = (tmp_path / output).read_bytes()
    assert main(["points", "mask.png", "--image", "photo.png", "-o", output]) == 1
    assert f"{output} would replace" in capsys.readouterr().err
    assert (tmp_path / output).read_bytes() == before


def test_a_list_is_not_written_in_place_of_another_photo(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mask = image_file(tmp_path / "mask.png", np.ones((20, 30), np.uint8))
    photo = image_file(tmp_path / "photo.JPG.png", np.zeros((20, 30, 3), np.uint8))
    photo = photo.rename(tmp_path / "photo.JPG")
    before = photo.read_bytes()
    assert main(["points", str(mask), "-o", str(photo)]) == 1
    assert "choose an -o that ends in .json or .csv" in capsys.readouterr().err
    assert photo.read_bytes() == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_said_to_be_one(capsys: pytest.CaptureFixture[str]) -> None:
    reading, writing = os.pipe()
    try:
        os.write(writing, b'{"images": [], "annotations": []}')
        assert main(["points", f"/dev/fd/{reading}"]) == 1
    finally:
        os.close(reading)
        os.close(writing)
    assert "is a pipe or a device: save what comes through it" in capsys.readouterr().err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "mask.png")
    command = [sys.executable, "-m", "extremecut", "points", str(tmp_path / "mask.png")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1 and "mask.png is a pipe or a device" in ended.stderr
