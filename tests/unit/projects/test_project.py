"""A project as a whole: what is saved, and what two people do at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from extremecut.errors import ConflictError, DataError, NotFoundError, StoreError
from extremecut.projects.project import Project
from extremecut.projects.records import ImageRecord, ObjectChange, ObjectFields

Draw = Callable[..., ImageRecord]
Fields = Callable[..., ObjectFields]
Opener = Callable[[], Project]


def test_an_accepted_object_is_there_for_another_program(
    open_project: Opener, project: Project, draw: Draw, fields: Fields
) -> None:
    made = draw(project, fields(4, confidence=0.5), seconds=7.5, inputs=5)
    (found,) = open_project().image(1).objects
    assert found == made.objects[0]
    assert (found.fields, found.author) == (fields(4, confidence=0.5), "Ann")
    assert (found.seconds, found.inputs, found.box) == (7.5, 5, (4, 0, 6, 2))


def test_a_change_on_an_old_version_is_a_conflict_and_changes_nothing(
    project: Project, draw: Draw
) -> None:
    draw(project)
    with pytest.raises(ConflictError, match="is at version 2 and the change was made on 1") as info:
        draw(project, version=1)
    assert info.value.current_version == 2
    assert project.image(1).object_count == 1


def test_undo_and_redo_survive_closing_the_project(
    open_project: Opener, project: Project, draw: Draw
) -> None:
    drawn = draw(project, action="draw a cup")
    project.close()
    again = open_project()
    assert again.image(1).undo_label == "draw a cup"
    undone = again.undo(1, version=drawn.version, author="Bob")
    assert (undone.objects, undone.can_undo, undone.redo_label) == ((), False, "draw a cup")
    redone = open_project().redo(1, version=undone.version, author="Bob")
    assert [found.fields for found in redone.objects] == [found.fields for found in drawn.objects]


def test_of_many_threads_that_change_one_version_one_wins(project: Project, fields: Fields) -> None:
    outcomes: list[str] = []
    start = threading.Barrier(6)

    def change(number: int) -> None:
        start.wait()
        try:
            project.apply(
                1,
                version=1,
                author=f"person {number}",
                action="draw",
                changes=[ObjectChange(None, fields(number))],
            )
            outcomes.append("accepted")
        except ConflictError:
            outcomes.append("conflict")

    threads = [threading.Thread(target=change, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["accepted"] + ["conflict"] * 5
    assert project.image(1).object_count == 1


def test_threads_that_take_turns_lose_nothing(
    open_project: Opener, project: Project, fields: Fields
) -> None:
    """Two open projects, as two programs would have them, two threads each."""
    failures: list[BaseException] = []

    def work(mine: Project) -> None:
        try:
            done = 0
            while done < 2:
                try:
                    mine.apply(
                        1,
                        version=mine.image(1).version,
                        author="Ann",
                        action="draw",
                        changes=[ObjectChange(None, fields())],
                    )
                    done += 1
                except ConflictError:
                    continue
        except BaseException as error:
            failures.append(error)

    other = open_project()
    threads = [threading.Thread(target=work, args=(p,)) for p in (project, other) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert project.image(1).object_count == len(other.image(1).objects) == 8


def test_the_database_lies_in_a_hidden_folder_beside_the_photos(photos: Path) -> None:
    with Project.open(photos) as project:
        assert project.where == str(photos / ".extremecut" / "project.sqlite")
        project.refresh_photos()
        assert project.summary().images == 1


def test_a_photo_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no folder"):
        Project.open(tmp_path / "nowhere")


def test_a_url_of_another_kind_is_refused(photos: Path) -> None:
    with pytest.raises(StoreError, match=r"a file or a postgresql:// URL.*mysql://"):
        Project.open(photos, store="mysql://somewhere/x")


def test_a_server_that_does_not_answer_is_named_without_its_password(photos: Path) -> None:
    pytest.importorskip("psycopg")
    url = "postgresql://ann:secret@127.0.0.1:1/x?connect_timeout=2"
    with pytest.raises(StoreError, match="does not answer") as info:
        Project.open(photos, store=url)
    assert "secret" not in str(info.value)
    assert "last change" not in str(info.value)


def test_the_summary_counts(project: Project, draw: Draw) -> None:
    draw(project)
    summary = project.summary()
    assert (summary.name, summary.photos_folder_name) == ("photos", "photos")
    assert (summary.images, summary.new, summary.in_progress, summary.done) == (1, 0, 1, 0)
    assert (summary.objects, summary.missing, summary.changed, summary.unreadable) == (1, 0, 0, 0)
    project.change_settings({"name": "Cups"})
    assert project.summary().name == "Cups"


def test_the_sizes_are_those_of_the_photos_that_can_be_read(project: Project, photos: Path) -> None:
    assert project.photo_sizes() == {"a.png": (10, 20)}
    (photos / "bad.png").write_bytes(b"no picture")
    project.refresh_photos()
    assert project.photo_sizes() == {"a.png": (10, 20)}
    (photos / "a.png").unlink()
    project.refresh_photos()
    assert project.photo_sizes() == {}


def test_a_photo_is_found_by_its_image(project: Project, photos: Path) -> None:
    assert project.photo_path(1) == (photos / "a.png").resolve()
    with pytest.raises(NotFoundError, match="no image 2"):
        project.photo_path(2)


def test_photos_are_never_modified(project: Project, photos: Path, draw: Draw) -> None:
    before = (photos / "a.png").read_bytes(), (photos / "a.png").stat().st_mtime_ns
    draw(project)
    project.undo(1, version=2, author="Ann")
    project.refresh_photos()
    assert ((photos / "a.png").read_bytes(), (photos / "a.png").stat().st_mtime_ns) == before
    assert [path.name for path in photos.iterdir() if path.is_file()] == ["a.png"]


def test_a_backup_is_a_project_of_its_own(local: Project, photos: Path, draw: Draw) -> None:
    drawn = draw(local)
    target = photos.parent / "backup.sqlite"
    local.back_up(target)
    draw(local)
    with Project.open(photos, store=target) as copy:
        assert copy.image(1).objects == drawn.objects
    with pytest.raises(StoreError, match="never replaces a file"):
        local.back_up(target)
