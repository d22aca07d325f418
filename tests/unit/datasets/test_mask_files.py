from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from extremecut.datasets.mask_files import check_size, read_values, split_object
from extremecut.errors import DataError

HERE = Path("mask.png")


@pytest.mark.parametrize("mode", ["L", "P", "I;16"])
def test_stored_values_come_back_unscaled(write_values: Callable[..., Path], mode: str) -> None:
    values = [[0, 1, 2], [200, 255, 128]]

    assert read_values(write_values("a.png", values, mode=mode)).tolist() == values


def test_sixteen_bit_labels_come_back(write_values: Callable[..., Path]) -> None:
    path = write_values("a.png", [[0, 300], [65535, 1]], mode="I;16")

    assert read_values(path).tolist() == [[0, 300], [65535, 1]]


def test_a_one_bit_image_gives_zero_and_one(tmp_path: Path) -> None:
    Image.fromarray(np.array([[True, False]])).save(tmp_path / "a.png")

    assert read_values(tmp_path / "a.png").tolist() == [[1, 0]]


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_greys_of_few_bits_come_back_as_they_are_stored(
    write_grey: Callable[..., Path], bits: int
) -> None:
    values = [[0, 1, 2**bits - 1], [1, 0, 0]]

    assert read_values(write_grey("a.png", values, bits=bits)).tolist() == values


@pytest.mark.parametrize("opaque", [False, True])
def test_sixteen_bit_labels_stored_as_colour_are_refused(tmp_path: Path, opaque: bool) -> None:
    grey = np.array([[0, 1, 2, 300]], np.uint16)
    channels = [grey] * 3 + [np.full_like(grey, 65535)] * opaque
    cv2.imwrite(str(tmp_path / "a.png"), np.stack(channels, axis=2))

    with pytest.raises(DataError, match=r"a\.png is stored as colour of 16 bits.* save it as grey"):
        read_values(tmp_path / "a.png")


def test_masks_may_be_as_large_as_photos(
    write_values: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 2)  # refused are twice as many

    assert read_values(write_values("a.png", [[0, 1, 2, 3, 4]])).tolist() == [[0, 1, 2, 3, 4]]


def test_grey_stored_as_colour_is_grey(tmp_path: Path) -> None:
    grey = np.array([[0, 255, 128]], np.uint8)
    Image.fromarray(np.stack([grey] * 3, axis=2)).save(tmp_path / "rgb.png")
    Image.fromarray(grey).convert("LA").save(tmp_path / "la.png")

    assert read_values(tmp_path / "rgb.png").tolist() == grey.tolist()
    assert read_values(tmp_path / "la.png").tolist() == grey.tolist()


def test_a_colour_image_is_refused(tmp_path: Path) -> None:
    Image.new("RGB", (2, 2), (1, 2, 3)).save(tmp_path / "a.png")

    with pytest.raises(DataError, match=r"a\.png is a colour image"):
        read_values(tmp_path / "a.png")


def test_an_image_of_fractions_is_not_called_colour(tmp_path: Path) -> None:
    Image.new("F", (2, 2)).save(tmp_path / "a.tif")

    with pytest.raises(DataError, match=r"a\.tif is an image of fractions"):
        read_values(tmp_path / "a.tif")


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
@pytest.mark.parametrize("hidden", [0, 255])
def test_a_mask_that_lies_in_its_opacity_is_refused(tmp_path: Path, mode: str, hidden: int) -> None:
    picture = Image.new("L", (2, 1), hidden).convert(mode)
    picture.putalpha(Image.fromarray(np.array([[0, 255]], np.uint8)))
    picture.save(tmp_path / "a.png")

    with pytest.raises(DataError, match=r"a\.png has transparent pixels .* Save the mask as grey"):
        read_values(tmp_path / "a.png")


