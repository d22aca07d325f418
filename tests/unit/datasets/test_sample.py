from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from extremecut.datasets.sample import ObjectSample, ObjectSet
from extremecut.datasets.synthetic import SyntheticObjects


def test_a_sample_without_void_and_tags_is_complete() -> None:
    sample = ObjectSample(np.zeros((2, 3, 3), np.uint8), np.ones((2, 3), bool))

    assert (sample.void, sample.name, sample.tags) == (None, "", {})


def test_a_sample_is_not_changed_but_replaced() -> None:
    sample = ObjectSample(np.zeros((2, 3, 3), np.uint8), np.ones((2, 3), bool), name="a")

    with pytest.raises(dataclasses.FrozenInstanceError):
        sample.name = "b"  # type: ignore[misc]
    assert dataclasses.replace(sample, name="b").mask is sample.mask


def test_samples_do_not_share_their_tags() -> None:
    image, mask = np.zeros((1, 1, 3), np.uint8), np.ones((1, 1), bool)
    ObjectSample(image, mask).tags["category"] = "dog"

    assert ObjectSample(image, mask).tags == {}


def test_a_set_is_anything_with_a_name_a_length_and_objects() -> None:
    objects: ObjectSet = SyntheticObjects(3)

    assert (objects.name, len(objects), objects[2].mask.dtype) == ("synthetic", 3, bool)
