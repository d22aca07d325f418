"""Segmenters of backends made by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from extremecut import Segmenter
from extremecut.geometry.boxes import Margin
from extremecut.inputs import InputSpec


@pytest.fixture
def segmenter(disc_backend: Any) -> Segmenter:
    return Segmenter(disc_backend)


@pytest.fixture
def first_channel(backend_of: Any) -> Any:
    """A network whose answer is the red channel of its input, as a probability."""
    spec = InputSpec(
        size_px=64, margin=Margin(0), mean_rgb=(0, 0, 0), std_rgb=(255, 255, 255), clip_to_box=True
    )
    return backend_of(lambda batch: batch[:, 0].copy(), spec)


@pytest.fixture
def ramp() -> Callable[[np.ndarray], np.ndarray]:
    """Whatever it sees, 0 at the left to 1 at the right: averaged with its mirror image, flat."""

    def answer(batch: np.ndarray) -> np.ndarray:
        side = batch.shape[-1]
        row = np.linspace(0, 1, side, dtype=np.float32)
        return np.broadcast_to(row, (len(batch), side, side)).copy()

    return answer
