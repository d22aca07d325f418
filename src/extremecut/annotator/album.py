"""The project's photos as pictures: where each file is, its pixels, tiles and thumbnails."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from extremecut.annotator.byte_cache import ByteCache
from extremecut.annotator.photos import PhotoChangedError, Photos
from extremecut.annotator.thumbnails import thumbnail
from extremecut.annotator.tiles import Pyramid, to_jpeg
from extremecut.errors import ImageError
from extremecut.files import sha256_of
from extremecut.projects.project import Project

TILES_BYTES = 32 << 20
THUMBNAILS_BYTES = 16 << 20
KNOWN_IMAGES = 1024
"""Images whose place is remembered."""
KNOWN_SECONDS = 5.0
"""How long: the folder may be looked through again by another process."""


@dataclass(frozen=True, slots=True)
class Place:
    """An image of the project and its file."""

    path: Path
    """Absolute, inside the photo folder."""
    content: str
    """SHA-256 of the file when the folder was last looked through."""
    size_hw: tuple[int, int]
    """Of the upright photo."""


class Album:
    """Can be used from several threads."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._root = project.photos.resolve()
        self.photos = Photos(check=_check, explain=self._explain)
        self._problems: dict[str, str] = {}
        self._tiles = ByteCache(TILES_BYTES)
        self._thumbnails = ByteCache(THUMBNAILS_BYTES)
        self._known: OrderedDict[int, tuple[float, Place]] = OrderedDict()
        self._lock = threading.Lock()
        # Tiles before thumbnails: a list of a thousand images must not delay the one looked at.
        self._encoders = ThreadPoolExecutor(2, "extremecut-tiles")
        self._thumbnailer = ThreadPoolExecutor(1, "extremecut-thumbnails")

    def place(self, image_id: int) -> Place:
        """Where an image is. Asks the database, so not for an event loop.

        Raises:
            NotFoundError: no such image, or its file is gone or outside the folder.
        """
        known = self.known(image_id)
        if known is not None:
            return known
        record = self._project.image_summary(image_id)
        place = Place(self._project.photo_path(image_id), record.content, record.size_hw)
        with self._lock:
            self._known[image_id] = (time.monotonic(), place)
            while len(self._known) > KNOWN_IMAGES:
                self._known.popitem(last=False)
        return place

    def known(self, image_id: int) -> Place | None:
        """The same at no cost, if it was asked for a moment ago."""
        with self._lock:
            since, place = self._known.get(image_id, (0.0, None))
        return place if time.monotonic() - since < KNOWN_SECONDS else None

    def forget_place(self, image_id: int) -> None:
        """The image is looked up anew when it is asked for next."""
        with self._lock:
            self._known.pop(image_id, None)

    def forget(self) -> None:
        """The folder has been looked through again."""
        with self._lock:
            self._known.clear()
            self._problems.clear()

    def problem(self, content: str) -> str | None:
        """Why a photo could not be read when it was last tried: damage that no header shows."""
        if self._problems and self.photos.peek(content) is not None:
            self._problems.pop(content, None)  # it was read since
        return self._problems.get(content)

    def _explain(self, content: str, path: Path, error: ImageError) -> ImageError:
        """Names the photo as the project does: where the folder lies is the server's business."""
        # The folder itself may have become a link to another one meanwhile.
        inside = path.is_relative_to(self._root)
        name = path.relative_to(self._root).as_posix() if inside else path.name
        problem = str(error).replace(str(path), name)
        self._problems[content] = problem
        return type(error)(problem)

    def prefetch(self, place: Place) -> None:
        """Decode a photo that will be asked for next."""
        self.photos.prefetch(place.content, place.path)

    def pixels(self, place: Place) -> Future[Pyramid]:
        """The decoded photo; must not be cancelled, but left when it is waited for no more."""
        return self.photos.ask(place.content, place.path)

    def leave(self, place: Place, pixels: Future[Pyramid]) -> None:
        """One who asked for pixels has them or waits no more."""
        self.photos.leave(place.content, pixels)

    def tile(self, place: Place, level: int, column: int, row: int) -> bytes | None:
        """An encoded tile that is ready."""
        return self._tiles.get((place.content, level, column, row))

    def encoded_tile(
        self, place: Place, pyramid: Pyramid, level: int, column: int, row: int
    ) -> Future[bytes]:
        """For the caller alone, who may cancel it. Raises InputError: there is no such tile."""

        def encode() -> bytes:
            data = to_jpeg(pyramid.tile(level, column, row))
            self._tiles.put((place.content, level, column, row), data)
            return data

        return self._encoders.submit(encode)

    def thumbnail(self, place: Place, side_px: int) -> bytes | None:
        """An encoded thumbnail that is ready."""
        return self._thumbnails.get((place.content, side_px))

    def encoded_thumbnail(self, place: Place, side_px: int) -> Future[bytes]:
        """For the caller alone, who may cancel it. Raises ImageError: the photo cannot be read."""

        def encode() -> bytes:
            pyramid = self.photos.peek(place.content)
            pixels = None if pyramid is None else pyramid.level(pyramid.levels - 1)
            try:
                data = thumbnail(place.path, side_px, pixels=pixels)
                if pixels is None:
                    _check(place.content, place.path)
            except ImageError as error:
                raise self._explain(place.content, place.path, error) from None
            self._thumbnails.put((place.content, side_px), data)
            return data

        return self._thumbnailer.submit(encode)

    def close(self) -> None:
        self.photos.close()
        self._encoders.shutdown(cancel_futures=True)
        self._thumbnailer.shutdown(cancel_futures=True)


def _check(content: str, path: Path) -> None:
    """Raises: PhotoChangedError: a file just read is not what the project knows by this hash.

    Pictures are kept under the hash, by browsers for a year: those of another file must not be.
    """
    try:
        same = sha256_of(path) == content
    except OSError:
        same = False
    if not same:
        raise PhotoChangedError(
            f"the file of {path} was replaced or changed: look for new photos first"
        )
