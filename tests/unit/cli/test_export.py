"""Exports of what cannot be written to; tests/e2e/test_export_command.py has the others."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

pytest.importorskip("sqlalchemy", reason="projects need the annotate extra")

from extremecut.cli.main import main
from extremecut.projects import sqlite_file
from extremecut.projects.project import Project


def test_a_project_on_a_read_only_disk_is_exported_from_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos, out = tmp_path / "photos", tmp_path / "out.json"
    photos.mkdir()
    Image.new("RGB", (9, 9)).save(photos / "a.png")
    with Project.open(photos) as project:
        project.refresh_photos()
    store = photos / ".extremecut" / "project.sqlite"
    before = (store.read_bytes(), store.stat().st_mtime_ns, sorted(store.parent.iterdir()))
    opened: list[str] = []
    really_open = Project.open

    def open_elsewhere(folder: Path, *, store: Path) -> Project:
        opened.append(str(store))
        return really_open(folder, store=store)

    monkeypatch.setattr(sqlite_file, "is_read_only", lambda path: path == store)
    monkeypatch.setattr(Project, "open", open_elsewhere)
    assert main(["export", str(photos), "--format", "coco", "-o", str(out)]) == 0
    assert out.is_file()
    assert len(opened) == 1 and not opened[0].startswith(str(tmp_path / "photos"))
    assert not Path(opened[0]).exists()
    assert (store.read_bytes(), store.stat().st_mtime_ns, sorted(store.parent.iterdir())) == before


def test_a_link_to_itself_is_replaced_by_the_export(tmp_path: Path) -> None:
    photos, out = tmp_path / "photos", tmp_path / "loop.zip"
    photos.mkdir()
    Image.new("RGB", (9, 9)).save(photos / "a.png")
    with Project.open(photos) as project:
        project.refresh_photos()
    out.symlink_to(out.name)
    assert main(["export", str(photos), "--format", "coco", "-o", str(out)]) == 0
    assert out.is_file() and not out.is_symlink()


def test_a_folder_among_the_photos_is_refused_whatever_it_is_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Image.new("RGB", (9, 9)).save(tmp_path / "a.png")
    with Project.open(tmp_path) as project:
        project.refresh_photos()
    for form, name in (("labels", "out.json"), ("coco", "out.xml"), ("cvat", "out.json")):
        assert main(["export", str(tmp_path), "--format", form, "-o", str(tmp_path / name)]) == 1
        assert "lies in the folder of photos" in capsys.readouterr().err
        assert not (tmp_path / name).exists()
    for form, name in (("coco", "out.json"), ("cvat", "out.xml"), ("labels", "out.zip")):
        assert main(["export", str(tmp_path), "--format", form, "-o", str(tmp_path / name)]) == 0
        assert (tmp_path / name).is_file()
