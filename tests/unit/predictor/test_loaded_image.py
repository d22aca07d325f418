from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from extremecut.predictor.loaded_image import LoadedImage

PIXELS = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)


@pytest.mark.parametrize("image", [PIXELS, PIXELS[:, ::-1], PIXELS[..., 0], PIXELS[..., :1]])
@pytest.mark.parametrize("order", ["RGB", "BGR"])
def test_an_array_that_is_looked_at_in_place_shows_what_is_written_into_it(
    image: np.ndarray, order: str
) -> None:
    assert LoadedImage.of(image, order).still_shows(image)
    assert not LoadedImage.of(image, order).still_shows(image.copy())


@pytest.mark.parametrize(
    "image", [PIXELS.astype(np.uint16), PIXELS > 9, np.dstack([PIXELS, PIXELS[..., 0]])]
)
def test_an_array_that_was_converted_must_be_again(image: np.ndarray) -> None:
    assert not LoadedImage.of(image, "RGB").still_shows(image)
    assert not LoadedImage.of(PIXELS.tolist(), "RGB").still_shows(PIXELS.tolist())


def test_a_path_shows_the_same_whatever_its_type(tmp_path: Path) -> None:
    Image.fromarray(PIXELS).save(tmp_path / "a.png")
    held = LoadedImage.of(tmp_path / "a.png", "RGB")
    assert held.still_shows(str(tmp_path / "a.png"))
    assert not held.still_shows(tmp_path / "b.png")
    assert not held.still_shows(PIXELS)


def test_a_pil_image_shows_the_same_until_it_moves_to_another_frame(tmp_path: Path) -> None:
    picture = Image.fromarray(PIXELS)
    picture.save(tmp_path / "a.tif", save_all=True, append_images=[picture])
    with Image.open(tmp_path / "a.tif") as film:
        held = LoadedImage.of(film, "RGB")
        assert held.still_shows(film)
        film.seek(1)
        assert not held.still_shows(film)
    assert not held.still_shows(picture)
