from __future__ import annotations

import copy
import pickle

import pytest

from extremecut import errors


@pytest.mark.parametrize("name", ["InputError", "PointsError", "ImageError", "DataError"])
def test_wrong_input_can_be_caught_as_a_value_error(name: str) -> None:
    error = getattr(errors, name)
    assert issubclass(error, ValueError) and issubclass(error, errors.ExtremecutError)


def test_a_missing_extra_says_what_to_type() -> None:
    error = errors.MissingExtraError("Training", "train")
    assert isinstance(error, ImportError)
    assert str(error) == "Training needs more packages. Type: pip install 'extremecut[train]'"


@pytest.mark.parametrize(
    "error",
    [errors.MissingExtraError("Training", "train"), errors.ConflictError("changed", 3)],
    ids=lambda error: type(error).__name__,
)
def test_errors_travel_between_processes(error: Exception) -> None:
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(again) is type(error) and str(again) == str(error)
        assert vars(again) == vars(error)
