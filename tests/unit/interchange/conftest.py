"""A small set with everything that formats fail at, and ways through a format and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from extremecut.annotations.mask_runs import EMPTY, MaskRuns
from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject, AnnotatedSet
from extremecut.interchange.formats import FORMATS

SIZE_HW = (12, 16)
Boxes = tuple[int, int, int, int]
Through = Callable[..., tuple[AnnotatedSet, tuple[str, ...], tuple[str, ...]]]


def blocks(*boxes: Boxes, holes: tuple[Boxes, ...] = ()) -> MaskRuns:
    """The mask of some boxes x0, y0, x1, y1 without some others."""
    mask = np.zeros(SIZE_HW, bool)
    for boxes_of, value in ((boxes, True), (holes, False)):
        for x0, y0, x1, y1 in boxes_of:
            mask[y0:y1, x0:x1] = value
    return MaskRuns.from_mask(mask)


CLICKS = ((1.0, 3.0), (2.0, 1.0), (5.0, 2.0), (3.0, 5.0))
PLAIN = AnnotatedObject(blocks((1, 1, 6, 6)), "cup", CLICKS, 0.875, "left one")
HOLED = AnnotatedObject(blocks((7, 1, 15, 8), holes=((9, 3, 12, 6),)), "dog")
PARTS = AnnotatedObject(blocks((0, 8, 3, 11), (5, 9, 8, 12), (6, 7, 7, 8)), "cup")
OVERLAPPING = AnnotatedObject(blocks((4, 4, 10, 9)), "dog", confidence=0.25)
NOTHING = AnnotatedObject(EMPTY, "dog")


@pytest.fixture
def samples() -> SimpleNamespace:
    """Objects of one photo, and what makes a set or a mask of them."""
    return SimpleNamespace(
        plain=PLAIN, holed=HOLED, parts=PARTS, overlapping=OVERLAPPING, nothing=NOTHING,
        size_hw=SIZE_HW, blocks=blocks, set_of=set_of,
    )  # fmt: skip


def set_of(*objects: AnnotatedObject, file_name: str = "sub/a.jpg") -> AnnotatedSet:
    return AnnotatedSet((AnnotatedImage(file_name, SIZE_HW, objects),), ("cup", "dog"))


@pytest.fixture
def through(tmp_path: Path) -> Through:
    """Writes objects of one photo in a format without tolerance, and reads them back.

    Returns the set that came back, what was lost, and the reader's notes.
    """

    def run(
        name: str, *objects: AnnotatedObject, to: str = "out", tolerance_px: float = 0.0
    ) -> tuple[AnnotatedSet, tuple[str, ...], tuple[str, ...]]:
        annotated = set_of(*objects)
        path = tmp_path / to
        losses = FORMATS[name].write(annotated, path, tolerance_px=tolerance_px, overwrite=True)
        assert FORMATS[name].losses(annotated, tolerance_px=tolerance_px) == losses
        back, notes = FORMATS[name].read(path, photos={"sub/a.jpg": SIZE_HW, "b.jpg": SIZE_HW})
        return back, losses, notes

    return run
