"""Settings."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extremecut.errors import DataError
from extremecut.projects.project import Project


def test_settings_are_json_values_by_name(
    project: Project, open_project: Callable[[], Project]
) -> None:
    assert project.settings == {}
    project.change_settings({"detail_px": 1.5, "shown": ["a", {"b": None}]})
    project.change_settings({"detail_px": 2, "grid": True})
    expected = {"detail_px": 2, "grid": True, "shown": ["a", {"b": None}]}
    assert open_project().settings == expected


def test_none_removes_a_setting(project: Project) -> None:
    project.change_settings({"grid": True, "detail_px": 1})
    assert project.change_settings({"grid": None}) == {"detail_px": 1}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"": 1}, "a setting's name"),
        ({"x": float("nan")}, "must be a JSON value"),
        ({"x": object()}, "must be a JSON value"),
        ({"x": [{"y": "\ud800"}]}, "must be a JSON value"),  # no text; nobody could read it again
        ({"x": "y" * 20_000}, "longer than 20000 characters"),
        ({f"s{n}": n for n in range(201)}, "at most 200 settings"),
    ],
)
def test_settings_that_cannot_be_kept_change_nothing(
    local: Project, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(DataError, match=words):
        local.change_settings({"fine": 1, **changes})
    assert local.settings == {}
