"""The GrabCut 50: images, masks with a void band around the object."""

from __future__ import annotations

from pathlib import Path

from extremecut.datasets.folders import ALL, Selection
from extremecut.datasets.image_cache import ImageCache
from extremecut.datasets.indexed import IndexedObjects
from extremecut.datasets.masks import read_masks
from extremecut.errors import DataError

FOLDERS = (("images", "masks"), ("data_GT", "boundary_GT"))
"""(images, masks): the usual redistribution's names, and the original download's."""

VOID_VALUE = 128


def read_grabcut(
    root: Path,
    *,
    selection: Selection = ALL,
    name: str = "grabcut",
    cache: ImageCache | None = None,
) -> IndexedObjects:
    """Masks of 0 (background), 255 (object) and 128 (uncertain band: void).

    Args:
        root: the folder that holds `images` and `masks`, or `data_GT` and `boundary_GT`.

    Raises:
        DataError: neither pair of folders is there, or both; see `read_masks`.
    """
    found = [
        (root / images, root / masks)
        for images, masks in FOLDERS
        if (root / images).is_dir() and (root / masks).is_dir()
    ]
    if len(found) != 1:
        wanted = " or ".join(f"{images} and {masks}" for images, masks in FOLDERS)
        raise DataError(f"{root} must hold one pair of folders: {wanted}; found {len(found)}")
    images, masks = found[0]
    return read_masks(images, masks, void=VOID_VALUE, selection=selection, name=name, cache=cache)
