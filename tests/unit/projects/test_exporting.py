"""What leaves a project."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PIL import Image

from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject
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
    project.set_status(2, version=1, author="Ann", status="done")
    images = project.annotated().images
    assert project.annotated().other_photos == ("c.png",)
    assert [image.file_name for image in images] == ["a.png", "b.png"]
    assert images[1].objects == () and images[-1:][0] == images[1]
    assert project.annotated().left_out == ()
    (project.photos / "a.png").unlink()
    (project.photos / "b.png").write_bytes(b"damaged")
    project.refresh_photos()
    assert len(project.annotated().images) == 0
    assert project.annotated().left_out == (("a.png", 1),)


def test_an_image_is_read_when_it_is_asked_for(project: Project, draw: Draw) -> None:
    draw(project)
    found = project.annotated()
    draw(project)
    assert len(found.images) == 1 and len(found.images[0].objects) == 2
    with pytest.raises(IndexError):
        found.images[1]
