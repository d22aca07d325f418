"""What comes into a project."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import sqlalchemy as sa
from PIL import Image

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.errors import DataError
from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject, AnnotatedSet
from extremecut.projects.project import Project
from extremecut.projects.records import ImageRecord, TakenIn

Square = Callable[..., MaskRuns]


def a_set(*objects: AnnotatedObject, name: str = "a.png", size: tuple[int, int] = (10, 20)):
    labels = tuple(dict.fromkeys(found.label for found in objects))
    return AnnotatedSet([AnnotatedImage(name, size, objects)], labels)


def test_an_import_is_one_undoable_action_per_image(project: Project, square: Square) -> None:
    first = AnnotatedObject(square(1), "cup", ((1.0, 2.0),), 0.5, identity="7")
    second = AnnotatedObject(square(4), "dog")
    assert project.take_in(a_set(first, second), author="Ann") == TakenIn(1, 2)
    image = project.image(1)
    assert [found.mask for found in image.objects] == [square(1), square(4)]
    cup = image.objects[0]
    assert (cup.author, cup.points_xy, cup.confidence) == ("Ann", ((1.0, 2.0),), 0.5)
    assert (cup.seconds, cup.inputs, cup.identity) == (0, 0, "7")
    assert (image.undo_label, image.object_count, image.version) == ("import", 2, 2)
    undone = project.undo(1, version=2, author="Ann")
    assert undone.objects == ()
    assert project.redo(1, version=3, author="Ann").objects[0].identity == "7"


def test_a_new_projects_first_class_gives_way_to_the_imports(
    project: Project, square: Square
) -> None:
    project.take_in(a_set(AnnotatedObject(square(), "cup")), author="Ann")
    project.take_in(a_set(AnnotatedObject(square(5), "dog")), author="Ann")
    assert [record.name for record in project.classes()] == ["cup", "dog"]


def test_an_import_makes_its_classes_together(project: Project) -> None:
    gone = project.add_class("class 150")
    project.remove_class(gone.class_id)
    project.add_class("class 7", "#123456")
    asked: list[str] = []

    def count(connection: object, cursor: object, statement: str, *_: object) -> None:
        asked.extend([statement] if statement.startswith("SELECT") else [])

    engine = project._store._engine
    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        names = tuple(f"class {n}" for n in range(300))
        project.take_in(AnnotatedSet([], names), author="Ann")
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)
    made = project.classes()
    others = [name for name in names if name != "class 7"]
    assert [record.name for record in made] == ["object", "class 7", *others]
    assert len({record.color for record in made}) == 301
    assert next(r.class_id for r in made if r.name == "class 150") == gone.class_id
    assert len(asked) < 30  # for every one of thousands all others were read: it took minutes


def test_what_goes_out_comes_in_again_without_doubles(
    project: Project, draw: Callable[..., ImageRecord]
) -> None:
    draw(project)
    before = project.image(1)
    taken = project.take_in(project.annotated(), author="Bob")
    assert (taken.images, taken.objects) == (1, 0)
    assert taken.notes == ("1 objects were left out: the project has the same ones already.",)
    assert project.image(1) == before


def test_an_import_is_taken_whole_or_not_at_all(project: Project, square: Square) -> None:
    Image.new("RGB", (9, 9)).save(project.photos / "b.png")
    project.refresh_photos()
    good = AnnotatedImage("a.png", (10, 20), (AnnotatedObject(square(), "cup"),))
    bad = AnnotatedImage("b.png", (9, 9), (AnnotatedObject(square(8), "cup"),))
    with pytest.raises(DataError, match=r"b\.png: a mask's box must lie in the image of 9 x 9"):
        project.take_in(AnnotatedSet([good, bad], ("cup",)), author="Ann")
    assert project.image(1).object_count == 0
    assert [record.name for record in project.classes()] == ["object"]


def test_a_photo_of_another_size_is_refused(project: Project, square: Square) -> None:
    wrong = a_set(AnnotatedObject(square()), size=(20, 10))
    with pytest.raises(DataError, match=r"a\.png has 20 x 10 pixels .* but 10 x 20 in the import"):
        project.take_in(wrong, author="Ann")


def test_a_photo_that_is_replaced_meanwhile_gets_nothing(project: Project, square: Square) -> None:
    class Slow(list[AnnotatedImage]):
        """Somebody refreshes the photos while it is read."""

        def __iter__(self) -> Iterator[AnnotatedImage]:
            yield AnnotatedImage("a.png", (10, 20), (AnnotatedObject(square(15)),))
            Image.new("RGB", (9, 9)).save(project.photos / "a.png")
            project.refresh_photos()

    with pytest.raises(DataError, match=r"a\.png became another photo of 9 x 9 pixels while"):
        project.take_in(AnnotatedSet(Slow(), ()), author="Ann")
    assert project.image(1).object_count == 0


def test_a_large_import_is_held_in_little_memory(local: Project) -> None:
    """100 masks of 20,000 run lengths, which as numbers of Python take eight bytes and more."""
    Image.new("RGB", (200, 100)).save(local.photos / "b.png")
    local.refresh_photos()
    stripes = np.zeros((100, 200), bool)
    stripes[:, ::2] = True

    def image() -> AnnotatedImage:
        return AnnotatedImage("b.png", (100, 200), (AnnotatedObject(MaskRuns.from_mask(stripes)),))

    images = (image() for _ in range(100))
    tracemalloc.start()
    try:
        local.take_in(AnnotatedSet(images, ()), author="Ann")  # type: ignore[arg-type]
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert local.image(2).object_count == 100
    assert peak_bytes < 8 << 20


def test_photos_that_are_not_in_the_folder_are_said(project: Project, square: Square) -> None:
    images = [AnnotatedImage(f"x{n}.png", (1, 1), ()) for n in range(5)]
    taken = project.take_in(AnnotatedSet(images, ()), author="Ann")
    assert taken == TakenIn(
        0, 0, ("5 photos of the import are not in the folder: x0.png, x1.png, x2.png and 2 more.",)
    )
