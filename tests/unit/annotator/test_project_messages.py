from __future__ import annotations

import pytest
from pydantic import ValidationError

from extremecut.annotator.project_messages import ClassPatch, Counts, NewClass, Settings
from extremecut.projects.records import Summary


def test_counts_are_the_summarys() -> None:
    fields = set(Summary.__dataclass_fields__)
    assert set(Counts.model_fields) == fields - {"name", "photos_folder_name"}


@pytest.mark.parametrize("color", ["#12345", "red", "#12345g", "#1234567", "#123456\n"])
def test_colours_are_six_hexadecimal_digits(color: str) -> None:
    assert NewClass(name="a", color="#aBcDeF").color == "#aBcDeF"
    with pytest.raises(ValidationError):
        NewClass(name="a", color=color)


def test_a_patch_may_leave_everything_out() -> None:
    assert ClassPatch().model_dump() == {"name": None, "color": None, "order": None}
    with pytest.raises(ValidationError):
        ClassPatch(order=-1)


def test_settings_hold_any_json_and_nothing_else() -> None:
    assert Settings.model_validate({"a": [1, {"b": None}]}).model_extra == {"a": [1, {"b": None}]}
    with pytest.raises(ValidationError):
        Settings.model_validate({"a": object()})
