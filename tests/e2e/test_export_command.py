"""`extremecut export`, as its users run it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from extremecut.annotations.mask_runs import MaskRuns

pytest.importorskip("sqlalchemy", reason="projects need the annotate extra")

Run = Callable[..., Any]
SQUARE = MaskRuns((2, 1, 5, 4), (0, 9))


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two photos; on the first a cup of 3 x 3 pixels."""
    from extremecut.projects.project import Project
    from extremecut.projects.records import ObjectChange, ObjectFields

    folder = tmp_path / "photos"
    (folder / "sub").mkdir(parents=True)
    noise = np.random.default_rng(0).integers(0, 256, (2, 8, 10, 3), np.uint8)
    Image.fromarray(noise[0]).save(folder / "sub" / "a.png")
    Image.fromarray(noise[1]).save(folder / "b.png")
    with Project.open(folder) as project:
        project.refresh_photos()
        cup = project.add_class("cup").class_id
        (image,) = [each for each in project.images().images if each.path == "sub/a.png"]
        points = ((2.0, 2.0), (3.0, 1.0), (4.0, 2.0), (3.0, 3.0))
        fields = ObjectFields(SQUARE, points, cup, confidence=0.5)
        project.apply(
            image.image_id,
            version=image.version,
            author="Ada",
            action="new object",
            changes=[ObjectChange(None, fields)],
        )
    return folder


def test_coco_is_one_file_with_the_objects(extremecut: Run, photos: Path, tmp_path: Path) -> None:
    done = extremecut("export", photos, "--format", "coco", "-o", "out.json")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "1 objects of 1 photos written to out.json\n"
    assert "simplified by up to 1 px" in done.stderr
    content = json.loads((tmp_path / "out.json").read_text())
    (entry,) = content["annotations"]
    assert entry["segmentation"] == [[2, 1, 5, 1, 5, 4, 2, 4]]
    assert entry["extreme_points"] == [[2, 2], [3, 1], [4, 2], [3, 3]]
    assert [image["file_name"] for image in content["images"]] == ["sub/a.png"]


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("voc", "SegmentationObject/sub/a.png"),
        ("yolo", "labels/sub/a.txt"),
        ("labelme", "sub/a.json"),
        ("cvat", "annotations.xml"),
        ("davis", "Annotations/Full-Resolution/sub/a.png"),
        ("labels", "sub/a.png"),
        ("masks", "sub/a/0001.png"),
    ],
)
def test_every_format_fills_a_folder(
    extremecut: Run, photos: Path, tmp_path: Path, name: str, file: str
) -> None:
    done = extremecut("export", photos, "--format", name, "-o", "out", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["format"], report["images"], report["objects"]) == (name, 1, 1)
    assert isinstance(report["losses"], list)
    assert (tmp_path / "out" / file).stat().st_size > 0
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".out")]


def test_a_folder_in_use_is_replaced_only_on_request(
    extremecut: Run, photos: Path, tmp_path: Path
) -> None:
    arguments = ("export", photos, "--format", "masks", "-o", "out")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "precious.txt").write_text("mine")
    assert "is not empty" in extremecut(*arguments).stderr
    refused = extremecut(*arguments, "--overwrite")
    assert refused.returncode == 1 and "no export wrote" in refused.stderr
    (tmp_path / "out" / "precious.txt").unlink()
    assert extremecut(*arguments).returncode == 0
    assert extremecut(*arguments).returncode == 1
    assert extremecut(*arguments, "--overwrite").returncode == 0


def test_masks_are_not_put_among_the_photos(extremecut: Run, photos: Path) -> None:
    done = extremecut("export", photos, "--format", "labels", "-o", photos / "labels")
    assert done.returncode == 1 and "lies in the folder of photos" in done.stderr
    assert not (photos / "labels").exists()


def test_a_folder_nobody_annotated_is_said_and_left_alone(extremecut: Run, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    done = extremecut("export", "new", "--format", "coco", "-o", "out.json")
    assert done.returncode == 1 and "nothing was annotated in new yet" in done.stderr
    assert not list((tmp_path / "new").iterdir()) and not (tmp_path / "out.json").exists()
