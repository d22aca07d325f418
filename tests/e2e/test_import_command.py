"""`extremecut import`, as its users run it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("sqlalchemy", reason="projects need the annotate extra")

Run = Callable[..., Any]


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two photos of 10 x 8 pixels."""
    folder = tmp_path / "photos"
    (folder / "sub").mkdir(parents=True)
    noise = np.random.default_rng(0).integers(0, 256, (2, 8, 10, 3), np.uint8)
    Image.fromarray(noise[0]).save(folder / "sub" / "a.png")
    Image.fromarray(noise[1]).save(folder / "b.png")
    return folder


def coco(**changes: Any) -> dict[str, Any]:
    """A cup of 3 x 3 pixels and a holed dog, on a photo that another program keeps elsewhere."""
    content = {
        "images": [
            {"id": 7, "file_name": "C:\\data\\a.png", "width": 10, "height": 8},
            {"id": 8, "file_name": "elsewhere.png", "width": 99, "height": 99},
        ],
        "categories": [{"id": 3, "name": "cup"}, {"id": 5, "name": "dog"}],
        "annotations": [
            {
                "image_id": 7,
                "category_id": 3,
                "segmentation": [[2, 1, 5, 1, 5, 4, 2, 4]],
                "extreme_points": [[2, 2], [3, 1], [4, 2], [3, 3]],
                "score": 0.5,
            },
            {
                "image_id": 7,
                "category_id": 5,
                "segmentation": {"size": [8, 10], "counts": [0, 3, 5, 1, 1, 1, 5, 3, 61]},
            },
        ],
    }
    return content | changes


def test_objects_come_in_once_and_go_out_the_same(
    extremecut: Run, photos: Path, tmp_path: Path
) -> None:
    (tmp_path / "in.json").write_text(json.dumps(coco()))
    arguments = ("import", photos, "--format", "coco", "in.json", "--author", "Ada")
    done = extremecut(*arguments)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "2 objects added to 1 photos\n"
    assert "Not among the photos and left out: elsewhere.png" in done.stderr
    again = extremecut(*arguments, "--json")
    assert json.loads(again.stdout)["objects"] == 0
    out = ("export", photos, "--format", "coco", "-o", "out.json", "--tolerance", "0")
    assert extremecut(*out).returncode == 0
    first, second = json.loads((tmp_path / "out.json").read_text())["annotations"]
    assert first["segmentation"] == [[2, 1, 5, 1, 5, 4, 2, 4]]
    assert (first["score"], first["extreme_points"]) == (0.5, [[2, 2], [3, 1], [4, 2], [3, 3]])
    assert second["segmentation"]["size"] == [8, 10] and second["area"] == 8


def test_one_wrong_row_and_nothing_comes_in(extremecut: Run, photos: Path, tmp_path: Path) -> None:
    content = coco()
    content["annotations"][1]["segmentation"]["counts"][0] = 1
    (tmp_path / "in.json").write_text(json.dumps(content))
    done = extremecut("import", photos, "--format", "coco", "in.json")
    assert done.returncode == 1 and done.stdout == ""
    assert "in.json, annotations[1]: the run lengths cover 81 pixels" in done.stderr
    listed = extremecut("import", photos, "--format", "coco", "in.json", "--json")
    assert listed.returncode == 1
    assert not (photos / ".extremecut").exists()


@pytest.mark.parametrize("name", ["coco", "yolo", "labels"])
def test_a_file_that_is_not_there_makes_no_project(
    extremecut: Run, photos: Path, name: str
) -> None:
    done = extremecut("import", photos, "--format", name, "missing")
    assert done.returncode == 1 and "cannot read missing: No such file" in done.stderr
    assert not (photos / ".extremecut").exists()


def test_a_file_of_other_photos_is_said(extremecut: Run, photos: Path, tmp_path: Path) -> None:
    content = coco(annotations=[])
    content["images"] = content["images"][1:]
    (tmp_path / "in.json").write_text(json.dumps(content))
    done = extremecut("import", photos, "--format", "coco", "in.json")
    assert done.returncode == 1 and "nothing was imported from in.json" in done.stderr
    assert not (photos / ".extremecut").exists()
