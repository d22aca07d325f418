"""What label images of all kinds share: numbering on the way out, classes on the way in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.errors import DataError
from extremecut.interchange.annotated import DEFAULT_LABEL, AnnotatedImage, AnnotatedObject
from extremecut.interchange.label_maps import drawn, objects_of
from extremecut.interchange.limits import Allowance
from extremecut.interchange.matching import match
from extremecut.interchange.object_table import TABLE, Row, read_table
from extremecut.interchange.reading import Photos, without_ending
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
    tally.say("Classes without objects and the order of the classes are not kept.")


@dataclass(frozen=True, slots=True)
class Tables:
    """The rows of `objects.csv` by photo."""

    rows: dict[str, list[Row]]
    there: bool
    """Whether there is such a file."""

    def of(self, photo: str) -> list[Row] | None:
        """One photo's rows; None where there is no file."""
        return self.rows.get(photo, [] if self.there else None)

    def say_without_file(self, found: Collection[str], tally: Tally) -> None:
        """Count the objects of photos that have no label image; `found` are those that have."""
        for photo, rows in self.rows.items():
            if photo not in found:
                tally.count(
                    f"Objects of {TABLE} without a label image are left out", photo, len(rows)
                )


def tables_of(source: Source, photos: Photos) -> Tables:
    """The rows of the source's `objects.csv`, whose photos may have other endings by now."""
    table = read_table(source)
    if table is None:
        return Tables({}, False)
    photo_of = match(table, photos)
    stems = {without_ending(name): name for name in table if name not in photo_of}
    others = photos.keys() - photo_of.values()
    for stem, photo in match(stems, others, by_stem=True).items():
        photo_of[stems[stem]] = photo
    return Tables({photo: table[name] for name, photo in photo_of.items()}, True)


def objects_with_rows(
    labels: NDArray[Any],
    rows: Sequence[Row] | None,
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
    rows: Sequence[Row] | None,
    photo: str,
    photo_hw: tuple[int, int],
    tally: Tally,
) -> list[AnnotatedObject]:
    """Masks by value and rows by value; values without a row come last.

    Args:
        rows: of this photo; None where there is no table at all.
    """
    found = []
    left = dict(masks)
    seen: set[int] = set()
    for row in rows or ():
        if row.value in seen:
            raise DataError(f"{row.where}: the value {row.value} is used twice for one image")
        seen.add(row.value)
        mask = left.pop(row.value, None)
        if mask is None:
            tally.count("Objects of which no pixel is left are left out", photo)
        else:
            found.append(row.with_mask(mask, photo_hw))
    if rows is not None:
        say_without_row(tally, photo, len(left))
    return found + [AnnotatedObject(mask) for mask in left.values()]


def say_without_row(tally: Tally, photo: str, number: int) -> None:
    tally.count(
        f'Objects that {TABLE} does not name, now of the class "{DEFAULT_LABEL}"', photo, number
    )
