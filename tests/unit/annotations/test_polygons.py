from __future__ import annotations

import numpy as np
import pytest

from extremecut.annotations.polygons import MINIMUM_IOU, Polygon, fill, simplified, trace
from extremecut.geometry.boxes import Box


def mask_of(*rows: str) -> np.ndarray:
    return np.array([[character == "#" for character in row] for row in rows])


def test_a_pixel_is_outlined_along_its_edges() -> None:
    (polygon,) = trace(mask_of("...", ".#."))
    assert polygon.outer.tolist() == [[0.5, 0.5], [1.5, 0.5], [1.5, 1.5], [0.5, 1.5]]
    assert polygon.holes == ()


def test_only_corners_are_vertices() -> None:
    (polygon,) = trace(mask_of("####.", "####.", "#####"))
    assert polygon.outer.tolist() == [
        [-0.5, -0.5], [3.5, -0.5], [3.5, 1.5], [4.5, 1.5], [4.5, 2.5], [-0.5, 2.5]
    ]  # fmt: skip


def test_a_hole_is_a_ring_of_its_part_that_runs_the_other_way() -> None:
    polygons = trace(mask_of("###.#", "#.#.#", "###.#"))
    assert len(polygons) == 2
    (hole,) = polygons[0].holes
    assert hole.tolist() == [[0.5, 0.5], [0.5, 1.5], [1.5, 1.5], [1.5, 0.5]]
    assert polygons[1].holes == ()


def test_an_island_in_a_hole_is_a_part_of_its_own() -> None:
    polygons = trace(mask_of("#####", "#...#", "#.#.#", "#...#", "#####"))
    assert [len(polygon.holes) for polygon in polygons] == [1, 0]
    assert [polygon.rings for polygon in polygons] == [
        (polygon.outer, *polygon.holes) for polygon in polygons
    ]


def test_pixels_that_touch_by_a_corner_are_two_parts() -> None:
    assert len(trace(mask_of("#.", ".#"))) == 2
    assert len(trace(mask_of(".#", "#."))) == 2


def test_holes_that_touch_by_a_corner_are_one_ring() -> None:
    # As parts are connected by edges only, what surrounds them is connected by corners too.
    (polygon,) = trace(mask_of("####", "#.##", "##.#", "####"))
    (hole,) = polygon.holes
    assert len(hole) == 8
    assert fill([polygon], Box(0, 0, 4, 4)).sum() == 14


def test_an_empty_mask_has_no_outline() -> None:
    assert trace(np.zeros((4, 5), bool)) == []
    assert not fill([], Box(0, 0, 5, 4)).any()


def test_filling_takes_pixels_whose_centres_are_inside() -> None:
    triangle = Polygon(np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]]))
    assert fill([triangle], Box(-1, 0, 5, 5)).astype(int).tolist() == [
        [0, 1, 1, 1, 1, 0],
        [0, 1, 1, 1, 0, 0],
        [0, 1, 1, 0, 0, 0],
        [0, 1, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0],
    ]


def test_filling_cuts_at_the_box() -> None:
    square = Polygon(np.array([[-9.0, -9.0], [9.0, -9.0], [9.0, 9.0], [-9.0, 9.0]]))
    assert fill([square], Box(0, 0, 3, 2)).all()
    assert not fill([square], Box(20, 20, 23, 22)).any()


def disc(radius: float) -> np.ndarray:
    y, x = np.mgrid[:200, :200]
    return np.hypot(x - 100, y - 100) < radius


def test_simplified_outlines_have_few_vertices_and_stay_close() -> None:
    mask = disc(80)
    box = Box.around_mask(mask)
    assert box is not None
    exact = trace(mask)
    (fewer,) = simplified(exact, tolerance_px=1.0, mask=mask, box=box)
    assert len(fewer.outer) < len(exact[0].outer) / 4
    distances = np.abs(np.hypot(*(fewer.outer - 100).T) - 80)
    assert distances.max() < 2


@pytest.mark.parametrize("tolerance", [0.0, 1.0, 5.0, 1000.0])
@pytest.mark.parametrize("radius", [1, 3, 9])
def test_simplifying_never_loses_a_small_object(radius: float, tolerance: float) -> None:
    mask = disc(radius)
    box = Box.around_mask(mask)
    assert box is not None
    polygons = simplified(trace(mask), tolerance_px=tolerance, mask=mask, box=box)
    filled = fill(polygons, box)
    iou = (filled & mask[box.slices]).sum() / (filled | mask[box.slices]).sum()
    assert iou >= MINIMUM_IOU
    if tolerance == 0:
        assert iou == 1


def test_a_thin_line_keeps_its_exact_outline() -> None:
    mask = np.zeros((20, 50), bool)
    mask[10, 5:45] = True
    (polygon,) = simplified(trace(mask), tolerance_px=2.0, mask=mask, box=Box(5, 10, 45, 11))
    assert polygon.outer.tolist() == [[4.5, 9.5], [44.5, 9.5], [44.5, 10.5], [4.5, 10.5]]
