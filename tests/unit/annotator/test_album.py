from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from extremecut.annotator import album as module
from extremecut.annotator.album import Album
from extremecut.errors import NotFoundError


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
