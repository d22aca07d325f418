from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from extremecut.confidence import FEATURES, ConfidenceModel
from extremecut.errors import ConfigError, ModelError
from extremecut.inputs import InputSpec
from extremecut.runtime.backend import (
    MOST_THREADS,
    check_backend,
    check_batch,
    check_threads,
    from_metadata,
    to_metadata,
    usable_cores,
)

SPEC = InputSpec(size_px=16, threshold=0.4)
CONFIDENCE = ConfidenceModel(tuple(range(len(FEATURES))), "five objects")


def test_threads_are_as_many_as_a_machine_can_have() -> None:
    for threads in (None, 1, MOST_THREADS):
        check_threads(threads)
    wrong: tuple[Any, ...] = (0, -1, 1.5, "2")
    for threads in wrong:
        with pytest.raises(ConfigError, match=f"whole number of at least 1, got {threads!r}"):
            check_threads(threads)
    with pytest.raises(ConfigError, match="at most 1024, got 1025: no more than the machine has"):
        check_threads(MOST_THREADS + 1)


def test_metadata_comes_back_as_it_was() -> None:
    metadata = to_metadata(SPEC, card={"a": [1]}, network={"b": 2}, confidence=CONFIDENCE)
    assert all(isinstance(value, str) for value in metadata.values())
    spec, info = from_metadata(metadata, where="m.onnx", file_stem="m", sha256="ab")
    assert spec == SPEC
    assert (info.name, info.sha256, info.card, info.network) == ("m", "ab", {"a": [1]}, {"b": 2})
    assert info.confidence is not None and info.confidence.fitted_on == "five objects"


def test_the_card_s_name_comes_before_the_file_s() -> None:
    metadata = to_metadata(SPEC, card={"name": "small"}, network={})
    _, info = from_metadata(metadata, where="m.onnx", file_stem="m", sha256=None)
    assert info.name == "small" and info.confidence is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"extremecut.format": None}, r"m\.onnx is an ONNX file without extremecut's metadata"),
        ({"extremecut.format": "2"}, "model format 2; this version reads format 1"),
        ({"extremecut.spec": None}, "damaged metadata.*extremecut.spec"),
        ({"extremecut.spec": '{"size_px": 9}'}, "damaged metadata"),
        ({"extremecut.card": "[]"}, "must be JSON objects"),
        ({"extremecut.network": "{"}, "damaged metadata"),
        ({"extremecut.card": "[" * 100_000}, "damaged metadata"),
        ({"extremecut.confidence": '{"weights": [1]}'}, "damaged metadata.*confidence"),
    ],
)
def test_wrong_metadata_is_explained(changes: dict[str, str | None], message: str) -> None:
    metadata = to_metadata(SPEC, card={}, network={}, confidence=CONFIDENCE)
    changed = {k: v for k, v in (metadata | changes).items() if v is not None}
    with pytest.raises(ModelError, match=message):
        from_metadata(changed, where="m.onnx", file_stem="m", sha256=None)


@pytest.mark.parametrize(
    "batch",
    [
        np.zeros((4, 16, 16), np.float32),
        np.zeros((1, 3, 16, 16), np.float32),
        np.zeros((1, 4, 16, 15), np.float32),
        np.zeros((1, 4, 16, 16), np.float64),
    ],
)
def test_other_batches_are_refused(batch: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"float32 of shape \(B, 4, 16, 16\); got float"):
        check_batch(batch, SPEC)


def test_there_is_a_core() -> None:
    assert usable_cores() >= 1


def test_what_is_no_backend_is_told_what_it_lacks() -> None:
    whole = SimpleNamespace(spec=InputSpec(), info=None, device="cpu", probabilities=len)
    assert check_backend(whole) is whole
    del whole.device

    with pytest.raises(ModelError, match="got SimpleNamespace, which has no device; a network in"):
        check_backend(whole)
