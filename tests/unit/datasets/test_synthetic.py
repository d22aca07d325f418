from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from extremecut.datasets.synthetic import (
    SyntheticObjects,
    ellipse_mask,
    polygon_mask,
    star_vertices,
)
from extremecut.errors import ConfigError


def test_an_ellipse_holds_the_pixels_within_its_radii() -> None:
    mask = ellipse_mask((5, 7), center_xy=(3, 2), radii_xy=(3, 1))

    assert mask.sum(axis=1).tolist() == [0, 1, 7, 1, 0]


def test_a_rotated_ellipse_swaps_its_axes() -> None:
    upright = ellipse_mask((9, 9), center_xy=(4, 4), radii_xy=(1.5, 3.5))
    turned = ellipse_mask((9, 9), center_xy=(4, 4), radii_xy=(3.5, 1.5), angle_rad=math.pi / 2)

    assert np.array_equal(upright, turned)


def test_a_polygon_holds_the_pixel_centres_inside() -> None:
    square = np.array([[0.5, 0.5], [3.5, 0.5], [3.5, 2.5], [0.5, 2.5]])

    mask = polygon_mask((4, 6), square)

    expected = np.zeros((4, 6), bool)
    expected[1:3, 1:4] = True
    assert np.array_equal(mask, expected)


def test_a_polygon_may_be_drawn_either_way_round() -> None:
    vertices = star_vertices((10.3, 9.8), 8, 7, np.random.default_rng(1))

    assert np.array_equal(polygon_mask((20, 20), vertices), polygon_mask((20, 20), vertices[::-1]))
    assert polygon_mask((20, 20), vertices)[10, 10]


def test_an_object_depends_on_seed_and_number_alone() -> None:
    first, second = SyntheticObjects(10, seed=4), SyntheticObjects(20, seed=4)

    for index in (3, 0, 3):
        assert np.array_equal(first[index].image, second[index].image)
        assert np.array_equal(first[index].mask, second[index].mask)
    assert not np.array_equal(first[3].image, SyntheticObjects(10, seed=5)[3].image)


def test_objects_lie_inside_their_images_and_stand_out() -> None:
    objects = SyntheticObjects(40, seed=0)

    for index in range(len(objects)):
        sample = objects[index]
        assert sample.image.shape == (96, 128, 3)
        assert sample.image.dtype == np.uint8
        rim = np.concatenate([sample.mask[0], sample.mask[-1], *sample.mask[:, [0, -1]].T])
        assert not rim.any()
        inside = sample.image[sample.mask].mean(axis=0)
        outside = sample.image[~sample.mask].mean(axis=0)
        assert np.abs(inside - outside).max() > 20
        assert sample.mask.sum() >= 20


def test_names_are_unique_and_tell_the_shape() -> None:
    objects = SyntheticObjects(6)

    assert len({objects[k].name for k in range(6)}) == 6
    assert [objects[k].tags["category"] for k in range(2)] == ["ellipse", "polygon"]


def test_numbers_beyond_the_set_are_refused() -> None:
    with pytest.raises(IndexError):
        SyntheticObjects(2)[2]


@pytest.mark.parametrize("wrong", [{"size_hw": (8, 100)}, {"count": -1}, {"seed": -1}])
def test_impossible_settings_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="a seed from 0 and sides of 16 px or more, got count"):
        SyntheticObjects(**wrong)
