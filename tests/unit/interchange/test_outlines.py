from __future__ import annotations

import numpy as np
import pytest

from extremecut.annotations.mask_runs import EMPTY, MaskRuns
from extremecut.errors import DataError
from extremecut.interchange.limits import Allowance
from extremecut.interchange.outlines import (
    bridged,
    corners_of,
    filled,
    of_part,
    outlines,
    parts_of,
    united,
    without_holes,
)
from extremecut.interchange.tally import Tally

SIZE_HW = (6, 9)


def mask_of(*rows: str) -> MaskRuns:
    return MaskRuns.from_mask(np.array([[c == "#" for c in row] for row in rows]))


def fill(*rings: list[list[float]]) -> MaskRuns:
    arrays = [np.array(ring, np.float64) for ring in rings]
    return filled(arrays, SIZE_HW, "here", Allowance(SIZE_HW, "here"))


def test_outlines_lie_in_the_photo_where_the_mask_is() -> None:
    (part,) = outlines(MaskRuns((4, 3, 6, 5), (0, 4)), tolerance_px=0)
    assert part.outer.tolist() == [[3.5, 2.5], [5.5, 2.5], [5.5, 4.5], [3.5, 4.5]]
    assert outlines(EMPTY, tolerance_px=0) == []


def test_holes_are_filled_with_what_lies_in_them() -> None:
    ring = mask_of("#####", "#...#", "#.#.#", "#...#", "#####")
    assert without_holes(ring) == mask_of(*["#####"] * 5)
    assert without_holes(mask_of("##", ".#")) == mask_of("##", ".#")
    assert without_holes(EMPTY) == EMPTY


def test_bridges_have_no_width() -> None:
    parts = mask_of("##....##", "##......", "......#.", "..###...")
    rings = [part.outer for part in outlines(parts, tolerance_px=0)]
    assert len(rings) == 4
    assert fill(bridged(rings).tolist()) == parts


def test_rings_are_united_and_cut_at_the_border() -> None:
    square = [[-9, -6], [1.2, -6], [1.2, 0.2], [-9, 0.2]]
    assert fill(square, square) == MaskRuns((0, 0, 2, 1), (0, 2))
    assert fill([[-9, -6], [-4, -6], [-4, -3]]) == EMPTY
    assert fill() == EMPTY


@pytest.mark.parametrize(
    ("ring", "message"),
    [
        ([[0, 0], [1, 1]], "three or more points, got 2"),
        ([[0, 0], [1, 1], [np.nan, 1]], "far outside the photo of 9 x 6"),
        ([[0, 0], [1, 1], [np.inf, 1]], "far outside"),
        ([[0, 0], [1, 1], [0, -20]], "far outside"),
        ([[0, -6], [0, 12]] * 100_000, "an outline of 3600000 pixels is no object's"),
    ],
)
def test_rings_of_no_object_are_refused(ring: list, message: str) -> None:
    with pytest.raises(DataError, match=f"here: .*{message}"):
        fill(ring)


def test_parts_are_united() -> None:
    allowance = Allowance(SIZE_HW, "here")
    a, b = MaskRuns((0, 0, 2, 1), (0, 2)), MaskRuns((1, 0, 2, 2), (0, 2))
    assert united([a, EMPTY, b], allowance) == mask_of("##", ".#")
    assert united([a], allowance) == a and united([], allowance) == EMPTY


def test_noise_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extremecut.interchange.limits.MAX_RUNS", 10)
    noise = np.tile([True, False], (4, 4))
    with pytest.raises(DataError, match="noise"):
        of_part(noise, (0, 0), Allowance(SIZE_HW, "here"))


def test_corners_are_counted_from_pixel_centres() -> None:
    assert corners_of([0, 0, 1, 2]).tolist() == [[-0.5, -0.5], [0.5, 1.5]]


def test_a_box_around_the_other_parts_is_none_itself() -> None:
    def box(x0: int, y0: int, x1: int, y1: int) -> tuple[MaskRuns, bool]:
        return fill([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]), True

    parts = [(mask_of("........", ".##...#.", "..#....."), False), (EMPTY, False)]
    for loose in range(3):
        tally = Tally()
        around = box(max(1 - loose, 0), max(1 - loose, 0), 7, 3 + loose)
        assert parts_of([around, *parts], tally, "a.jpg") == [mask for mask, _ in parts]
        assert tally.sentences() == (
            "Boxes around an outline of the same group are left out: 1 (in a.jpg).",
        )
    for boxes in ([box(4, 0, 8, 3)], [box(0, 0, 1, 1), box(1, 1, 7, 6)]):
        tally = Tally()
        shapes = [*parts, *boxes]
        assert parts_of(shapes, tally, "a.jpg") == [mask for mask, _ in shapes]
        assert tally.sentences() == ()
    assert (
        parts_of([box(0, 0, 7, 5), box(0, 0, 7, 5)], Tally(), "a.jpg") == [box(0, 0, 7, 5)[0]] * 2
    )
