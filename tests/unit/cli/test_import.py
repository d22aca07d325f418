"""What a failed import leaves; tests/e2e/test_import_command.py has it succeed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

pytest.importorskip("sqlalchemy", reason="projects need the annotate extra")

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.cli.main import main
from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject
from extremecut.interchange.reading import ImagesOnDemand
from extremecut.projects.project import Project


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    (tmp_path / "photos").mkdir()
    Image.new("RGB", (9, 9)).save(tmp_path / "photos" / "a.png")
    (tmp_path / "in.json").write_text("[]")
    return tmp_path / "photos"


def fail(photos: Path, *options: object) -> None:
    file = photos.parent / "in.json"
    assert main(["import", str(photos), "--format", "coco", str(file), *map(str, options)]) == 1


@pytest.mark.parametrize("place", [None, "project.sqlite", "deep/er/project.sqlite"])
def test_no_project_is_left(photos: Path, place: str | None) -> None:
    fail(photos, *([] if place is None else ["--project", photos.parent / place]))
    assert sorted(path.name for path in photos.parent.iterdir()) == ["in.json", "photos"]
    assert [path.name for path in photos.iterdir()] == ["a.png"]


def test_a_folder_that_was_there_stays(photos: Path) -> None:
    (photos / ".extremecut").mkdir()
    fail(photos)
    assert list((photos / ".extremecut").iterdir()) == []


def test_a_project_that_was_there_stays(photos: Path) -> None:
    Project.open(photos).close()
    fail(photos)
    assert (photos / ".extremecut" / "project.sqlite").exists()


def test_a_project_in_which_somebody_began_meanwhile_stays(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from extremecut.projects.records import PhotosRefreshed

    refresh = Project.refresh_photos

    def beginning(self: Project) -> PhotosRefreshed:
        done = refresh(self)
        self.set_status(1, version=1, author="Bob", status="done")
        return done

    monkeypatch.setattr(Project, "refresh_photos", beginning)
    fail(photos)
    assert (photos / ".extremecut" / "project.sqlite").exists()


def test_a_project_that_somebody_has_open_stays(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Project] = []
    refresh = Project.refresh_photos

    def opening(self: Project) -> object:
        opened.append(Project.open(photos))
        opened[-1].summary()
        return refresh(self)

    monkeypatch.setattr(Project, "refresh_photos", opening)
    fail(photos)
    opened[0].close()
    assert (photos / ".extremecut" / "project.sqlite").exists()


def test_each_photo_is_decoded_once(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decoded = []

    def counted(images: ImagesOnDemand, index: int) -> AnnotatedImage:
        if index:
            raise IndexError
        decoded.append(index)
        return AnnotatedImage("a.png", (9, 9), (AnnotatedObject(MaskRuns((0, 0, 1, 1), (0, 1))),))

    monkeypatch.setattr(ImagesOnDemand, "__getitem__", counted)
    (photos.parent / "labels").mkdir()
    Image.new("L", (9, 9), 1).save(photos.parent / "labels" / "a.png")
    labels = photos.parent / "labels"
    assert main(["import", str(photos), "--format", "labels", str(labels)]) == 0
    assert decoded == [0]
    with Project.open(photos) as project:
        assert project.summary().objects == 1
