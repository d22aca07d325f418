"""Masks as text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pycocotools import mask as coco_mask

from extremecut.annotations.mask_runs import EMPTY, MaskRuns
from extremecut.annotations.packed_mask import PackedMask, runs_to_text, text_to_runs
from extremecut.errors import DataError

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@given(st.lists(st.integers(0, 2**32 - 1)))
def test_runs_come_back_as_they_were(runs: list[int]) -> None:
    assert text_to_runs(runs_to_text(runs)) == tuple(runs)


@given(arrays(bool, st.tuples(st.integers(1, 7), st.integers(1, 7))))
def test_cocos_tools_read_the_text(mask: np.ndarray) -> None:
    packed = PackedMask.of(MaskRuns.from_mask(mask))
    assert packed.unpacked().mask(mask.shape).tolist() == mask.tolist()
    if mask.any():
        x0, y0, x1, y1 = packed.box_xyxy
        inside = coco_mask.decode({"size": [x1 - x0, y1 - y0], "counts": packed.runs}).T
        assert inside.tolist() == mask[y0:y1, x0:x1].tolist()


def test_a_run_of_an_outline_takes_about_a_character() -> None:
    y, x = np.ogrid[:400, :400]
    mask = MaskRuns.from_mask((x - 200) ** 2 + (y - 200) ** 2 < 190**2)
    assert len(PackedMask.of(mask).runs) < 1.1 * len(mask.runs)


def test_an_empty_mask_has_no_text() -> None:
    assert PackedMask.of(EMPTY) == PackedMask((0, 0, 0, 0), "")
    assert PackedMask.of(EMPTY).unpacked() == EMPTY


@pytest.mark.parametrize("text", ["o", "0 3", "\u00e9", "0" + "o" * 12 + "0"])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(DataError, match="COCO's compressed run lengths"):
        text_to_runs(text)
