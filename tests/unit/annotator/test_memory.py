from __future__ import annotations

from pathlib import Path

import pytest

from extremecut.annotator import memory
from extremecut.annotator.memory import available_bytes, photo_budget_bytes


def test_a_container_has_what_it_is_given(tmp_path: Path) -> None:
    (tmp_path / "limit").write_text("1000000\n")
    (tmp_path / "none").write_text("max\n")
    assert available_bytes((tmp_path / "limit", tmp_path / "missing")) == 1_000_000
    assert available_bytes((tmp_path / "none",)) == available_bytes(())


@pytest.mark.parametrize(
    ("available", "budget"), [(0, 400 << 20), (4 << 30, 1 << 30), (64 << 30, 2 << 30)]
)
def test_photos_get_a_share_within_reason(
    monkeypatch: pytest.MonkeyPatch, available: int, budget: int
) -> None:
    monkeypatch.setattr(memory, "available_bytes", lambda: available)
    assert photo_budget_bytes() == budget
