"""Packs: objects cut out with their surroundings, in a few zip files that travel well.

::

    PACK/pack.json                  the sets, their weights and parts
    PACK/train-00-000.zip           000000.jpg, 000000.png, ..., objects.json
    PACK/validation-00-000.zip

A mask's PNG holds 255 on the object, 0 beside it, 192 and 64 where the same pixels are void. An
object larger than needed is shrunk. `packed` reads them.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from extremecut.datasets.sample import ObjectSample, ObjectSet
from extremecut.errors import ConfigError
from extremecut.files import atomic_path, write_text
from extremecut.geometry.boxes import Box
from extremecut.training.packed import FORMAT, INDEX, OBJECTS, VOID_LEVELS, PackedSet
from extremecut.training.sources import TrainingSet, spread_subset


def cut_out(
    sample: ObjectSample, *, long_side_px: int, context: float, context_px: int = 16
) -> ObjectSample | None:
    """The object with `context` times its longer side and `context_px` pixels around it, its longer
    side shrunk to `long_side_px` where it is longer.

    Returns:
        None where no object pixel is left.
    """
    box = Box.around_mask(sample.mask)
    if box is None:
        return None
    longer = max(box.width, box.height)
    pad = round(context * longer) + context_px
    near = box.padded(pad, pad).intersection(Box.of_image(sample.mask.shape))
    assert near is not None
    image, mask = sample.image[near.slices], sample.mask[near.slices]
    void = None if sample.void is None else sample.void[near.slices]
    if longer > long_side_px:
        factor = long_side_px / longer
        size = (max(1, round(near.width * factor)), max(1, round(near.height * factor)))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        mask = _shrunk(mask, size)
        void = None if void is None else _shrunk(void, size)
    if not mask.any():
        return None
    return ObjectSample(image, mask, void, sample.name, sample.tags)


def _shrunk(mask: NDArray[np.bool_], size: tuple[int, int]) -> NDArray[np.bool_]:
    levels = mask.astype(np.uint8) * np.uint8(255)
    return cv2.resize(levels, size, interpolation=cv2.INTER_AREA) > 127


def write_pack(
    train: Sequence[TrainingSet],
    validation: Sequence[ObjectSet],
    out: str | os.PathLike[str],
    *,
    long_side_px: int = 640,
    context: float = 0.8,
    context_px: int = 16,
    jpeg_quality: int = 92,
    part_bytes: int = 60_000_000,
    validation_objects: int = 130,
) -> dict[str, Any]:
    """Write a pack; `pack.json` comes last and makes it one, an earlier one there goes first.

    Args:
        context: surroundings on each side, as a fraction of the object's longer side;
            augmentation looks 0.8 far.
        context_px: surroundings beyond that, see `packed.context_px_for`; the pack says how many.
        part_bytes: no part is larger, unless a single object is.

    Returns:
        What `pack.json` holds.

    Raises:
        ConfigError: a set is read from the pack in `out`, whose parts would be replaced.
        DataError: an object cannot be read.
    """
    folder = Path(out)
    for objects in (*(item.objects for item in train), *validation):
        if isinstance(objects, PackedSet) and objects.lies_in(folder):
            raise ConfigError(f"the data is read from the pack {folder}: write to another folder")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / INDEX).unlink(missing_ok=True)  # its parts are replaced one by one
    index: dict[str, Any] = {
        "format": FORMAT, "context_px": context_px, "train": [], "validation": []
    }  # fmt: skip
    jobs = [("train", item, np.arange(len(item.objects))) for item in train]
    jobs += [
        ("validation", TrainingSet(objects, 1.0), spread_subset(len(objects), validation_objects))
        for objects in validation
    ]
    for role, item, numbers in jobs:
        objects = item.objects
        cuts = (
            cut_out(
                objects[int(n)], long_side_px=long_side_px, context=context, context_px=context_px
            )
            for n in numbers
        )
        encoded = (_encode(sample, jpeg_quality) for sample in cuts if sample is not None)
        prefix = f"{role}-{len(index[role]):02d}"
        parts = [
            {"file": _write_part(folder / f"{prefix}-{number:03d}.zip", part), "objects": len(part)}
            for number, part in enumerate(_in_parts(encoded, part_bytes))
        ]
        entry = {"name": objects.name, "weight": item.weight, "terms": item.terms, "parts": parts}
        index[role].append(entry)
    write_text(folder / INDEX, json.dumps(index, indent=1))
    return index


Encoded = tuple[bytes, bytes, dict[str, Any]]


def _encode(sample: ObjectSample, jpeg_quality: int) -> Encoded:
    levels = sample.mask.astype(np.uint8) * np.uint8(255)
    if sample.void is not None:
        for inside, level in VOID_LEVELS.items():
            levels[sample.void & (sample.mask == inside)] = level
    quality = [cv2.IMWRITE_JPEG_QUALITY, jpeg_quality]
    _, jpeg = cv2.imencode(".jpg", cv2.cvtColor(sample.image, cv2.COLOR_RGB2BGR), quality)
    _, png = cv2.imencode(".png", levels)
    about = {"name": sample.name, "tags": sample.tags, "has_void": sample.void is not None}
    return jpeg.tobytes(), png.tobytes(), about


def _in_parts(encoded: Iterable[Encoded], part_bytes: int) -> Iterator[list[Encoded]]:
    part: list[Encoded] = []
    size = 0
    for item in encoded:
        # Beside its data a zip entry costs its headers; 300 bytes an entry is ample.
        item_size = len(item[0]) + len(item[1]) + len(json.dumps(item[2])) + 600
        if part and size + item_size > part_bytes:
            yield part
            part, size = [], 0
        part.append(item)
        size += item_size
    if part:
        yield part


def _write_part(path: Path, part: list[Encoded]) -> str:
    with atomic_path(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for number, (jpeg, png, _) in enumerate(part):
            archive.writestr(f"{number:06d}.jpg", jpeg)
            archive.writestr(f"{number:06d}.png", png)
        archive.writestr(OBJECTS, json.dumps([about for _, _, about in part]))
    return path.name