@pytest.mark.parametrize("opacity", [[[0, 255]], [[255, 255]], [[0, 0]]])
def test_opacity_that_says_nothing_else_is_passed_over(
    tmp_path: Path, opacity: list[list[int]]
) -> None:
    picture = Image.fromarray(np.array([[0, 255]], np.uint8)).convert("RGBA")
    picture.putalpha(Image.fromarray(np.array(opacity, np.uint8)))
    picture.save(tmp_path / "a.png")

    assert read_values(tmp_path / "a.png").tolist() == [[0, 255]]


def test_where_values_must_be_exact_a_jpeg_is_refused(tmp_path: Path) -> None:
    Image.new("L", (4, 4), 255).save(tmp_path / "a.jpg")

    assert read_values(tmp_path / "a.jpg").tolist() == [[255] * 4] * 4
    with pytest.raises(DataError, match=r"a\.jpg is a JPEG, .* Save it as PNG"):
        read_values(tmp_path / "a.jpg", exact=True)


@pytest.mark.parametrize("damage", ["cut", "text", "missing"])
def test_a_damaged_mask_is_named(
    tmp_path: Path, write_values: Callable[..., Path], damage: str
) -> None:
    noise = np.random.default_rng(0).integers(0, 2, (60, 60)) * 255
    path = write_values("broken.png", noise)
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:200])
    elif damage == "text":
        path.write_text("hello")
    else:
        path.unlink()

    with pytest.raises(DataError, match=r"the mask .*broken\.png cannot be read"):
        read_values(path)


def test_the_object_is_what_lies_above_the_middle() -> None:
    inside, void = split_object(np.array([[0, 127, 128, 255]]), HERE, void=None, above=127)

    assert inside.tolist() == [[False, False, True, True]]
    assert void is None


def test_void_pixels_are_not_the_object() -> None:
    inside, void = split_object(np.array([[0, 128, 255]]), HERE, void=128, above=127)

    assert inside.tolist() == [[False, False, True]]
    assert void is not None
    assert void.tolist() == [[False, True, False]]


def test_an_empty_mask_is_no_error() -> None:
    assert not split_object(np.zeros((2, 2), np.uint8), HERE, void=None, above=127)[0].any()


def test_only_void_is_no_error() -> None:
    inside, void = split_object(np.full((1, 2), 128), HERE, void=128, above=127, strict=True)

    assert void is not None
    assert (inside.any(), void.all()) == (False, True)


def test_label_values_in_a_mask_are_not_taken_for_background() -> None:
    with pytest.raises(DataError, match="no value above 127, but the values 1, 2; give above=0"):
        split_object(np.array([[0, 1, 2]]), HERE, void=None, above=127)


def test_zero_one_masks_are_read_with_another_limit() -> None:
    assert split_object(np.array([[0, 1]]), HERE, void=None, above=0)[0].tolist() == [[False, True]]


def test_strict_masks_hold_one_value() -> None:
    with pytest.raises(DataError, match="holds the values 128, 255 beside 0"):
        split_object(np.array([[0, 128, 255]]), HERE, void=None, above=127, strict=True)


def test_many_values_are_cut_short_in_the_message() -> None:
    with pytest.raises(DataError, match=r"1, 2, 3, 4, 5, 6, \.\.\."):
        split_object(np.arange(20)[None], HERE, void=None, above=127)


def test_a_mask_of_another_size_than_its_photo_names_both(
    write_image: Callable[..., Path],
) -> None:
    photo = write_image("a.jpg", size_hw=(5, 6))

    check_size(photo, HERE, (5, 6))
    with pytest.raises(
        DataError, match=r"a\.jpg has 6 x 5 pixels, but mask\.png was made for 6 x 4"
    ):
        check_size(photo, HERE, (4, 6))


def test_the_photo_of_a_mask_is_as_large_as_it_is_upright(tmp_path: Path) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    Image.new("RGB", (6, 5)).save(tmp_path / "a.jpg", exif=turned)

    check_size(tmp_path / "a.jpg", HERE, (6, 5))


def test_a_damaged_photo_is_found_with_its_mask(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("hello")

    with pytest.raises(
        DataError, match=r"the photo that mask\.png was made for cannot be read: .*a\.jpg"
    ):
        check_size(tmp_path / "a.jpg", HERE, (4, 6))
