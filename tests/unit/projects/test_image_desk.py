"""Lists of images."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from PIL import Image

from extremecut.errors import DataError, NotFoundError
from extremecut.projects.project import Project
from extremecut.projects.records import ImageRecord, ObjectFields


@pytest.fixture
def several(project: Project) -> Project:
    """a.png and sub/b.png, B.png: one photo with an object each later on."""
    (project.photos / "sub").mkdir()
    for name in ("sub/b.png", "B.png"):
        Image.new("L", (20, 10), len(name)).save(project.photos / name)
    project.refresh_photos()
    return project


def paths(project: Project, **wanted: object) -> list[str]:
    return [record.path for record in project.images(**wanted).images]


def test_images_are_listed_by_path(several: Project) -> None:
    assert paths(several) == ["B.png", "a.png", "sub/b.png"]


def test_a_page_says_how_many_there_are_in_all(several: Project) -> None:
    page = several.images(offset=1, limit=1)
    assert (page.total, [record.path for record in page.images]) == (3, ["a.png"])


def test_images_are_found_by_what_is_known_of_them(
    several: Project, draw: Callable[..., ImageRecord], fields: Callable[..., ObjectFields]
) -> None:
    cup = several.add_class("cup").class_id
    draw(several, fields(class_id=cup))
    (several.photos / "B.png").unlink()
    several.refresh_photos()
    assert paths(several, status="in_progress") == ["a.png"]
    assert paths(several, class_id=cup) == ["a.png"]
    assert paths(several, class_id=1) == []
    assert paths(several, missing=True) == ["B.png"]
    several.set_status(1, version=2, author="Bob", reviewed=True)
    assert paths(several, reviewed=True) == ["a.png"]
    assert paths(several, reviewed=False, missing=False) == ["sub/b.png"]


def test_the_lowest_confidence_comes_first_and_none_last(
    several: Project, fields: Callable[..., ObjectFields]
) -> None:
    from extremecut.projects.records import ObjectChange

    ids = {record.path: record.image_id for record in several.images().images}
    for path, confidence in (("sub/b.png", 0.2), ("a.png", 0.9)):
        several.apply(
            ids[path],
            version=1,
            author="Ann",
            action="draw",
            changes=[ObjectChange(None, fields(confidence=confidence))],
        )
    assert paths(several, order="confidence") == ["sub/b.png", "a.png", "B.png"]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"status": "ready"}, "a status is one of"),
        ({"order": "size"}, "listed by one of path, confidence"),
        ({"offset": -1}, "0 or more"),
    ],
)
def test_lists_that_do_not_exist_are_refused(
    local: Project, wanted: dict[str, object], words: str
) -> None:
    with pytest.raises(DataError, match=words):
        local.images(**wanted)


def test_a_summary_is_the_image_without_its_objects(
    project: Project, draw: Callable[..., ImageRecord]
) -> None:
    drawn = draw(project)
    summary = project.image_summary(1)
    names = [field.name for field in dataclasses.fields(summary)]
    assert {name: getattr(summary, name) for name in names} == {
        name: getattr(drawn, name) for name in names
    }
    assert summary.object_count == 1 and not hasattr(summary, "objects")
    with pytest.raises(NotFoundError, match="no image 99"):
        project.image_summary(99)


def test_an_image_that_does_not_exist_is_said(project: Project) -> None:
    with pytest.raises(NotFoundError, match="the project has no image 77"):
        project.image(77)
