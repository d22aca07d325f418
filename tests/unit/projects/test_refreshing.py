"""The project follows its photo folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from extremecut.projects import refreshing
from extremecut.projects.project import Project
from extremecut.projects.records import ImageRecord, PhotosRefreshed

Draw = Callable[..., ImageRecord]


def save(path: Path, color: str, size: tuple[int, int] = (20, 10)) -> None:
    """A photo that was there for long."""
    path.parent.mkdir(exist_ok=True)
    Image.new("RGB", size, color).save(path)
    os.utime(path, (1_700_000_000, 1_700_000_000))


@pytest.fixture
def red(project: Project, draw: Draw) -> Project:
    """a.png is red, and has one object."""
    save(project.photos / "a.png", "red")
    project.refresh_photos()
    draw(project)
    return project


def test_new_photos_are_added_with_their_size(project: Project) -> None:
    save(project.photos / "sub" / "b.png", "blue", (7, 5))
    assert project.refresh_photos() == PhotosRefreshed(added=1, unchanged=1)
    image = project.image(2)
    assert (image.path, image.size_hw, image.status) == ("sub/b.png", (5, 7), "new")
    assert len(image.content) == 64


def test_a_second_look_reads_nothing(red: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refreshing, "read_photo", None)
    assert red.refresh_photos() == PhotosRefreshed(unchanged=1)


def test_a_moved_photo_keeps_its_objects(red: Project) -> None:
    (red.photos / "sub").mkdir()
    (red.photos / "a.png").rename(red.photos / "sub" / "z.png")
    assert red.refresh_photos() == PhotosRefreshed(moved=1)
    image = red.image(1)
    assert (image.path, image.object_count, image.missing) == ("sub/z.png", 1, False)


def test_two_photos_that_swap_names_keep_their_objects(red: Project) -> None:
    save(red.photos / "b.png", "blue")
    red.refresh_photos()
    (red.photos / "a.png").rename(red.photos / "c.png")
    (red.photos / "b.png").rename(red.photos / "a.png")
    (red.photos / "c.png").rename(red.photos / "b.png")
    for path in red.photos.glob("*.png"):
        os.utime(path, (1_700_000_001, 1_700_000_001))
    assert red.refresh_photos() == PhotosRefreshed(moved=2)
    assert [(red.image(n).path, red.image(n).object_count) for n in (1, 2)] == [
        ("b.png", 1),
        ("a.png", 0),
    ]


def test_a_removed_photo_is_missing_and_comes_back_with_its_objects(red: Project) -> None:
    path = red.photos / "a.png"
    data = path.read_bytes()
    path.unlink()
    assert red.refresh_photos() == PhotosRefreshed(missing=1)
    assert (red.image(1).missing, red.image(1).object_count) == (True, 1)
    assert (red.summary().images, red.summary().missing) == (0, 1)
    path.write_bytes(data)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    assert red.refresh_photos() == PhotosRefreshed(returned=1)
    assert not red.image(1).missing


def test_a_changed_photo_keeps_its_objects_and_is_marked(red: Project) -> None:
    before = red.image(1)
    save(red.photos / "a.png", "green")
    os.utime(red.photos / "a.png", (1_700_000_009, 1_700_000_009))
    assert red.refresh_photos() == PhotosRefreshed(changed=1)
    after = red.image(1)
    assert (after.changed, after.objects) == (True, before.objects)
    assert after.content != before.content
    assert after.version == before.version + 1  # who looks at the old one will be told


def test_the_mark_goes_when_the_old_photo_returns(red: Project) -> None:
    for color, moment in (("green", 9), ("blue", 10), ("red", 11)):
        save(red.photos / "a.png", color)
        os.utime(red.photos / "a.png", (1_700_000_000 + moment,) * 2)
        red.refresh_photos()
    assert not red.image(1).changed


def test_the_mark_goes_when_someone_looked_at_it(red: Project) -> None:
    save(red.photos / "a.png", "green")
    os.utime(red.photos / "a.png", (1_700_000_009,) * 2)
    red.refresh_photos()
    assert red.summary().changed == 1
    done = red.set_status(1, version=red.image(1).version, author="Bob", status="done")
    assert not done.changed


def test_a_photo_that_became_smaller_shows_the_part_of_its_objects_inside(
    project: Project, draw: Draw, square: Callable[..., object]
) -> None:
    from extremecut.projects.records import ObjectFields

    save(project.photos / "a.png", "red")
    project.refresh_photos()
    draw(project, ObjectFields(square(8, 4, 4), (), 1), ObjectFields(square(15, 0, 2), (), 1))
    save(project.photos / "a.png", "red", (10, 6))
    os.utime(project.photos / "a.png", (1_700_000_009,) * 2)
    project.refresh_photos()
    assert [found.box for found in project.image(1).objects] == [(8, 4, 10, 6), (0, 0, 0, 0)]
    save(project.photos / "a.png", "red")
    os.utime(project.photos / "a.png", (1_700_000_010,) * 2)
    project.refresh_photos()
    assert [found.box for found in project.image(1).objects] == [(8, 4, 12, 8), (15, 0, 17, 2)]


def test_a_damaged_photo_is_listed_with_its_problem_until_it_is_mended(project: Project) -> None:
    (project.photos / "b.png").write_bytes(b"nothing")
    (note,) = project.refresh_photos().notes
    assert note.startswith("b.png is not an image")
    assert project.image(2).problem is not None and project.summary().unreadable == 1
    save(project.photos / "b.png", "blue")
    project.refresh_photos()
    assert (project.image(2).problem, project.image(2).size_hw) == (None, (10, 20))


def test_many_new_photos_are_kept_part_by_part(
    local: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look into the folder dies at the fifth photo."""
    monkeypatch.setattr(refreshing, "_AT_ONCE", 2)
    save(local.photos / "a.png", "red")
    local.refresh_photos()
    for number in range(6):
        save(local.photos / f"n{number}.png", "red", (number + 1, 1))
    read = refreshing.read_photo

    def dying(root: Path, photo: refreshing.FoundPhoto) -> refreshing.PhotoContent:
        if photo.path == "n4.png":
            raise KeyboardInterrupt
        return read(root, photo)

    monkeypatch.setattr(refreshing, "read_photo", dying)
    with pytest.raises(KeyboardInterrupt):
        local.refresh_photos()
    assert local.summary().images == 5
    monkeypatch.setattr(refreshing, "read_photo", read)
    local.refresh_photos()
    assert local.summary().images == 7
