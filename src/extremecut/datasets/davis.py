"""DAVIS 2016 (one object a frame) and DAVIS 2017 (several), in the official layout."""

from __future__ import annotations

from pathlib import Path

from extremecut.datasets.compact import CompactMask
from extremecut.datasets.folders import (
    ALL,
    Selection,
    existing_folder,
    images_by_stem,
    read_list,
)
from extremecut.datasets.image_cache import ImageCache
from extremecut.datasets.indexed import IndexedObjects, ObjectEntry
from extremecut.datasets.labels import label_masks
from extremecut.datasets.mask_files import check_size, read_values
from extremecut.datasets.masks import masked_object
from extremecut.errors import DataError

YEARS = (2016, 2017)
VOID_2017 = 255


def read_davis(
    root: Path,
    *,
    year: int = 2016,
    resolution: str = "480p",
    list_file: Path | None = None,
    sequences: Selection = ALL,
    selection: Selection = ALL,
    min_area: int = 1,
    name: str = "davis",
    cache: ImageCache | None = None,
) -> IndexedObjects:
    """Objects of the frames `JPEGImages/480p/SEQUENCE/00000.jpg`, `Annotations/480p/...png`.

    Args:
        root: the folder that holds `JPEGImages` and `Annotations`.
        year: 2016: grey annotations, 255 the object. 2017: palette annotations, 1..n the
            objects, 255 void.
        list_file: rows of two paths (`/JPEGImages/480p/... /Annotations/480p/...`, as in
            `ImageSets/480p`) or of one sequence name (as in `ImageSets/2017`); all when None.
        sequences: which of the sorted sequence names.
        selection: which of the frames of these, in the order of the list.
        min_area: objects of fewer pixels are left out.

    Raises:
        DataError: a wrong row (says which), missing or damaged files.
    """
    if year not in YEARS:
        raise DataError(f"DAVIS has the years {YEARS}, got {year}")
    if list_file is None:
        frames = _all_frames(root, resolution)
    else:
        frames = _listed_frames(root, resolution, list_file)
    kept = set(sequences.of(sorted({image.parent.name for image, _ in frames})))
    entries = []
    for image, annotation in selection.of([pair for pair in frames if pair[0].parent.name in kept]):
        found = (
            _objects_2016(image, annotation) if year == 2016 else _objects_2017(image, annotation)
        )
        entries += [
            entry for entry in found if entry.mask.area_px == 0 or entry.mask.area_px >= min_area
        ]
    return IndexedObjects(name, entries, cache=cache)


def _objects_2016(image: Path, annotation: Path) -> list[ObjectEntry]:
    sequence = image.parent.name
    return [
        masked_object(
            image,
            annotation,
            void=None,
            above=127,
            name=f"{sequence}/{image.stem}",
            tags={"sequence": sequence},
        )
    ]


def _objects_2017(image: Path, annotation: Path) -> list[ObjectEntry]:
    sequence = image.parent.name
    values = read_values(annotation, exact=True)
    check_size(image, annotation, values.shape)
    unknown = values == VOID_2017
    void = CompactMask.of(unknown) if unknown.any() else None
    return [
        ObjectEntry(image, mask, void, f"{sequence}/{image.stem}:{label}", {"sequence": sequence})
        for label, mask in label_masks(values, void=VOID_2017)
    ]


def _listed_frames(root: Path, resolution: str, list_file: Path) -> list[tuple[Path, Path]]:
    frames = []
    for row, line in read_list(list_file):
        words = line.split()
        if len(words) == 1 and "/" not in line:
            frames += _sequence_frames(root, resolution, words[0], f"{list_file}, row {row}")
            continue
        if len(words) < 2:
            raise DataError(
                f"{list_file}, row {row}: an image path and an annotation path, or a sequence "
                f"name, were expected, got {line!r}"
            )
        image, annotation = (root / word.lstrip("/") for word in words[:2])
        for path in (image, annotation):
            if not path.is_file():
                raise DataError(f"{list_file}, row {row}: there is no file {path}")
        frames.append((image, annotation))
    return frames


def _all_frames(root: Path, resolution: str) -> list[tuple[Path, Path]]:
    folder = existing_folder(root / "Annotations" / resolution)
    names = sorted(path.name for path in folder.iterdir() if path.is_dir())
    return [pair for name in names for pair in _sequence_frames(root, resolution, name, str(root))]


def _sequence_frames(
    root: Path, resolution: str, sequence: str, where: str
) -> list[tuple[Path, Path]]:
    """The annotated frames of a sequence, by file name."""
    image_folder = root / "JPEGImages" / resolution / sequence
    annotation_folder = root / "Annotations" / resolution / sequence
    for folder in (image_folder, annotation_folder):
        if not folder.is_dir():
            raise DataError(f"{where}: the sequence {sequence} has no folder {folder}")
    images = images_by_stem(image_folder)
    frames = []
    for stem, annotation in images_by_stem(annotation_folder).items():
        if stem not in images:
            raise DataError(f"{where}: {annotation} has no frame in {image_folder}")
        frames.append((images[stem], annotation))
    return frames
