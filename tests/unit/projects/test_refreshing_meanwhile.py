"""What others do while a look into the photo folder goes on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from extremecut.projects import refreshing
from extremecut.projects.image_change import begin_change, end_change
from extremecut.projects.project import Project
from extremecut.projects.records import ImageRecord, PhotosRefreshed
from extremecut.projects.store import Store

Draw = Callable[..., ImageRecord]
Save = Callable[..., None]


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
    save_photo: Save,
) -> None:
    other = open_project()

    def comes() -> None:
        save_photo(red.photos / "late.png", "blue")
        assert other.refresh_photos().added == 2

    save_photo(red.photos / "b.png", "green")
    meanwhile(comes)
    assert red.refresh_photos() == PhotosRefreshed(unchanged=2)
    assert [image.path for image in red.images(missing=False).images] == [
        "a.png",
        "b.png",
        "late.png",
    ]


def test_a_photo_that_goes_before_it_is_read_is_not_taken_for_a_new_one(
    red: Project, meanwhile: Callable[[Callable[[], object]], None], save_photo: Save
) -> None:
    save_photo(red.photos / "b.png", "green")
    meanwhile((red.photos / "b.png").unlink)
    assert red.refresh_photos() == PhotosRefreshed(unchanged=1)
    assert red.images().total == 1


def waits_for_a_lock(store: Store) -> bool:
    query = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with store.reading() as connection:
        return connection.execute(query).scalar_one() > 0


def test_a_look_and_an_action_on_one_image_wait_in_turn(
    photos: Path, empty_postgres: str, draw: Draw, save_photo: Save
) -> None:
    """An action begins, then a look finds the same photo changed, then the action ends."""
    with Project.open(photos, store=empty_postgres) as project:
        project.refresh_photos()
        draw(project)
        save_photo(photos / "a.png", "green")
        with ThreadPoolExecutor(1) as pool:
            with project._store.writing() as connection:
                assert begin_change(connection, 1, version=2, request_id=None) is not None
                look = pool.submit(project.refresh_photos)
                while not waits_for_a_lock(project._store):
                    assert not look.done()
                end_change(connection, 1, alters=True)
            assert look.result().changed == 1
        assert project.image(1).version == 4


def six_come_two_at_once(
    project: Project, monkeypatch: pytest.MonkeyPatch, save_photo: Save
) -> None:
    """A project that knows a photo, beside which six lie that it looks at in parts of two."""
    monkeypatch.setattr(refreshing, "_AT_ONCE", 2)
    save_photo(project.photos / "a.png", "red")
    project.refresh_photos()
    for number in range(6):
        save_photo(project.photos / f"n{number}.png", "red", (number + 1, 1))


def test_many_new_photos_are_kept_part_by_part(
    local: Project, monkeypatch: pytest.MonkeyPatch, save_photo: Save
) -> None:
    """The look into the folder dies at the fifth photo."""
    six_come_two_at_once(local, monkeypatch, save_photo)
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
    local: Project, monkeypatch: pytest.MonkeyPatch, save_photo: Save
) -> None:
    six_come_two_at_once(local, monkeypatch, save_photo)
    asked: list[int] = []

    def wanted() -> None:
        asked.append(1)
        if len(asked) > 3:
            raise InterruptedError("nobody waits")

    with pytest.raises(InterruptedError):
        local.refresh_photos(wanted=wanted)
    assert local.summary().images == 3
    assert local.refresh_photos().added == 4
