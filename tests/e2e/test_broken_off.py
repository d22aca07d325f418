"""Work broken off from outside: a folder that takes no files, a full disk, a signal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

OBJECT = "20,50 60,30 99,50 60,69"
ROW = {"points": [[20, 50], [60, 30], [99, 50], [60, 69]]}


@pytest.fixture
def folder(photo: Path, disc_model: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a photo and a model."""
    folder = photo.parent
    monkeypatch.chdir(folder)
    (folder / "good.onnx").write_bytes(disc_model.read_bytes())
    return folder


def segment(output: str) -> list[str]:
    return ["segment", "photo.png", "--points", OBJECT, "--model", "good.onnx", "-o", output]


def snapshot(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.rglob("*")}


def read_only_folder(folder: Path) -> Path:
    if os.geteuid() == 0:
        return Path("/sys")  # permissions do not bind the superuser; this file system does
    folder = folder / "locked"
    folder.mkdir(mode=0o500)
    return folder


@pytest.mark.skipif(sys.platform != "linux", reason="uses Linux's own read-only folder")
def test_a_read_only_folder_is_one_clear_line(folder: Path, extremecut: Any) -> None:
    target = read_only_folder(folder) / "mask.png"
    done = extremecut(*segment(str(target)))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and done.stderr.startswith("extremecut: error: ")
    assert str(target.parent) in done.stderr
    assert not target.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files by setrlimit")
def test_a_full_disk_is_one_clear_line(folder: Path, extremecut: Any) -> None:
    import resource

    before = snapshot(folder)

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))

    done = extremecut(*segment("mask.png"), preexec_fn=no_room)
    assert done.returncode == 1
    assert done.stderr == "extremecut: error: mask.png: File too large\n"
    assert snapshot(folder) == before


@pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_ctrl_c_stops_a_list_and_the_next_run_goes_on(
    folder: Path, extremecut: Any, name: str
) -> None:
    number = signal.Signals[name]
    rows = []
    for index in range(150):
        os.link("photo.png", f"{index}.png")
        rows.append(ROW | {"image": f"{index}.png"})
    Path("rows").write_text(json.dumps(rows))
    arguments = ["segment", "--objects", "rows", "-o", "out", "--model", "good.onnx"]
    out = folder / "out"
    process = subprocess.Popen(
        [sys.executable, "-m", "extremecut", *arguments],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (out / "3.png").exists() and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(number)
    complaint = process.communicate(timeout=60)[1]
    assert process.returncode == 128 + number
    assert "Traceback" not in complaint
    if number == signal.SIGINT:
        assert complaint.splitlines()[-1].startswith("extremecut: error: interrupted")
    assert not list(out.glob(".*"))  # no temporary file
    done = {path.name for path in out.glob("*.png")}
    assert 3 < len(done) < 150
    for path in out.glob("*.png"):
        with Image.open(path) as picture:
            picture.load()
    again = extremecut(*arguments, "--json")
    assert again.returncode == 0
    answer = json.loads(again.stdout)
    assert len(answer["images"]) == 150
    # The image in the works may have been finished but not recorded.
    assert answer["skipped"] >= len(done) - 1
