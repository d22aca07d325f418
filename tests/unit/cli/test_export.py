"""Exports of what cannot be written to; tests/e2e/test_export_command.py has the others."""

from __future__ import annotations

import re
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


@pytest.mark.parametrize(
    ("form", "name", "wanted"),
    [
        ("coco", "out.xml", r"\.zip or \.json; got out\.xml"),
        ("cvat", "out.json", r"\.zip or \.xml; got out\.json"),
        ("voc", "out.JSON", r"ends in \.zip; got out\.JSON"),
        ("labels", "out.png", r"ends in \.zip; got out\.png"),
        ("coco", "-", r"not printed; got -"),
    ],
)
def test_another_formats_file_does_not_become_a_folder(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    form: str,
    name: str,
    wanted: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("photos").mkdir()
    with Project.open(Path("photos")):
        pass
    assert main(["export", "photos", "--format", form, "-o", name]) == 1
    assert re.search(wanted, capsys.readouterr().err)
    assert not Path(name).exists()
    if name != "-":  # somebody may have a folder that is called so
        Path(name).mkdir()
        assert main(["export", "photos", "--format", form, "-o", name]) == 0
