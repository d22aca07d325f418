"""Photos that cannot be read for a while, and come back."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from extremecut.projects import refreshing
from extremecut.projects.project import Project
from extremecut.projects.records import PhotosRefreshed

Save = Callable[..., None]


def test_a_damaged_photo_is_listed_with_its_problem_until_it_is_mended(
    project: Project, save_photo: Save
) -> None:
    (project.photos / "b.png").write_bytes(b"nothing")
    (note,) = project.refresh_photos().notes
    assert note.startswith("b.png is not an image")
    assert project.image(2).problem is not None and project.summary().unreadable == 1
    save_photo(project.photos / "b.png", "blue")
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
