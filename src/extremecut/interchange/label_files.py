"""What label images of all kinds share: numbering on the way out, classes on the way in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.errors import DataError
from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject
from extremecut.interchange.label_maps import drawn, objects_of
from extremecut.interchange.limits import Allowance
from extremecut.interchange.matching import match
from extremecut.interchange.object_table import Row, read_table
from extremecut.interchange.reading import Photos
from extremecut.interchange.sources import Source
from extremecut.interchange.tally import Tally

Numbered = list[tuple[int, AnnotatedObject]]


def with_pixels(image: AnnotatedImage, tally: Tally) -> list[AnnotatedObject]:
    """The objects that a label image can show."""
    there = [each for each in image.objects if each.mask.box is not None]
    tally.count(
        "Objects without pixels are left out", image.file_name, len(image.objects) - len(there)
    )
    return there


def label_map(
    numbered: Numbered,
    image: AnnotatedImage,
    tally: Tally,
    dtype: type[np.uint8] | type[np.uint16],
) -> NDArray[Any]:
    """The objects drawn over each other; what is covered is counted."""
    labels, covered = drawn(
        [(number, each.mask) for number, each in numbered], image.size_hw, dtype
    )
    tally.count(
        "Where objects overlap, the later drawn one wins; objects that lost pixels",
        image.file_name,
        len(covered),
    )
    return labels


def say_only_in_table(tally: Tally) -> None:
    tally.say(
        "Classes, points and confidences are kept beside the images, in objects.csv, which other "
        "programs do not read."
    )


def tables_of(source: Source, photos: Photos) -> dict[str, list[Row]]:
    """The rows of `objects.csv` by photo."""
    table = read_table(source)
    return {photo: table[name] for name, photo in match(table, photos).items()}


def objects_with_rows(
    labels: NDArray[Any],
    rows: Sequence[Row],
    photo: str,
    photo_hw: tuple[int, int],
    allowance: Allowance,
    tally: Tally,
) -> list[AnnotatedObject]:
    """The objects of a label image, named by the table's rows and in their order.

    Args:
        labels: (H, W), 0 the background.
    """
    return joined(objects_of(labels, allowance), rows, photo, photo_hw, tally)


def joined(
    masks: dict[int, MaskRuns],
    rows: Sequence[Row],
    photo: str,
    photo_hw: tuple[int, int],
    tally: Tally,
) -> list[AnnotatedObject]:
    """Masks by value and rows by value; values without a row come last."""
    found = []
    left = dict(masks)
    seen: set[int] = set()
    for row in rows:
        if row.value in seen:
            raise DataError(f"{row.where}: the value {row.value} is used twice for one image")
        seen.add(row.value)
        mask = left.pop(row.value, None)
        if mask is None:
            tally.count("Objects of which no pixel is left are left out", photo)
        else:
            found.append(row.with_mask(mask, photo_hw))
    return found + [AnnotatedObject(mask) for mask in left.values()]
