"""Photos on the disk, and paths that must not lead out of their folder."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest
from PIL import Image

from extremecut.errors import DataError, NotFoundError
from extremecut.projects.photo_folder import (
    NEVER_NS,
    FoundPhoto,
    find_photos,
    read_photo,
    safe_path,
    trusted_time_ns,
)


def test_photos_are_found_in_all_folders_but_hidden_ones(photos: Path) -> None:
    for name in ("sub/deep/b.JPG", ".hidden/c.png", ".d.png", "notes.txt", "e.tif"):
        (photos / name).parent.mkdir(parents=True, exist_ok=True)
        (photos / name).write_bytes(b"xyz")
    found, notes = find_photos(photos)
    assert [photo.path for photo in found] == ["a.png", "e.tif", "sub/deep/b.JPG"]
    assert (found[1].size_bytes, notes) == (3, ())


def test_a_folder_that_is_gone_is_an_error_not_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no folder"):
        find_photos(tmp_path / "nowhere")


def test_links_out_of_the_folder_are_left_out_and_said(photos: Path) -> None:
    outside = photos.parent / "secret.png"
    outside.write_bytes(b"secret")
    (photos / "out.png").symlink_to(outside)
    (photos / "in.png").symlink_to(photos / "a.png")
    (photos / "nowhere.png").symlink_to(photos / "gone.png")
    (photos / "loop.png").symlink_to(photos / "loop.png")
    (photos / "far").symlink_to(photos.parent, target_is_directory=True)
    found, notes = find_photos(photos)
    assert [photo.path for photo in found] == ["a.png", "in.png"]
    assert "out.png was left out: it is a link that leads out of the folder." in notes
    assert len(notes) == 3


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_names_that_are_no_text_are_left_out_and_said(photos: Path) -> None:
    try:
        (photos / os.fsdecode(b"caf\xe9.png")).write_bytes(b"x")
    except OSError:
        pytest.skip("this file system takes only text")
    found, notes = find_photos(photos)
    assert [photo.path for photo in found] == ["a.png"]
    assert notes == ("caf?.png was left out: its name is not valid text, rename it.",)


def test_a_photo_is_hashed_and_measured_upright(photos: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    Image.new("RGB", (30, 20)).save(photos / "turned.jpg", exif=exif)
    data = (photos / "turned.jpg").read_bytes()
    content = read_photo(photos, FoundPhoto("turned.jpg", len(data), 0))
    assert (content.size_hw, content.problem) == ((30, 20), None)
    assert content.content == hashlib.sha256(data).hexdigest()


def test_a_file_that_is_no_picture_has_a_problem_without_its_whole_path(photos: Path) -> None:
    (photos / "bad.png").write_bytes(b"nothing")
    content = read_photo(photos, FoundPhoto("bad.png", 7, 0))
    assert content.size_hw == (0, 0)
    assert content.problem is not None and content.problem.startswith("bad.png is not an image")
    gone = read_photo(photos, FoundPhoto("gone.png", 7, 0))
    assert (gone.content, gone.problem) == (
        "",
        "gone.png cannot be read: No such file or directory",
    )


def test_a_file_written_just_now_is_looked_at_again() -> None:
    now = time.time_ns()
    assert trusted_time_ns(FoundPhoto("a", 1, now)) == NEVER_NS
    assert trusted_time_ns(FoundPhoto("a", 1, now - 10**10)) == now - 10**10


@pytest.mark.parametrize("path", ["../secret.png", "/etc/passwd", "sub/../../x", "a\0.png"])
def test_a_path_out_of_the_folder_is_refused(path: str, photos: Path) -> None:
    with pytest.raises(NotFoundError, match="not inside the photo folder"):
        safe_path(photos, path)


def test_a_link_made_after_the_look_is_refused(photos: Path) -> None:
    outside = photos.parent / "secret.png"
    outside.write_bytes(b"secret")
    (photos / "a.png").unlink()
    (photos / "a.png").symlink_to(outside)
    with pytest.raises(NotFoundError, match="not a file inside the photo folder"):
        safe_path(photos, "a.png")


def test_a_photo_that_is_gone_is_said(photos: Path) -> None:
    with pytest.raises(NotFoundError, match="not in the folder any more"):
        safe_path(photos, "gone.png")
    with pytest.raises(NotFoundError, match="not a file"):
        safe_path(photos, "")
