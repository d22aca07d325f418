"""Objects on photos that became smaller."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

import pytest
from PIL import Image

from extremecut.annotations.mask_runs import EMPTY, MaskRuns
from extremecut.errors import DataError
from extremecut.projects.borders import clipped
from extremecut.projects.project import Project
from extremecut.projects.records import ImageRecord, ObjectChange, ObjectFields

Square = Callable[..., MaskRuns]
WHOLE = [(8, 4, 12, 8), (15, 0, 17, 2), (1, 1, 3, 3)]
SHOWN = [(8, 4, 10, 6), (0, 0, 0, 0), (1, 1, 3, 3)]


def save(project: Project, width: int, height: int) -> None:
    """The one photo, which a look into the folder reads again."""
    path = project.photos / "a.png"
    Image.new("RGB", (width, height), "red").save(path)
    os.utime(path, (1_700_000_000 + width,) * 2)
    project.refresh_photos()


def boxes(record: ImageRecord) -> list[tuple[int, int, int, int]]:
    return [found.box for found in record.objects]


def change(project: Project, number: int, **values: object) -> ImageRecord:
    """What the page sends: the object as it is shown, with other values."""
    record = project.image(1)
    found = record.objects[number]
    return project.apply(
        1,
        version=record.version,
        author="Bob",
        action="edit",
        changes=[ObjectChange(found.object_id, replace(found.fields, **values))],
    )


@pytest.fixture
def smaller(project: Project, square: Square, draw: Callable[..., ImageRecord]) -> Project:
    """One object that the border cuts, locked; one outside; one inside."""
    save(project, 20, 10)
    masks = (square(8, 4, 4), square(15, 0, 2), square(1, 1, 2))
    draw(project, *(ObjectFields(mask, (), 1, locked=not n) for n, mask in enumerate(masks)))
    save(project, 10, 6)
    return project


def test_a_mask_inside_the_image_stays_the_same(square: Square) -> None:
    mask = square(3, 4, 2)
    assert clipped(mask, (6, 5)) is mask


def test_a_mask_is_cut_at_the_border(square: Square) -> None:
    assert clipped(square(3, 4, 2), (5, 4)) == MaskRuns((3, 4, 4, 5), (0, 1))
    assert clipped(square(3, 4, 2), (4, 9)) == EMPTY
    assert clipped(EMPTY, (4, 9)) == EMPTY


def test_objects_are_shown_up_to_the_border_whatever_the_status(smaller: Project) -> None:
    assert boxes(smaller.image(1)) == SHOWN
    done = smaller.set_status(1, version=smaller.image(1).version, author="Ann", status="done")
    assert not done.changed and boxes(done) == SHOWN
    assert [found.cut for found in done.objects] == [True, True, False]


def test_they_are_exported_as_they_are_shown(smaller: Project) -> None:
    smaller.set_status(1, version=smaller.image(1).version, author="Ann", status="done")
    (image,) = smaller.annotated().images
    assert image.size_hw == (6, 10)
    assert [found.mask.box_xyxy for found in image.objects] == SHOWN
    assert smaller.take_in(smaller.annotated(), author="Ann").objects == 0


def test_the_whole_is_there_when_the_photo_is_again(smaller: Project) -> None:
    smaller.set_status(1, version=smaller.image(1).version, author="Ann", status="done")
    smaller.image(1)
    save(smaller, 20, 10)
    assert boxes(smaller.image(1)) == WHOLE


def test_hiding_and_unlocking_cut_nothing_off(smaller: Project) -> None:
    assert not change(smaller, 0, locked=False).objects[0].locked
    assert not change(smaller, 1, visible=False).objects[1].visible
    assert boxes(smaller.image(1)) == SHOWN
    save(smaller, 20, 10)
    assert boxes(smaller.image(1)) == WHOLE


def test_a_locked_object_that_the_border_cuts_stays_locked(smaller: Project) -> None:
    with pytest.raises(DataError, match="is locked: unlock it first"):
        change(smaller, 0, mask=EMPTY)


def test_another_mask_replaces_the_whole(smaller: Project, square: Square) -> None:
    assert change(smaller, 1, mask=square(5, 0, 2)).objects[1].box == (5, 0, 7, 2)
    save(smaller, 20, 10)
    assert smaller.image(1).objects[1].box == (5, 0, 7, 2)
