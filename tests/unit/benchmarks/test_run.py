from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scripted_annotator import run

SIZE = 96


def tiny_root(root: Path) -> Path:
    """One red square on green in COCO's layout."""
    folder = root / "coco" / "images" / "val"
    folder.mkdir(parents=True)
    pixels = np.full((SIZE, SIZE, 3), (40, 160, 60), np.uint8)
    pixels[20:70, 20:70] = (200, 30, 30)
    Image.fromarray(pixels).save(folder / "one.png")
    corners = [20, 20, 70, 20, 70, 70, 20, 70]
    content = {
        "images": [{"id": 1, "file_name": "one.png", "width": SIZE, "height": SIZE}],
        "categories": [{"id": 1, "name": "square"}],
        "annotations": [
            {"id": 5, "image_id": 1, "category_id": 1, "area": 2500, "segmentation": [corners]}
        ],
    }
    (root / "coco" / "annotations").mkdir()
    (root / "coco" / "annotations" / "instances_val.json").write_text(json.dumps(content))
    return root


def test_one_object_is_measured_from_end_to_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out"
    arguments = ["--root", str(tiny_root(tmp_path)), "--sets", "coco", "-o", str(output)]
    monkeypatch.setattr(sys, "argv", ["run.py", *arguments])
    run.main()
    content = json.loads(output.with_suffix(".json").read_text())
    [measured] = content["sets"][0]["objects"]
    assert measured["name"] == "one:5"
    assert measured["kinds"]["extreme"] == 4
    assert measured["drawn"]["full polygon"] == {"polygons": 1, "vertices": 4, "reached": True}
    full = content["sets"][0]["polygons"]["full polygon"]
    assert full["mean_seconds"] == pytest.approx(79)
    assert output.with_suffix(".md").read_text() in capsys.readouterr().out


def test_an_unknown_set_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["run.py", "--root", str(tmp_path), "--sets", "moon"])
    with pytest.raises(SystemExit):
        run.main()
    assert "moon" in capsys.readouterr().err
