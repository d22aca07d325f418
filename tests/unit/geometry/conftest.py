from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

Colour = tuple[float, float, float]


@pytest.fixture
def halves() -> Callable[[Colour, Colour], np.ndarray]:
    """Two plain colours, (3, 32, 32), that meet between columns 15 and 16."""

    def side_by_side(left: Colour, right: Colour) -> np.ndarray:
        rgb = np.empty((3, 32, 32), np.float32)
        rgb[:, :, :16] = np.reshape(left, (3, 1, 1))
        rgb[:, :, 16:] = np.reshape(right, (3, 1, 1))
        return rgb

    return side_by_side
