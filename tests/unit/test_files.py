from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest

from extremecut.files import (
    as_utf8,
    atomic_path,
    check_place,
    check_writable,
    is_utf8,
    missing_folders,
    open_at_once,
    remove_folders,
    sha256_of,
    write_bytes,
    write_text,
)


def test_a_file_takes_its_place_only_when_whole(tmp_path: Path) -> None:
    target = tmp_path / "mask.png"
    target.write_text("old")
    with atomic_path(target) as temporary:
        assert temporary.suffix == ".png" and temporary.parent == tmp_path
        temporary.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["mask.png"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_interrupted_write_leaves_what_was_there(
    tmp_path: Path, error: type[BaseException]
) -> None:
    target = tmp_path / "mask.png"
    target.write_text("old")
    with pytest.raises(error), atomic_path(target) as temporary:
        temporary.write_text("half")
        raise error
    assert [path.name for path in tmp_path.iterdir()] == ["mask.png"]
    assert target.read_text() == "old"


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="create this folder first") as caught:
        write_text(tmp_path / "missing" / "mask.png", "")
    assert caught.value.filename == str(tmp_path / "missing")
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError, match="create this folder first") as caught_too:
        write_bytes(tmp_path / "file" / "mask.png", b"")
    assert caught_too.value.filename == str(tmp_path / "file")


@pytest.mark.parametrize("letter", ["n", "é"])
def test_a_name_may_be_as_long_as_the_file_system_allows(tmp_path: Path, letter: str) -> None:
    name = letter * (251 // len(letter.encode())) + ".png"
    write_bytes(tmp_path / name, b"whole")
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_errors_name_the_file_that_was_asked_for(tmp_path: Path) -> None:
    name = "n" * 300 + ".png"
    with pytest.raises(OSError, match="too long") as caught:
        write_bytes(tmp_path / name, b"")
    assert caught.value.filename == str(tmp_path / name)


def test_folders_and_devices_are_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="Not a regular file"):
        write_text(tmp_path / "folder", "text")
    if Path("/dev/null").exists():
        with pytest.raises(OSError, match="Not a regular file"):
            write_text("/dev/null", "text")
    assert (tmp_path / "folder").is_dir()


def test_whether_a_folder_takes_files_is_found_out_by_making_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_writable(tmp_path)
    check_place(tmp_path / "mask.png")
    assert list(tmp_path.iterdir()) == []

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "trial")

    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(PermissionError, match="no file can be made here") as caught:
        check_place(tmp_path / "mask.png")
    assert caught.value.filename == str(tmp_path)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no folder where root can do nothing")
def test_a_folder_without_room_for_files_is_refused_to_root_as_well() -> None:
    with pytest.raises(OSError, match="no file can be made here"):
        check_writable(Path("/proc"))


def test_places_that_are_taken_are_found_out_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="Not a regular file"):
        check_place(tmp_path / "folder")
    with pytest.raises(FileNotFoundError, match="create this folder first"):
        check_place(tmp_path / "missing" / "mask.png")


def test_text_is_utf8(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "é")
    assert (tmp_path / "a.txt").read_bytes() == b"\xc3\xa9"


def test_names_of_files_that_are_no_utf8_are_written_as_their_bytes(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", os.fsdecode(b"caf\xe9"))
    assert (tmp_path / "a.txt").read_bytes() == b"caf\xe9"


def test_what_is_utf8_is_told() -> None:
    assert is_utf8("é") and not is_utf8("\udce9") and not is_utf8("\ud800")
    assert is_utf8("\udce9", of_file=True) and not is_utf8("\ud800", of_file=True)


def test_folders_made_in_vain_go_and_others_stay(tmp_path: Path) -> None:
    made = missing_folders(tmp_path / "a" / "b")
    assert made == [tmp_path / "a" / "b", tmp_path / "a"]
    remove_folders(made)  # not made yet
    (tmp_path / "a" / "b").mkdir(parents=True)
    remove_folders(made)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "other").touch()
    remove_folders(made)
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["other"]


def test_a_look_whether_files_can_be_made_leaves_none_when_it_is_broken_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch = Path.touch

    def interrupted(self: Path, *, exist_ok: bool) -> None:
        touch(self, exist_ok=exist_ok)
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "touch", interrupted)
    with pytest.raises(KeyboardInterrupt):
        check_writable(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_hash_is_sha_256(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    wanted = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256_of(tmp_path / "a") == wanted


@pytest.mark.parametrize(
    ("name", "text"), [("für.jpg", "für.jpg"), ("f\udcfcr\ud800.jpg", "f?r?.jpg")]
)
def test_a_name_that_is_no_text_is_made_one(name: str, text: str) -> None:
    assert as_utf8(name) == text


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_that_nobody_writes_to_is_opened_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    read: list[bytes] = []

    def look() -> None:
        with open_at_once(tmp_path / "pipe") as handle:
            read.append(handle.read())

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    looking.join(timeout=60)
    assert read == [b""]
