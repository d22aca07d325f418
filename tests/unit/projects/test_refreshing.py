"""The project follows its photo folder."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from extremecut.projects import refreshing
from extremecut.projects.project import Project
from extremecut.projects.records import PhotosRefreshed

Save = Callable[..., None]


def test_new_photos_are_added_with_their_size(project: Project, save_photo: Save) -> None:
    save_photo(project.photos / "sub" / "b.png", "blue", (7, 5))
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


def test_a_renamed_folder_is_written_at_once(project: Project, save_photo: Save) -> None:
    """Everybody who saves waits for it."""
    for number in range(30):
        save_photo(project.photos / "film" / f"{number:02}.png", f"rgb({number}, 0, 0)")
    project.refresh_photos()
    (project.photos / "film").rename(project.photos / "moved")
    updates: list[str] = []

    def count(connection: object, cursor: object, statement: str, *_: object) -> None:
        updates.extend([statement] if statement.startswith("UPDATE") else [])

    engine = project._store._engine
    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        assert project.refresh_photos().moved == 30
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)
    listed = [image.path for image in project.images(missing=False).images]
    assert [path for path in listed if "/" in path] == [f"moved/{n:02}.png" for n in range(30)]
    assert len(updates) < 5


def test_two_photos_that_swap_names_keep_their_objects(red: Project, save_photo: Save) -> None:
    save_photo(red.photos / "b.png", "blue")
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


def test_a_changed_photo_keeps_its_objects_and_is_marked(red: Project, save_photo: Save) -> None:
    before = red.image(1)
    save_photo(red.photos / "a.png", "green")
    os.utime(red.photos / "a.png", (1_700_000_009, 1_700_000_009))
    assert red.refresh_photos() == PhotosRefreshed(changed=1)
    after = red.image(1)
    assert (after.changed, after.objects) == (True, before.objects)
    assert after.content != before.content
    assert after.version == before.version + 1  # who looks at the old one will be told


def test_the_mark_goes_when_the_old_photo_returns(red: Project, save_photo: Save) -> None:
    for color, moment in (("green", 9), ("blue", 10), ("red", 11)):
        save_photo(red.photos / "a.png", color)
        os.utime(red.photos / "a.png", (1_700_000_000 + moment,) * 2)
        red.refresh_photos()
    assert not red.image(1).changed


def test_the_mark_goes_when_someone_looked_at_it(red: Project, save_photo: Save) -> None:
    save_photo(red.photos / "a.png", "green")
    os.utime(red.photos / "a.png", (1_700_000_009,) * 2)
    red.refresh_photos()
    assert red.summary().changed == 1
    done = red.set_status(1, version=red.image(1).version, author="Bob", status="done")
    assert not done.changed


def test_a_photo_whose_name_another_one_took_is_missing(red: Project, save_photo: Save) -> None:
    save_photo(red.photos / "b.png", "green")
    red.refresh_photos()
    (red.photos / "b.png").replace(red.photos / "a.png")
    assert red.refresh_photos() == PhotosRefreshed(moved=1, missing=1)
    assert (red.image(1).missing, red.image(2).path) == (True, "a.png")
