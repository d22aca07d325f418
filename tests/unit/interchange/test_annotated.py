from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from extremecut.annotations.mask_runs import EMPTY
from extremecut.interchange.annotated import AnnotatedObject


def test_an_object_needs_a_mask_alone_and_does_not_change() -> None:
    found = AnnotatedObject(EMPTY)
    assert (found.label, found.points_xy, found.confidence, found.identity) == (
        "object", (), None, None,
    )  # fmt: skip
    with pytest.raises(FrozenInstanceError):
        found.label = "cup"  # type: ignore[misc]
