from __future__ import annotations

import errno
import os
import zipfile
from pathlib import Path

import pytest

from extremecut.errors import DataError
from extremecut.interchange.sinks import CONTENTS, MARKER, DiscardSink, Sink, open_sink, safe_name


def fill(sink: Sink) -> None:
    sink.append("main.json", lambda: b"one ")
    sink.add("sub/a.png", lambda: b"png")
    sink.append("main.json", lambda: b"two")
    sink.add(MARKER, lambda: b"")


@pytest.mark.parametrize("name", ["out", "o" * 255], ids=["", "with the longest name"])
def test_a_folder_is_there_whole(tmp_path: Path, name: str) -> None:
    with open_sink(tmp_path / name, main="main.json", overwrite=False) as sink:
        fill(sink)
        assert not (tmp_path / name).exists()
    assert (tmp_path / name / "main.json").read_bytes() == b"one two"
    assert (tmp_path / name / "sub" / "a.png").read_bytes() == b"png"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_an_archive_holds_the_same_in_the_same_bytes(tmp_path: Path) -> None:
    for name in ("out.zip", "again.ZIP"):
        with open_sink(tmp_path / name, main="main.json", overwrite=False) as sink:
            fill(sink)
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.read("main.json") == b"one two" and archive.read("sub/a.png") == b"png"
    assert (tmp_path / "out.zip").read_bytes() == (tmp_path / "again.ZIP").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.ZIP", "out.zip"]


def test_one_file_holds_the_main_one_and_replaces(tmp_path: Path) -> None:
    (tmp_path / "out.json").write_text("old")
    with open_sink(tmp_path / "out.json", main="main.json", overwrite=False) as sink:
        sink.append("main.json", lambda: b"one ")
        sink.append("main.json", lambda: b"two")
        sink.add(MARKER, lambda: b"lost")
        assert (tmp_path / "out.json").read_text() == "old"
    assert (tmp_path / "out.json").read_text() == "one two"


@pytest.mark.parametrize("name", ["out", "out.zip", "out.json"])
def test_an_error_leaves_things_as_they_were(name: str, tmp_path: Path) -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        open_sink(tmp_path / name, main="main.json", overwrite=True) as sink,
    ):
        sink.append("main.json", lambda: b"one")
        raise KeyboardInterrupt
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("grows", [False, True])
def test_an_error_of_the_disk_names_the_place_and_not_the_folder_that_is_to_take_it(
    grows: bool, tmp_path: Path
) -> None:
    def full() -> bytes:
        name = None if grows else str(next(tmp_path.glob(".out.*")) / "a.txt")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), name)

    path = tmp_path / "out"
    with (
        pytest.raises(OSError, match="No space left") as raised,
        open_sink(path, main=None, overwrite=False) as sink,
    ):
        (sink.append if grows else sink.add)("a.txt", full)
    assert raised.value.filename == str(path) and list(tmp_path.iterdir()) == []


def test_only_folders_that_were_written_here_are_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for _ in range(2):  # the first time it is empty
        with open_sink(out, main=None, overwrite=True) as sink:
            fill(sink)
    with (
        pytest.raises(DataError, match=r"is not empty: .* --overwrite"),
        open_sink(out, main=None, overwrite=False),
    ):
        raise AssertionError
    (out / MARKER).unlink()
    with (
        pytest.raises(DataError, match="holds files that no export wrote"),
        open_sink(out, main=None, overwrite=True),
    ):
        raise AssertionError
    assert (out / "sub" / "a.png").exists()
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(DataError, match="is a file"),
        open_sink(tmp_path / "file", main=None, overwrite=True),
    ):
        raise AssertionError


def replaced(out: Path) -> None:
    with open_sink(out, main=None, overwrite=True) as sink:
        fill(sink)


def test_files_that_somebody_put_beside_an_export_are_never_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    replaced(out)
    (out / ".DS_Store").write_text("")  # nobody's work
    replaced(out)
    (out / "images").mkdir()
    for name in ("images/a.png", "images/b.jpg", ".gitignore", "z", "y"):
        (out / name).write_text("mine")
    with pytest.raises(DataError, match=r"would be lost: \.gitignore, images/a\.png, .* 2 more"):
        replaced(out)
    assert (out / "images" / "a.png").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_files_of_others_in_an_older_versions_export_are_told_by_their_ending(
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    for contents in (None, "{", "3"):
        replaced(out)
        (out / CONTENTS).unlink()
        if contents is not None:
            (out / CONTENTS).write_text(contents)
        replaced(out)
    (out / CONTENTS).unlink()
    (out / "a.jpg").write_text("mine")
    with pytest.raises(DataError, match=r"would be lost: a\.jpg\. Move"):
        replaced(out)
    assert (out / "a.jpg").read_text() == "mine"


@pytest.mark.parametrize("overwrite", [False, True])
def test_what_came_while_the_export_was_written_stays(tmp_path: Path, overwrite: bool) -> None:
    out = tmp_path / "out"
    with (
        pytest.raises(DataError, match=r"is not empty|holds files that no export wrote"),
        open_sink(out, main=None, overwrite=overwrite) as sink,
    ):
        fill(sink)
        out.mkdir()
        (out / "mine").write_text("mine")
    assert (out / "mine").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_signal_between_taking_away_and_putting_in_place_brings_the_old_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    replaced(out)
    before = (out / "main.json").stat().st_ino
    rename = Path.rename

    def interrupted(self: Path, target: Path) -> Path:
        moved = rename(self, target)
        if target.suffix == ".old":
            raise KeyboardInterrupt
        return moved

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        replaced(out)
    assert (out / "main.json").stat().st_ino == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_names_stay_inside(tmp_path: Path) -> None:
    assert safe_name("a/./b") == "a/b"
    for name in ("../a", "a/../b", "/a", "", ".", "a\0b"):
        with pytest.raises(DataError, match="inside the folder"):
            safe_name(name)


def test_nothing_is_made_to_be_discarded() -> None:
    def fail() -> bytes:
        raise AssertionError

    DiscardSink().add("a", fail)
    DiscardSink().append("a", fail)


@pytest.mark.parametrize("name", ["out", "out.zip", "out.json"])
def test_a_folder_that_is_missing_is_named(tmp_path: Path, name: str) -> None:
    with (
        pytest.raises(FileNotFoundError, match="create this folder first") as caught,
        open_sink(tmp_path / "no" / name, main="a.json", overwrite=False),
    ):
        raise AssertionError
    assert caught.value.filename == str(tmp_path / "no")
    assert list(tmp_path.iterdir()) == []
