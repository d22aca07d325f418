"""ECSSD: complex scenes with one mask of the salient foreground."""

from __future__ import annotations

from pathlib import Path

from extremecut.datasets.folders import ALL, Selection
from extremecut.datasets.image_cache import ImageCache
from extremecut.datasets.indexed import IndexedObjects
from extremecut.datasets.masks import read_masks


def read_ecssd(
    root: Path,
    *,
    list_file: Path | None = None,
    selection: Selection = ALL,
    name: str = "ecssd",
    cache: ImageCache | None = None,
) -> IndexedObjects:
    """The official layout: `images/0001.jpg`, `ground_truth_mask/0001.png` with 0 and 255.

    Args:
        root: the folder that holds both.
        list_file: numbers to use, one a line; all when None.

    Raises:
        DataError: see `read_masks`.
    """
    return read_masks(
        root / "images",
        root / "ground_truth_mask",
        list_file=list_file,
        selection=selection,
        name=name,
        cache=cache,
    )
