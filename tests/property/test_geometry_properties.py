"""What must hold for every box, mask and point, not only for the examples."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from extremecut.geometry.boxes import Box, Margin
from extremecut.geometry.crop import CropFrame
from extremecut.geometry.extreme_points import extreme_points
from extremecut.inputs import InputSpec, prepare

SHAPES = st.tuples(st.integers(1, 24), st.integers(1, 24))
MASKS = arrays.arrays(np.bool_, SHAPES)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    x0, y0 = draw(st.integers(-40, 40)), draw(st.integers(-40, 40))
    return Box(x0, y0, x0 + draw(st.integers(1, 300)), y0 + draw(st.integers(1, 300)))


@given(st.data())
def test_crop_then_paste_is_identity_when_the_box_has_the_crops_size(data: st.DataObject) -> None:
    side = data.draw(st.integers(1, 20))
    height, width = data.draw(st.integers(side, 40)), data.draw(st.integers(side, 40))
    x0, y0 = data.draw(st.integers(0, width - side)), data.draw(st.integers(0, height - side))
    image = data.draw(arrays.arrays(np.uint8, (height, width)))
    frame = CropFrame(Box(x0, y0, x0 + side, y0 + side), side)
    pasted = frame.paste(frame.cut(image).astype(np.float32), size_hw=(height, width))
    inside = frame.box.slices
    assert np.array_equal(pasted[inside], image[inside])
    pasted[inside] = 0
    assert not pasted.any()


@settings(max_examples=60)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(2, 12),
    st.integers(1, 120),
    st.integers(1, 120),
    st.integers(-30, 60),
    st.integers(-30, 60),
    st.sampled_from([0.2, 0.5, 0.8]),
    st.sampled_from(["area", "cubic"]),
)
def test_the_mask_is_the_probability_above_the_threshold(
    seed: int, side: int, width: int, height: int, x0: int, y0: int, threshold: float, rule: str
) -> None:
    rng = np.random.default_rng(seed)
    levels = np.array([0.0, 0.2, 0.5, 0.8, 1.0], np.float32)
    crop = rng.choice(levels, (side, side)) if seed % 2 else rng.random((side, side), np.float32)
    frame = CropFrame(Box(x0, y0, x0 + width, y0 + height), side, rule)
    clip = Box(0, 0, 50, 40) if seed % 3 else None
    mask = frame.paste_mask(crop, size_hw=(60, 70), threshold=threshold, clip=clip)
    assert np.array_equal(mask, frame.paste(crop, size_hw=(60, 70), clip=clip) > threshold)


@given(MASKS, st.integers(0, 5), st.integers(0, 2**32 - 1))
def test_points_of_a_mask_lie_on_it(mask: np.ndarray, jitter_px: int, seed: int) -> None:
    if not mask.any():
        return
    box = Box.around_mask(mask)
    exact = extreme_points(mask)
    assert Box.around_points(exact) == box
    jittered = extreme_points(mask, jitter_px=jitter_px, rng=np.random.default_rng(seed))
    for points in (exact, jittered):
        columns, rows = points.astype(int).T
        assert mask[rows, columns].all()
    assert (np.abs(jittered - exact)[[0, 1, 2, 3], [0, 1, 0, 1]] <= jitter_px).all()


@given(MASKS)
def test_flipping_a_mask_flips_its_box(mask: np.ndarray) -> None:
    width = mask.shape[1]
    box, flipped = Box.around_mask(mask), Box.around_mask(mask[:, ::-1])
    assert (box is None) == (flipped is None) == (not mask.any())
    if box is not None and flipped is not None:
        assert flipped.xyxy == (width - box.x1, box.y0, width - box.x0, box.y1)


# Crops of 12 px and more: what is reduced by more than eight is sampled before it is averaged, and
# of two pixels equally near the right one counts.
@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(12, 40))
def test_flipping_the_picture_flips_the_networks_input(seed: int, size_px: int) -> None:
    rng = np.random.default_rng(seed)
    width, height = int(rng.integers(20, 60)), int(rng.integers(20, 60))
    image = rng.integers(0, 256, (height, width, 3), np.uint8)
    points = rng.integers(-5, 60, (5, 2)).astype(float)
    points[0] = (width // 2, height // 2)
    spec = InputSpec(size_px=size_px, margin=Margin(0.2, "box"))
    mirrored = points * (-1, 1) + (width - 1, 0)
    plain = prepare(image, points, spec).array
    turned = prepare(image[:, ::-1], mirrored, spec).array[:, :, ::-1]
    # Resizing rounds to whole grey values, up or down from either side.
    assert np.abs(plain[:3] - turned[:3]).max() <= 1.01 / min(spec.std_rgb)
    assert np.allclose(plain[3], turned[3], atol=1e-5)


@given(boxes(), st.floats(0, 3), st.sampled_from(["image_px", "box"]), st.integers(0, 20))
def test_a_relaxed_box_holds_the_box(box: Box, amount: float, unit: str, minimum: int) -> None:
    relaxed = Margin(amount, unit, minimum).around(box)
    assert relaxed.intersection(box) == box
    assert relaxed.x0 + relaxed.x1 == box.x0 + box.x1  # the same on both sides
