"""No format loses or invents a pixel beyond what it says, and our reading agrees with others'."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject, AnnotatedSet
from extremecut.interchange.column_runs import of_column_runs
from extremecut.interchange.formats import FORMATS
from extremecut.interchange.label_maps import drawn, objects_of
from extremecut.interchange.limits import Allowance
from extremecut.interchange.outlines import without_holes

# pycocotools decodes by a way that NumPy is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

LABELS = ("cup", "dög", "a: b, 'c'")
CLICKS = st.lists(st.tuples(*[st.floats(-9, 18).map(lambda v: round(v, 3))] * 2), max_size=6)


@st.composite
def images(draw: st.DrawFn) -> AnnotatedImage:
    size_hw = draw(st.tuples(st.integers(1, 9), st.integers(1, 9)))
    masks = draw(st.lists(arrays.arrays(np.bool_, size_hw), max_size=4))
    objects = tuple(
        AnnotatedObject(
            MaskRuns.from_mask(mask),
            draw(st.sampled_from(LABELS)),
            tuple((min(x, 2.0 * size_hw[1]), min(y, 2.0 * size_hw[0])) for x, y in clicks)
            if (clicks := [(max(x, -1.0), max(y, -1.0)) for x, y in draw(CLICKS)])
            else (),
            draw(st.none() | st.floats(0, 1)),
        )
        for mask in masks
    )
    return AnnotatedImage("sub/a b.jpg", size_hw, objects)


def through(name: str, image: AnnotatedImage) -> tuple[AnnotatedObject, ...]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.zip"
        FORMATS[name].write(AnnotatedSet((image,), LABELS), path, tolerance_px=0)
        back, notes = FORMATS[name].read(path, photos={image.file_name: image.size_hw})
        assert not [line for line in notes if not line.startswith("Objects of which no pixel")]
        return back.images[0].objects


@settings(max_examples=20)
@given(images())
@pytest.mark.parametrize("name", ["coco", "masks"])
def test_some_formats_keep_everything(name: str, image: AnnotatedImage) -> None:
    assert through(name, image) == image.objects


@settings(max_examples=20)
@given(images())
def test_labelme_keeps_all_but_empty_objects(image: AnnotatedImage) -> None:
    kept = tuple(each for each in image.objects if each.mask.box is not None)
    assert through("labelme", image) == kept


@settings(max_examples=20)
@given(images())
def test_cvat_keeps_masks_and_labels(image: AnnotatedImage) -> None:
    kept = [(each.mask, each.label) for each in image.objects if each.mask.box is not None]
    assert [(each.mask, each.label) for each in through("cvat", image)] == kept


@settings(max_examples=20)
@given(images())
def test_yolo_keeps_masks_with_their_holes_filled(image: AnnotatedImage) -> None:
    kept = [
        (without_holes(each.mask), each.label)
        for each in image.objects
        if each.mask.box is not None
    ]
    assert [(each.mask, each.label) for each in through("yolo", image)] == kept


@settings(max_examples=20)
@given(images())
@pytest.mark.parametrize("name", ["voc", "davis", "labels"])
def test_label_images_keep_what_is_not_covered(name: str, image: AnnotatedImage) -> None:
    numbered = list(enumerate((each.mask for each in image.objects), start=1))
    labels, _ = drawn(numbered, image.size_hw, np.uint16)
    kept = [
        (MaskRuns.from_mask(labels == number), each.label)
        for number, each in enumerate(image.objects, start=1)
        if (labels == number).any()
    ]
    assert [(each.mask, each.label) for each in through(name, image)] == kept


@given(
    arrays.arrays(
        np.uint16,
        st.tuples(st.integers(1, 9), st.integers(1, 9)),
        elements=st.sampled_from([0, 1, 2, 65535]),
    )
)
def test_label_maps_come_apart_into_the_masks_of_their_values(labels: np.ndarray) -> None:
    expected = {
        int(value): MaskRuns.from_mask(labels == value) for value in np.unique(labels) if value
    }
    assert objects_of(labels, Allowance(labels.shape, "here")) == expected


@given(arrays.arrays(np.bool_, st.tuples(st.integers(1, 9), st.integers(1, 9))), st.booleans())
def test_column_runs_become_the_same_mask(mask: np.ndarray, padded: bool) -> None:
    flat = mask.ravel(order="F")
    edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    runs = np.diff(np.concatenate([[0], edges, [flat.size]]))
    runs = np.concatenate([[0], runs]) if flat[0] else runs
    if padded:  # runs of no length in between mean nothing
        runs = np.concatenate([runs[:1], [0, 0], runs[1:], [0, 0, 0]])
    found = of_column_runs(runs.astype(np.int64), mask.shape, Allowance(mask.shape, "here"))
    assert found == MaskRuns.from_mask(mask)
