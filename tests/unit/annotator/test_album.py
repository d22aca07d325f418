from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from extremecut.annotator import album as module
from extremecut.annotator.album import Album
from extremecut.annotator.photos import PhotoChangedError
from extremecut.errors import ImageError, NotFoundError


@pytest.fixture
def album(project: Any) -> Iterator[Album]:
    made = Album(project)
    yield made
    made.close()


def test_a_place_is_asked_for_once(album: Album, photos: Path, monkeypatch: Any) -> None:
    assert album.known(1) is None
    monkeypatch.setattr(type(album._project), "image", None)  # reads all its objects
    place = album.place(1)
    assert place.path == (photos / "a.png").resolve() and place.size_hw == (100, 120)
    monkeypatch.setattr(type(album._project), "image_summary", None)
    assert album.place(1) is place
    album.forget()
    assert album.known(1) is None


def test_places_are_forgotten_after_a_while(album: Album, monkeypatch: Any) -> None:
    album.place(1)
    monkeypatch.setattr(module, "KNOWN_SECONDS", 0.0)
    assert album.known(1) is None


def test_few_places_are_remembered(album: Album, monkeypatch: Any) -> None:
    monkeypatch.setattr(module, "KNOWN_IMAGES", 1)
    album.place(1)
    album.place(2)
    assert album.known(1) is None and album.known(2) is not None


def test_there_is_no_place_for_what_is_not_there(album: Album) -> None:
    with pytest.raises(NotFoundError):
        album.place(99)


def test_encoded_pictures_are_kept(album: Album) -> None:
    place = album.place(1)
    pyramid = album.pixels(place).result(10)
    assert album.tile(place, 0, 0, 0) is None
    data = album.encoded_tile(place, pyramid, 0, 0, 0).result(10)
    assert album.tile(place, 0, 0, 0) == data
    assert album.thumbnail(place, 32) is None
    small = album.encoded_thumbnail(place, 32).result(10)
    assert album.thumbnail(place, 32) == small


def test_thumbnails_do_not_push_photos_out(album: Album) -> None:
    place = album.place(2)
    album.encoded_thumbnail(place, 32).result(10)
    assert album.photos.peek(place.content) is None


@pytest.fixture
def cut_short(project: Any, photos: Path) -> Path:
    """sub/b.jpg (image 2), whose header still says how large it is."""
    path = photos / "sub" / "b.jpg"
    path.write_bytes(path.read_bytes()[:-600])
    project.refresh_photos()
    assert project.image(2).problem is None
    return path


def pictures_of(album: Album, place: Any) -> list[Any]:
    return [album.pixels(place), album.encoded_thumbnail(place, 32)]


@pytest.mark.parametrize("which", [0, 1])
def test_a_problem_is_remembered_and_names_the_photo_as_the_project_does(
    album: Album, cut_short: Path, which: int
) -> None:
    place = album.place(2)
    with pytest.raises(ImageError, match=r"cannot read sub/b\.jpg, it is truncated") as raised:
        pictures_of(album, place)[which].result(10)
    assert str(cut_short.parent) not in str(raised.value)
    assert album.problem(place.content) == str(raised.value)
    assert album.problem(album.place(1).content) is None


def test_a_photo_that_was_read_after_all_has_no_problem(album: Album) -> None:
    place = album.place(1)
    album._explain(place.content, place.path, ImageError("not enough memory"))
    assert album.problem(place.content) is not None
    album.pixels(place).result(10)
    assert album.problem(place.content) is None


def test_a_new_look_at_the_folder_tries_unreadable_photos_again(album: Album) -> None:
    place = album.place(1)
    album._explain(place.content, place.path, ImageError("damaged"))
    album.forget()
    assert album.problem(place.content) is None


def test_pictures_of_another_file_are_never_kept_as_those_of_the_photo(
    album: Album, tmp_path: Path
) -> None:
    place = album.place(1)
    original = place.path.rename(tmp_path / "original.png")
    Image.new("RGB", (120, 100), "blue").save(place.path)
    for future in pictures_of(album, place):
        with pytest.raises(PhotoChangedError, match=r"a\.png was replaced") as raised:
            future.result(10)
        assert album.problem(place.content) == str(raised.value)
    original.rename(place.path)
    album.forget()
    assert album.pixels(place).result(10).pixels[5, 5].tolist() != [0, 0, 255]
    assert b"JFIF" in album.encoded_thumbnail(place, 32).result(10)
    assert album.problem(place.content) is None


def test_a_photo_whose_folder_became_another_one_is_told_by_its_name(album: Album) -> None:
    error = album._explain("content", Path("/elsewhere/x.png"), ImageError("bad /elsewhere/x.png"))
    assert str(error) == "bad x.png"
