"""What leaves a project."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject
from extremecut.interchange.formats import FORMATS
from extremecut.projects.project import Project
from extremecut.projects.records import ImageRecord, ObjectFields

Draw = Callable[..., ImageRecord]
Fields = Callable[..., ObjectFields]


def test_an_export_has_the_objects_with_their_class_names(
    project: Project, draw: Draw, fields: Fields
) -> None:
    cup = project.add_class("cup").class_id
    draw(project, fields(3, class_id=cup, confidence=0.5))
    found = project.annotated()
    mask = fields(3).mask
    expected = AnnotatedObject(mask, "cup", ((0.5, 1.0),), confidence=0.5)
    assert found.classes == ("object", "cup")
    assert list(found.images) == [AnnotatedImage("a.png", (10, 20), (expected,))]


def test_photos_that_nobody_touched_or_that_are_gone_are_left_out(
    project: Project, draw: Draw
) -> None:
    """One that was declared done without objects is a statement, and stays in."""
    for name in ("b.png", "c.png"):
        Image.new("RGB", (len(name), 9)).save(project.photos / name)
    project.refresh_photos()
    draw(project)
    assert project.annotated().left_out == ()
    project.set_status(2, version=1, author="Ann", status="done")
    images = project.annotated().images
    assert project.annotated().other_photos == ("c.png",)
    assert [image.file_name for image in images] == ["a.png", "b.png"]
    assert images[1].objects == () and images[-1:][0] == images[1]
    (project.photos / "a.png").unlink()
    project.refresh_photos()
    found = project.annotated()
    assert [image.file_name for image in found.images] == ["b.png"]
    assert found.left_out == (("a.png", 1),)
    Image.new("RGB", (20, 10)).save(project.photos / "b.png")
    (project.photos / "b.png").write_bytes(b"no picture")
    project.refresh_photos()
    assert len(project.annotated().images) == 0 and len(project.annotated().left_out) == 1


def test_an_image_is_read_when_it_is_asked_for(project: Project, draw: Draw) -> None:
    draw(project)
    found = project.annotated()
    draw(project)
    assert len(found.images) == 1 and len(found.images[0].objects) == 2
    with pytest.raises(IndexError):
        found.images[1]


def test_clicks_far_beyond_the_border_of_a_photo_that_became_smaller_stay_in_the_project(
    project: Project, draw: Draw, fields: Fields, tmp_path: Path
) -> None:
    """A file with such points would be refused by every import, and all its objects with it."""
    draw(project, replace(fields(3), points_xy=((0.5, 1.0), (19.0, 1.0))))
    draw(project, replace(fields(3), points_xy=((0.5, 1.0), (8.0, 1.0))))
    Image.new("RGB", (5, 9)).save(project.photos / "a.png")
    project.refresh_photos()
    found = project.annotated()
    assert [each.points_xy for each in found.images[0].objects] == [(), ((0.5, 1.0), (8.0, 1.0))]
    FORMATS["coco"].write(found, tmp_path / "out")
    back, _ = FORMATS["coco"].read(tmp_path / "out", photos=project.photo_sizes())
    assert len(back.images[0].objects) == 2
