"""The project follows its photo folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from extremecut.projects import refreshing
from extremecut.projects.image_change import begin_change, end_change
from extremecut.projects.project import Project
from extremecut.projects.records import ImageRecord, PhotosRefreshed
from extremecut.projects.store import Store

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


def test_a_renamed_folder_is_written_at_once(project: Project) -> None:
    """Everybody who saves waits for it."""
    for number in range(30):
        save(project.photos / "film" / f"{number:02}.png", f"rgb({number}, 0, 0)")
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


def test_a_damaged_photo_is_listed_with_its_problem_until_it_is_mended(project: Project) -> None:
    (project.photos / "b.png").write_bytes(b"nothing")
    (note,) = project.refresh_photos().notes
    assert note.startswith("b.png is not an image")
    assert project.image(2).problem is not None and project.summary().unreadable == 1
    save(project.photos / "b.png", "blue")
    project.refresh_photos()
    assert (project.image(2).problem, project.image(2).size_hw) == (None, (10, 20))


def half_written(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20])
    os.utime(path, (1_700_000_009, 1_700_000_009))


def unreadable(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For the next look, as by chmod 0, which does not hold root back."""
    opened = Path.open

    def refusing(self: Path, *arguments: Any, **options: Any) -> Any:
        if self == path:
            raise PermissionError(13, "Permission denied")
        return opened(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", refusing)
    os.utime(path, (1_700_000_009, 1_700_000_009))


@pytest.fixture(params=["half written", "unreadable"])
def spoiled(
    request: pytest.FixtureRequest, red: Project, monkeypatch: pytest.MonkeyPatch
) -> tuple[Project, bytes]:
    """The photo was no picture at a refresh; and what it was before."""
    path = red.photos / "a.png"
    data = path.read_bytes()
    if request.param == "unreadable":
        with monkeypatch.context() as patch:
            unreadable(path, patch)
            assert red.refresh_photos().changed == 1
            assert red.refresh_photos().unchanged == 1
    else:
        half_written(path)
        assert red.refresh_photos().changed == 1
        assert red.refresh_photos().unchanged == 1
    return red, data


def test_a_photo_that_is_spoiled_for_a_while_keeps_its_size_and_objects(
    spoiled: tuple[Project, bytes],
) -> None:
    project, _ = spoiled
    image = project.image(1)
    assert image.problem is not None and image.changed
    assert image.size_hw == (10, 20)
    assert all(found.box != (0, 0, 0, 0) for found in image.objects)


@pytest.mark.parametrize("name", ["new name.png", "a.png"])
@pytest.mark.parametrize("seen_gone", [False, True])
def test_a_spoiled_photo_is_found_again_by_what_it_was(
    spoiled: tuple[Project, bytes], name: str, seen_gone: bool
) -> None:
    project, data = spoiled
    (project.photos / "a.png").unlink()
    if seen_gone:
        assert project.refresh_photos() == PhotosRefreshed(missing=1)
    (project.photos / name).write_bytes(data)
    done = project.refresh_photos()
    there_again = done.moved + done.changed + done.returned
    assert (done.added, done.missing, there_again) == (0, 0, 1)
    image = project.image(1)
    assert (image.path, image.missing, image.changed, image.problem) == (name, False, False, None)
    assert (image.object_count, image.size_hw) == (1, (10, 20))
    assert project.refresh_photos() == PhotosRefreshed(unchanged=1)


def test_a_status_set_on_a_spoiled_photo_leaves_it_to_be_found(
    spoiled: tuple[Project, bytes],
) -> None:
    project, data = spoiled
    project.set_status(1, version=project.image(1).version, author="Bob", status="done")
    (project.photos / "a.png").unlink()
    (project.photos / "new name.png").write_bytes(data)
    assert project.refresh_photos() == PhotosRefreshed(moved=1)


def test_an_unreadable_photo_of_1970_is_tried_again(
    red: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Archives made to be the same each time, and cameras without a clock, have such files."""
    path = red.photos / "a.png"
    with monkeypatch.context() as patch:
        unreadable(path, patch)
        os.utime(path, (0, 0))
        assert red.refresh_photos().changed == 1
    assert red.refresh_photos() == PhotosRefreshed(changed=1)
    assert (red.image(1).problem, red.image(1).changed) == (None, False)
    monkeypatch.setattr(refreshing, "read_photo", None)
    assert red.refresh_photos() == PhotosRefreshed(unchanged=1)


def test_a_photo_done_without_objects_is_found_again_too(project: Project) -> None:
    path = project.photos / "a.png"
    data = path.read_bytes()
    project.set_status(1, version=project.image(1).version, author="Bob", status="done")
    half_written(path)
    project.refresh_photos()
    path.unlink()
    (project.photos / "new name.png").write_bytes(data)
    assert project.refresh_photos() == PhotosRefreshed(moved=1)
    assert (project.image(1).status, project.image(1).changed) == ("done", False)


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Has something happen when the next look into the folder reads its first photo."""
    read = refreshing.read_photo

    def arrange(happens: Callable[[], object]) -> None:
        def reading(root: Path, photo: refreshing.FoundPhoto) -> refreshing.PhotoContent:
            monkeypatch.setattr(refreshing, "read_photo", read)
            happens()
            return read(root, photo)

        monkeypatch.setattr(refreshing, "read_photo", reading)

    return arrange


def test_a_photo_that_someone_else_found_later_is_not_missing(
    red: Project,
    open_project: Callable[[], Project],
    meanwhile: Callable[[Callable[[], object]], None],
) -> None:
    other = open_project()

    def comes() -> None:
        save(red.photos / "late.png", "blue")
        assert other.refresh_photos().added == 2

    save(red.photos / "b.png", "green")
    meanwhile(comes)
    assert red.refresh_photos() == PhotosRefreshed(unchanged=2)
    assert [image.path for image in red.images(missing=False).images] == [
        "a.png",
        "b.png",
        "late.png",
    ]


def test_a_photo_whose_name_another_one_took_is_missing(red: Project) -> None:
    save(red.photos / "b.png", "green")
    red.refresh_photos()
    (red.photos / "b.png").replace(red.photos / "a.png")
    assert red.refresh_photos() == PhotosRefreshed(moved=1, missing=1)
    assert (red.image(1).missing, red.image(2).path) == (True, "a.png")


def test_a_photo_that_goes_before_it_is_read_is_not_taken_for_a_new_one(
    red: Project, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    save(red.photos / "b.png", "green")
    meanwhile((red.photos / "b.png").unlink)
    assert red.refresh_photos() == PhotosRefreshed(unchanged=1)
    assert red.images().total == 1


def waits_for_a_lock(store: Store) -> bool:
    query = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with store.reading() as connection:
        return connection.execute(query).scalar_one() > 0


def test_a_look_and_an_action_on_one_image_wait_in_turn(
    photos: Path, empty_postgres: str, draw: Draw
) -> None:
    """An action begins, then a look finds the same photo changed, then the action ends."""
    with Project.open(photos, store=empty_postgres) as project:
        project.refresh_photos()
        draw(project)
        save(photos / "a.png", "green")
        with ThreadPoolExecutor(1) as pool:
            with project._store.writing() as connection:
                assert begin_change(connection, 1, version=2, request_id=None) is not None
                look = pool.submit(project.refresh_photos)
                while not waits_for_a_lock(project._store):
                    assert not look.done()
                end_change(connection, 1, alters=True)
            assert look.result().changed == 1
        assert project.image(1).version == 4


def six_come_two_at_once(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project that knows a photo, beside which six lie that it looks at in parts of two."""
    monkeypatch.setattr(refreshing, "_AT_ONCE", 2)
    save(project.photos / "a.png", "red")
    project.refresh_photos()
    for number in range(6):
        save(project.photos / f"n{number}.png", "red", (number + 1, 1))


def test_many_new_photos_are_kept_part_by_part(
    local: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look into the folder dies at the fifth photo."""
    six_come_two_at_once(local, monkeypatch)
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


def test_a_look_that_nobody_wants_any_more_reads_no_further(
    local: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    six_come_two_at_once(local, monkeypatch)
    asked: list[int] = []

    def wanted() -> None:
        asked.append(1)
        if len(asked) > 3:
            raise InterruptedError("nobody waits")

    with pytest.raises(InterruptedError):
        local.refresh_photos(wanted=wanted)
    assert local.summary().images == 3
    assert local.refresh_photos().added == 4
