"""A folder of images and a folder of masks: one object an image."""

from __future__ import annotations

from pathlib import Path

from extremecut.datasets.compact import CompactMask
from extremecut.datasets.folders import ALL, Selection, matched_pairs
from extremecut.datasets.image_cache import ImageCache
from extremecut.datasets.indexed import IndexedObjects, ObjectEntry
from extremecut.datasets.mask_files import check_size, read_values, split_object


def read_masks(
    images: Path,
    masks: Path,
    *,
    void: int | None = None,
    above: int = 127,
    strict: bool = False,
    min_area: int = 1,
    list_file: Path | None = None,
    selection: Selection = ALL,
    name: str = "masks",
    cache: ImageCache | None = None,
) -> IndexedObjects:
    """One object for each mask, matched to its image by the file name without ending.

    Args:
        images: folder of images.
        masks: folder of masks, grey or palette: values greater than `above` are the object. White
            is 255 in masks of one bit too.
        void: pixels of exactly this value are void.
        strict: refuse masks with more than one value beside 0 and void.
        min_area: objects of fewer pixels are left out.
        list_file: names to use, one a line; all when None.

    Raises:
        DataError: see `matched_pairs`, `read_values` and `split_object`.

    Example:
        >>> read_masks(Path("images"), Path("masks"), void=128)  # doctest: +SKIP
    """
    entries = []
    for image, mask in matched_pairs(images, masks, list_file=list_file, selection=selection):
        entry = masked_object(image, mask, void=void, above=above, strict=strict, name=image.stem)
        if entry.mask.area_px == 0 or entry.mask.area_px >= min_area:
            entries.append(entry)
    return IndexedObjects(name, entries, cache=cache)


def masked_object(
    image: Path,
    mask: Path,
    *,
    void: int | None,
    above: int,
    strict: bool = False,
    name: str,
    tags: dict[str, str] | None = None,
) -> ObjectEntry:
    """The one object that a mask file shows, empty or not."""
    # In a JPEG the object is still what is bright, but one value among others is not to be found.
    values = read_values(mask, white=255, exact=void is not None)
    check_size(image, mask, values.shape)
    inside, unknown = split_object(values, mask, void=void, above=above, strict=strict)
    packed_void = None
    if unknown is not None and unknown.any():
        packed_void = CompactMask.of(unknown)
    return ObjectEntry(image, CompactMask.of(inside), packed_void, name, tags or {})
