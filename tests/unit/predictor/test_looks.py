from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from extremecut.confidence import uncertainty
from extremecut.errors import ModelError
from extremecut.inputs import InputSpec
from extremecut.predictor.looks import look_at

ARRAY = np.random.default_rng(0).random((4, 32, 32), np.float32)


def test_an_unsure_answer_is_averaged_with_the_mirrored_one(backend_of: Any, ramp: Any) -> None:
    spec = InputSpec(size_px=32, second_look=0.3)
    assert uncertainty(ramp(np.empty((1, 4, 32, 32)))[0]) > 0.3
    backend = backend_of(ramp, spec)
    found = look_at(backend, ARRAY)
    assert backend.batches == [(1, 4, 32, 32)] * 2
    assert np.allclose(found, 0.5)


@pytest.mark.parametrize("second_look", [None, 0.9])
def test_an_answer_that_is_sure_enough_stands(
    backend_of: Any, ramp: Any, second_look: float | None
) -> None:
    backend = backend_of(ramp, InputSpec(size_px=32, second_look=second_look))
    found = look_at(backend, ARRAY)
    assert backend.batches == [(1, 4, 32, 32)]
    assert np.allclose(found, ramp(np.empty((1, 4, 32, 32)))[0])


def test_what_is_quite_sure_is_never_looked_at_twice(backend_of: Any) -> None:
    def sure(batch: np.ndarray) -> np.ndarray:
        return np.ones((len(batch), *batch.shape[2:]), np.float32)

    backend = backend_of(sure, InputSpec(size_px=32, second_look=0.0))
    look_at(backend, ARRAY)
    assert len(backend.batches) == 1


def test_the_second_look_is_at_the_mirrored_picture(backend_of: Any) -> None:
    seen = []

    def remember(batch: np.ndarray) -> np.ndarray:
        seen.append(batch[0].copy())
        return batch[:, 3].copy()

    spec = InputSpec(size_px=32, second_look=0.0)
    found = look_at(backend_of(remember, spec), ARRAY)
    plain, mirrored = seen
    assert np.array_equal(mirrored, plain[:, :, ::-1])
    # Flipped back before averaging, the guidance is where it was.
    assert np.allclose(found, plain[3])


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("second_look", [None, 0.3])
def test_an_answer_that_is_no_number_is_the_models_mistake(
    backend_of: Any, ramp: Any, wrong: float, second_look: float | None
) -> None:
    def answer(batch: np.ndarray) -> np.ndarray:
        found: np.ndarray = ramp(batch)
        found[:, 3, 5] = wrong
        return found

    backend = backend_of(answer, InputSpec(size_px=32, second_look=second_look))
    with pytest.raises(ModelError, match=r"by hand answered with NaN or infinity .* on nothing"):
        look_at(backend, ARRAY)


def test_the_second_answer_is_checked_as_well(backend_of: Any, ramp: Any) -> None:
    def answer(batch: np.ndarray) -> np.ndarray:
        found: np.ndarray = ramp(batch)
        return found if np.array_equal(batch[0], ARRAY) else found * np.float32(np.nan)

    with pytest.raises(ModelError, match="NaN"):
        look_at(backend_of(answer, InputSpec(size_px=32, second_look=0.3)), ARRAY)
