"""Segmenters of backends made by hand."""

from __future__ import annotations

from typing import Any

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
