from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from extremecut.datasets.grabcut import read_grabcut
from extremecut.errors import DataError

TRIMAP = [[0, 128, 255, 255, 128, 0]] * 4


@pytest.mark.parametrize(("images", "masks"), [("images", "masks"), ("data_GT", "boundary_GT")])
def test_the_uncertain_band_is_void(
    tmp_path: Path,
    write_image: Callable[..., Path],
    write_values: Callable[..., Path],
    images: str,
    masks: str,
) -> None:
    write_image(f"{images}/flower.jpg")
    write_values(f"{masks}/flower.png", TRIMAP)

    sample = read_grabcut(tmp_path)[0]

    assert sample.name == "flower"
    assert sample.mask.sum() == 8
    assert sample.void is not None
    assert np.array_equal(sample.void, np.array(TRIMAP) == 128)


def test_a_folder_of_another_layout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="images and masks or data_GT and boundary_GT; found 0"):
        read_grabcut(tmp_path)
