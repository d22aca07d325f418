from __future__ import annotations

import numpy as np
import pytest

from extremecut.annotations.mask_runs import EMPTY, MaskRuns
from extremecut.errors import DataError
from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject
from extremecut.interchange.label_files import joined, label_map, with_pixels
from extremecut.interchange.object_table import Row
from extremecut.interchange.tally import Tally

DOT = MaskRuns((0, 0, 1, 1), (0, 1))
IMAGE = AnnotatedImage("a.jpg", (1, 2), (AnnotatedObject(DOT), AnnotatedObject(EMPTY)))


def row(value: int, label: str = "cup") -> Row:
    return Row(value, label, None, [], None, "here")


def test_empty_objects_are_counted_and_left_out() -> None:
    tally = Tally()
    assert with_pixels(IMAGE, tally) == [IMAGE.objects[0]]
    assert tally.sentences() == ("Objects without pixels are left out: 1 (in a.jpg).",)


def test_covered_objects_are_counted() -> None:
    tally = Tally()
    twice = [(1, IMAGE.objects[0]), (2, IMAGE.objects[0])]
    assert label_map(twice, IMAGE, tally, np.uint8).tolist() == [[2, 0]]
    assert len(tally.sentences()) == 1 and ": 1 (in a.jpg)" in tally.sentences()[0]


def test_rows_name_values_in_their_order_and_the_rest_follows() -> None:
    tally = Tally()
    found = joined({1: DOT, 2: DOT, 3: DOT}, [row(3), row(1, "dog"), row(9)], "a", (1, 2), tally)
    assert [each.label for each in found] == ["cup", "dog", "object"]
    assert tally.sentences() == ("Objects of which no pixel is left are left out: 1 (in a).",)
    with pytest.raises(DataError, match="here: the value 1 is used twice"):
        joined({1: DOT}, [row(1), row(1)], "a", (1, 2), Tally())
