"""Opening image files with Pillow: complete ones only, within a limit, and the right way up."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extremecut.errors import ImageError
from extremecut.files import open_at_once
from extremecut.images.png_chunks import has_late_exif

if TYPE_CHECKING:
    from PIL import Image

MAX_PIXELS = 1 << 30
"""Files with more pixels than this are refused before they are decoded."""

pillow_lock = threading.Lock()
"""Pillow keeps two settings that matter here as globals; they change only while this is held."""

_EXIF_ORIENTATION = 0x0112
_TIFF_BITS, _TIFF_PLANES = 258, 284
# Formats that Pillow reads by starting another program.
_NOT_PICTURES = ("EPS", "WMF")


def image_size_hw(path: str | os.PathLike[str]) -> tuple[int, int]:
    """Height and width of the upright picture in a file, from its header alone.

    Raises:
        ImageError: the file is missing, empty, too large or not a picture.
    """
    with opened(Path(os.fsdecode(path))) as image:
        # Some versions of Pillow turn a TIFF's `size` on opening, others on loading.
        tags = getattr(image, "tag_v2", {})
        width, height = tags.get(256, image.width), tags.get(257, image.height)
        return (width, height) if _orientation_in_header(image) >= 5 else (height, width)


def _orientation_in_header(image: Image.Image) -> int:
    """`orientation_of` a file just opened, whose pixels need not be decoded for it.

    Pillow decodes every PNG that has no EXIF data before its pixels, to look behind them.
    """
    if image.format != "PNG" or has_late_exif(image.fp):  # type: ignore[attr-defined]
        return orientation_of(image)
    from PIL import Image

    return _orientation(partial(Image.Image.getexif, image))


def orientation_of(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 where the image's EXIF data cannot be read."""
    return _orientation(image.getexif)


def _orientation(read: Callable[[], Image.Exif]) -> int:
    try:
        value = read().get(_EXIF_ORIENTATION, 1)
    except Exception:  # damaged EXIF data fails in many ways and must not cost the picture
        return 1
    return value if value in range(1, 9) else 1


def has_deep_colour(image: Image.Image) -> bool:
    """Whether Pillow would cut 16-bit colour to its upper 8 bits on loading; ask before that."""
    if image.mode not in ("RGB", "RGBA", "LA"):
        return False
    # In PPM files the greatest value stands where others name their form.
    return _stored_as(image, ";16") or any(
        tile[0].startswith("ppm") and tile[3][1] > 255 for tile in getattr(image, "tile", ())
    )


def grey_step(image: Image.Image) -> int:
    """What Pillow multiplies greys of 2 and 4 bits by on loading, else 1; ask before that."""
    if image.mode != "L":
        return 1
    return 85 if _stored_as(image, "L;2") else 17 if _stored_as(image, "L;4") else 1


def _stored_as(image: Image.Image, form: str) -> bool:
    return any(form in str(tile[3]) for tile in getattr(image, "tile", ()))


@contextmanager
def opened(path: Path) -> Iterator[Image.Image]:
    """The file with its header read and its size checked; closed at the end."""
    from PIL import Image

    try:
        handle = open_at_once(path)
    except FileNotFoundError:
        raise ImageError(f"no such image: {path}") from None
    except IsADirectoryError:
        raise ImageError(f"an image file is needed, but {path} is a folder") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ImageError(f"cannot open the image {path}: {reason}") from None
    with handle:
        status = os.fstat(handle.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise ImageError(
                f"an image must be a regular file, but {path} is a pipe or a device: save what "
                "comes through it first"
            )
        if status.st_size == 0:
            raise ImageError(f"the image {path} is empty (0 bytes): save or copy it again")
        with decoding(str(path)), pillow_settings():
            image = Image.open(handle)
        with image:
            if image.format in _NOT_PICTURES:
                raise ImageError(f"{path} is {image.format}, not a picture: save it as PNG or JPEG")
            if image.width * image.height > MAX_PIXELS:
                raise ImageError(
                    f"{path} has {image.width} x {image.height} pixels, more than the limit of "
                    f"{MAX_PIXELS}: scale it down or cut the object out"
                )
            _refuse_misread(image, path)
            yield image


def _refuse_misread(image: Image.Image, path: Path) -> None:
    """Raises: ImageError: a kind of TIFF whose values Pillow mixes up without a word."""
    tags: Any = getattr(image, "tag_v2", None)
    if tags is None:
        return
    apart = tags.get(_TIFF_PLANES) == 2 and len(image.getbands()) > 1
    if apart and max(tags.get(_TIFF_BITS, (1,))) > 8:
        raise ImageError(
            f"{path} keeps its colours of 16 bits in separate planes, which is not read: save it "
            'with interleaved colours ("pixel", "contiguous")'
        )
    unpacked = any(tile[0] == "libtiff" for tile in getattr(image, "tile", ()))
    if unpacked and _stored_as(image, ";32B"):  # libtiff has turned the bytes already
        raise ImageError(
            f"{path} is a compressed big-endian TIFF of 32 bits, which is not read: save it "
            "uncompressed or little-endian"
        )


@contextmanager
def decoding(name: str) -> Iterator[None]:
    """Every decoder's own way of failing becomes an ImageError that says which image."""
    from PIL import UnidentifiedImageError

    try:
        yield
    except ImageError:
        raise
    except UnidentifiedImageError:
        raise ImageError(
            f"{name} is not an image, or cut short, or of a format that is not read: "
            "save it as PNG or JPEG"
        ) from None
    except MemoryError:
        raise ImageError(f"not enough memory to read {name}") from None
    except Exception as error:  # decoders raise nearly every type there is on damaged files
        reason = str(error) or type(error).__name__
        raise ImageError(
            f"cannot read {name}, it is truncated or damaged ({reason}): save or copy it again"
        ) from None


@contextmanager
def pillow_settings() -> Iterator[None]:
    """Two globals of Pillow set aside: its own limit on sizes, and half-read files allowed."""
    from PIL import Image, ImageFile

    with pillow_lock:
        kept = (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES)
        Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES = None, False
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES = kept
