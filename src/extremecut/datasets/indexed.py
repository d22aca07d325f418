"""An ObjectSet over files: masks indexed and compact in memory, images decoded on demand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from extremecut.datasets.compact import CompactMask
from extremecut.datasets.image_cache import SHARED_CACHE, ImageCache
from extremecut.datasets.sample import ObjectSample
from extremecut.errors import DataError


@dataclass(frozen=True, slots=True)
class ObjectEntry:
    """One object before its image is decoded."""

    image_path: Path
    mask: CompactMask
    void: CompactMask | None = None
    name: str = ""
    tags: dict[str, str] = field(default_factory=dict)


class IndexedObjects:
    """The objects of a data set; the type that all readers return.

    Args:
        name: the set's short name, for tables.
        entries: in the order of the set; those with an empty mask are skipped, since they have
            no extreme points.
        cache: where decoded images are kept; the shared one by default.
    """

    def __init__(
        self, name: str, entries: Iterable[ObjectEntry], *, cache: ImageCache | None = None
    ) -> None:
        self.name = name
        self.entries: Sequence[ObjectEntry] = [entry for entry in entries if entry.mask.area_px > 0]
        self.cache = SHARED_CACHE if cache is None else cache

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, index: int) -> ObjectSample:
        """Decode one object.

        Raises:
            DataError: the image cannot be read, or is not of its mask's size.
        """
        entry = self.entries[index]
        image = self.cache.load(entry.image_path)
        if image.shape[:2] != entry.mask.size_hw:
            height, width = entry.mask.size_hw
            raise DataError(
                f"{entry.image_path} has {image.shape[1]} x {image.shape[0]} pixels, but the mask "
                f"of {entry.name} has {width} x {height}"
            )
        void = None if entry.void is None else entry.void.unpack()
        return ObjectSample(image, entry.mask.unpack(), void, entry.name, entry.tags)
