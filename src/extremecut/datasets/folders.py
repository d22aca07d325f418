"""Which files of a folder are meant: pairs of one stem, list files, parts of a sorted list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from extremecut.errors import DataError

IMAGE_SUFFIXES = frozenset(
    (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp", ".gif", ".ppm", ".pgm")
)
MASK_STEM_ENDINGS = ("", "_mask")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Selection:
    """A part of a sorted list, applied in the order of the fields."""

    skip_last: int = 0
    """Leave out this many at the end."""
    first: int | None = None
    """Of what is left, keep this many from the start."""
    last: int | None = None
    """Of what is left, keep this many at the end."""
    every: int = 1
    """Of what is left, keep number 0, n, 2 n, ..."""
    except_every: int | None = None
    """Of what is left, drop number 0, n, 2 n, ...: the complement of `every`."""

    def __post_init__(self) -> None:
        counts = (self.skip_last, self.first or 0, self.last or 0)
        steps = (self.every, 1 if self.except_every is None else self.except_every)
        if min(counts) < 0 or min(steps) < 1:
            raise DataError(f"a selection needs counts from 0 and steps from 1, got {self}")

    def of(self, items: Sequence[T]) -> list[T]:
        chosen = list(items[: len(items) - self.skip_last] if self.skip_last else items)
        if self.first is not None:
            chosen = chosen[: self.first]
        if self.last is not None:
            chosen = chosen[max(len(chosen) - self.last, 0) :]
        chosen = chosen[:: self.every]
        if self.except_every is not None:
            chosen = [item for n, item in enumerate(chosen) if n % self.except_every]
        return chosen


ALL = Selection()


def existing_folder(path: Path) -> Path:
    """`path`, if it is a folder.

    Raises:
        DataError: it is not; names it.
    """
    if not path.is_dir():
        raise DataError(f"there is no folder {path}")
    return path


def images_by_stem(folder: Path) -> dict[str, Path]:
    """The image files of a folder (not of its subfolders) by file name without suffix, sorted.

    Raises:
        DataError: no folder, or two images of one stem.
    """
    found: dict[str, Path] = {}
    for path in sorted(existing_folder(folder).iterdir()):
        if path.suffix.lower() in IMAGE_SUFFIXES and not path.name.startswith("."):
            if path.stem in found:
                raise DataError(
                    f"{found[path.stem]} and {path.name} have the same name: masks are matched by "
                    "the name without its ending, remove one of the two"
                )
            found[path.stem] = path
    return found


def read_list(path: Path) -> list[tuple[int, str]]:
    """(row number from 1, text) of the lines of a list file that are not empty, stripped.

    Raises:
        DataError: missing, or not text.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"the list {path} cannot be read: {error}") from None
    rows = enumerate(text.splitlines(), start=1)
    return [(row, line.strip()) for row, line in rows if line.strip()]


def matched_pairs(
    images: Path, masks: Path, *, list_file: Path | None = None, selection: Selection = ALL
) -> list[tuple[Path, Path]]:
    """(image, mask) pairs of the same stem, sorted by it or in the order of a list file.

    A mask may carry "_mask" after the image's name. Images without a mask are left out.

    Raises:
        DataError: a mask without an image, two masks of one image, a listed name without a pair
            (says which row), or no pair at all.
    """
    image_of, mask_of = images_by_stem(images), images_by_stem(masks)
    pairs: dict[str, tuple[Path, Path]] = {}
    for stem, mask in mask_of.items():
        names = [stem.removesuffix(end) for end in MASK_STEM_ENDINGS if stem.endswith(end)]
        name = next((name for name in names if name in image_of), None)
        if name is None:
            raise DataError(f"the mask {mask} has no image of the same name in {images}")
        if name in pairs:
            raise DataError(
                f"{pairs[name][1]} and {mask.name} are both masks of {image_of[name]}: remove one "
                "of the two"
            )
        pairs[name] = (image_of[name], mask)
    if not pairs:
        raise DataError(f"no image of {images} has a mask of the same name in {masks}")
    if list_file is None:
        return selection.of([pairs[name] for name in sorted(pairs)])
    chosen = []
    for row, line in read_list(list_file):
        pair = pairs.get(line) or pairs.get(_stem(line))
        if pair is None:
            raise DataError(f"{list_file}, row {row}: no image with a mask is called {line!r}")
        chosen.append(pair)
    return selection.of(chosen)


def _stem(line: str) -> str:
    """A listed path's name without the ending of images; the 0 of `0.7` is no name."""
    path = Path(line)
    return path.stem if path.suffix.lower() in IMAGE_SUFFIXES else path.name


def find_list(name: str, *folders: Path) -> Path:
    """A list file by its path, or by its name in one of `folders`.

    Raises:
        DataError: found nowhere, or in more than one place.
    """
    candidates = dict.fromkeys(folder / name for folder in folders)
    found = [path for path in candidates if path.is_file()]
    if not found and Path(name).is_file():
        found = [Path(name)]
    if len(found) != 1:
        places = ", ".join(str(path) for path in (found or [*candidates, Path(name)]))
        problem = "is in more than one place" if found else "was not found"
        raise DataError(f"the list {name} {problem}: {places}")
    return found[0]
