"""Label images: every value but 0 is an object, or all of them together are one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extremecut.datasets.compact import CompactMask
from extremecut.datasets.folders import ALL, Selection, matched_pairs
from extremecut.datasets.image_cache import ImageCache
from extremecut.datasets.indexed import IndexedObjects, ObjectEntry
from extremecut.datasets.mask_files import check_size, read_values
from extremecut.errors import DataError
from extremecut.geometry.boxes import boxes_of_labels

BORDER_LABEL = 255
"""What VOC and DAVIS 2017 write around objects, where nobody knows."""


def read_labels(
    images: Path,
    labels: Path,
    *,
    merge: bool = False,
    void: int | None = None,
    strict: bool = False,
    min_area: int = 1,
    names_file: Path | None = None,
    list_file: Path | None = None,
    selection: Selection = ALL,
    name: str = "labels",
    cache: ImageCache | None = None,
) -> IndexedObjects:
    """The objects of label images, matched to their images by the file name without ending.

    Args:
        images: folder of images.
        labels: folder of label images, 8 or 16-bit grey or palette, 0 the background.
        merge: all labels of an image together are one object, "whole".
        void: this label is void instead of an object.
        strict: refuse 8-bit files that hold 255 beside other labels where `void` is None.
        min_area: objects of fewer pixels are left out.
        names_file: JSON list of names, index = label, for the tag "category".
        list_file: names to use, one a line; all when None.

    Raises:
        DataError: see `matched_pairs` and `read_values`; a names file of another shape; with
            `strict`, what may be a border that is no object.
    """
    categories = None if names_file is None else read_category_names(names_file)
    entries = []
    for image, path in matched_pairs(images, labels, list_file=list_file, selection=selection):
        values = read_values(path, exact=True)
        check_size(image, path, values.shape)
        if strict and void is None:
            _refuse_border(values, path)
        unknown = None
        if void is not None and (values == void).any():
            unknown = CompactMask.of(values == void)
        if merge:
            inside = values != 0 if void is None else (values != 0) & (values != void)
            found: list[tuple[str, dict[str, str], CompactMask]]
            found = [("whole", {}, CompactMask.of(inside))]
        else:
            found = [
                (str(label), _category(label, categories), mask)
                for label, mask in label_masks(values, void=void)
            ]
        entries += [
            ObjectEntry(image, mask, unknown, f"{image.stem}:{part}", tags)
            for part, tags, mask in found
            if mask.area_px == 0 or mask.area_px >= min_area
        ]
    return IndexedObjects(name, entries, cache=cache)


def _refuse_border(values: NDArray[np.integer], path: Path) -> None:
    if values.dtype != np.uint8:
        return
    border = values == BORDER_LABEL
    if border.any() and ((values != 0) & ~border).any():
        raise DataError(
            f"{path} holds {BORDER_LABEL} beside other labels: say "
            f"'labels:IMAGES,LABELS?void={BORDER_LABEL}' where it is no object (VOC and DAVIS), or "
            "'labels:IMAGES,LABELS' where it is one"
        )


def label_masks(
    values: NDArray[np.integer], *, void: int | None = None
) -> Iterator[tuple[int, CompactMask]]:
    """(label, mask) for each value but 0 and `void` that occurs, in ascending order."""
    size_hw = (values.shape[0], values.shape[1])
    # Each label is looked for in its own box alone: of thousands the whole image would be too much.
    for label, box in boxes_of_labels(values).items():
        if label != void:
            mask = values[box.slices] == label
            yield label, CompactMask.of_part(mask, (box.x0, box.y0), size_hw)


def read_category_names(path: Path) -> list[str]:
    """A JSON list of names whose index is the label.

    Raises:
        DataError: missing, not JSON, or not a list of text.
    """
    try:
        names = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise DataError(f"the names {path} cannot be read: {error}") from None
    if not isinstance(names, list) or not all(isinstance(item, str) for item in names):
        raise DataError(f"{path} must hold a JSON list of names, index = label")
    return names


def _category(label: int, categories: list[str] | None) -> dict[str, str]:
    if categories is None or not 0 <= label < len(categories):
        return {}
    return {"category": categories[label]}
