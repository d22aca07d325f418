from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from extremecut.evaluation.evaluate import ObjectRow


@pytest.fixture
def make_row() -> Callable[..., ObjectRow]:
    """A row with the fields that matter, the others plausible."""

    def make(**fields: Any) -> ObjectRow:
        usual: dict[str, Any] = {
            "data": "set", "method": "model", "noise_px": 0.0, "index": 0, "name": "a",
            "area_px": 2000, "area_fraction": 0.1, "size": "medium", "fill": "full", "iou": 0.8,
            "boundary_f": 0.7, "error": 0.1, "confidence": None, "seconds": 0.01,
        }  # fmt: skip
        return ObjectRow(**(usual | fields))

    return make
