"""Where YOLO looks for a photo's labels: the last `images` of its path is `labels` there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

from extremecut.interchange.reading import without_ending

IMAGES, LABELS = "images", "labels"


def twin(name: str) -> str:
    """The other path of the folder of photos that stands for the same place in a data set.

    Photos belong in the folder `images`, and are taken for being there if their paths begin so.

    >>> twin("sub/a"), twin("images/sub/a")
    ('images/sub/a', 'sub/a')
    """
    start = f"{IMAGES}/"
    return name.removeprefix(start) if name.startswith(start) else start + name


def label_file(stem: str) -> str:
    """Where the labels of a photo of this name without its ending lie.

    >>> label_file("sub/a"), label_file("images/sub/a"), label_file("set/images/a")
    ('labels/sub/a.txt', 'labels/sub/a.txt', 'images/set/labels/a.txt')
    """
    parts = (stem if stem.startswith(f"{IMAGES}/") else twin(stem)).split("/")
    last = len(parts) - 2 - parts[-2::-1].index(IMAGES)
    return "/".join([*parts[:last], LABELS, *parts[last + 1 :]]) + ".txt"


def in_images(name: str) -> str:
    """The photo's place that `label_file` made a label file's name of, without ending."""
    parts = without_ending(name).split("/")
    if LABELS in parts[:-1]:
        last = len(parts) - 2 - parts[-2::-1].index(LABELS)
        parts[last] = IMAGES
    return "/".join(parts)


def without_labels(name: str) -> str:
    """The same without the folder, for photos that are not in `images`."""
    parts = without_ending(name).split("/")
    if LABELS in parts[:-1]:
        parts.remove(LABELS)
    return "/".join(parts)


def in_place(files: Iterable[str], photos: Iterable[str]) -> dict[str, str]:
    """Photos that lie exactly where a label file says, by the file; each has one file."""
    photos_of: defaultdict[str, set[str]] = defaultdict(set)
    for photo in photos:
        photos_of[photo].add(photo)
        photos_of[PurePosixPath(photo).with_suffix("").as_posix()].add(photo)
    found: dict[str, str] = {}
    open_files = list(files)
    ways: tuple[Callable[[str], set[str]], ...] = (
        lambda file: {in_images(file)},
        lambda file: {twin(in_images(file)), without_labels(file)},
    )
    for way in ways:
        files_of: defaultdict[str, list[str]] = defaultdict(list)
        for file in open_files:
            fitting: set[str] = set()
            for name in way(file):
                fitting |= {name} if name in photos_of[name] else photos_of[name]
            if file not in found and len(fitting) == 1:
                files_of[fitting.pop()].append(file)
        taken = set(found.values())
        for photo, rivals in files_of.items():
            if len(rivals) == 1 and photo not in taken:
                found[rivals[0]] = photo
    return found
