from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from onnxruntime import InferenceSession

from extremecut.errors import ConfigError, ModelError
from extremecut.runtime.onnx_backend import OnnxBackend, available_providers

MakeModel = Callable[..., Path]


def batch_of(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((count, 4, 8, 8)).astype(np.float32)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


@pytest.mark.parametrize("count", [1, 3])
def test_probabilities_are_the_graph_s(make_model: MakeModel, count: int) -> None:
    backend = OnnxBackend(make_model(), threads=1)
    batch = batch_of(count)
    found = backend.probabilities(batch)
    assert found.shape == (count, 8, 8) and found.dtype == np.float32
    np.testing.assert_allclose(found, sigmoid(batch[:, 3]), atol=1e-6)


def test_an_empty_batch_gives_an_empty_answer(make_model: MakeModel) -> None:
    assert OnnxBackend(make_model()).probabilities(batch_of(0)).shape == (0, 8, 8)


def test_a_view_with_other_strides_is_taken(make_model: MakeModel) -> None:
    batch = batch_of(2).transpose(0, 1, 3, 2)
    found = OnnxBackend(make_model()).probabilities(batch)
    np.testing.assert_allclose(found, sigmoid(batch[:, 3]), atol=1e-6)


def test_answers_are_fresh_arrays(make_model: MakeModel) -> None:
    backend = OnnxBackend(make_model())
    first = backend.probabilities(batch_of(1))
    kept = first.copy()
    backend.probabilities(batch_of(1, seed=1))
    np.testing.assert_array_equal(first, kept)


def test_a_model_is_opened_from_bytes_and_says_what_it_is(make_model: MakeModel) -> None:
    path = make_model()
    by_path, by_bytes = OnnxBackend(path), OnnxBackend(path.read_bytes())
    assert by_path.info == by_bytes.info or by_path.info.sha256 == by_bytes.info.sha256
    assert by_path.info.name == "guide" and by_path.info.network == {"head": "none"}
    assert by_path.info.confidence is not None
    assert by_path.device == "onnxruntime CPUExecutionProvider"
    assert by_path.spec.size_px == 8


def test_threads_share_one_backend(make_model: MakeModel) -> None:
    backend = OnnxBackend(make_model(), threads=1)
    batches = [batch_of(2, seed=seed) for seed in range(40)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(backend.probabilities, batches))
    for batch, found in zip(batches, answers, strict=True):
        np.testing.assert_allclose(found, sigmoid(batch[:, 3]), atol=1e-6)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.95])
def test_a_cut_file_is_refused(make_model: MakeModel, share: float) -> None:
    path = make_model()
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ModelError, match=r"damaged or not an ONNX model|metadata"):
        OnnxBackend(path)


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.onnx").write_text("no model" * 100)
    with pytest.raises(ModelError, match=r"a\.onnx is damaged or not an ONNX model"):
        OnnxBackend(tmp_path / "a.onnx")
    with pytest.raises(ModelError, match=r"cannot read the model .*b\.onnx: No such file"):
        OnnxBackend(tmp_path / "b.onnx")
    with pytest.raises(ModelError, match="cannot read the model"):
        OnnxBackend(tmp_path)


def test_a_stranger_s_onnx_file_is_told_apart(make_model: MakeModel) -> None:
    with pytest.raises(ModelError, match="without extremecut's metadata"):
        OnnxBackend(make_model(metadata={"author": "somebody"}))


@pytest.mark.parametrize("change", [{"side": 9}, {"output": "mask"}, {"batch": 2}, {"half": True}])
def test_a_graph_that_contradicts_its_metadata_is_refused(
    make_model: MakeModel, change: dict[str, object]
) -> None:
    with pytest.raises(ModelError, match=r"wanted input \(batch, 4, 8, 8\)"):
        OnnxBackend(make_model(**change))


def test_a_graph_for_one_picture_at_a_time_will_do(make_model: MakeModel) -> None:
    assert OnnxBackend(make_model(batch=1)).probabilities(batch_of(1)).shape == (1, 8, 8)


def test_an_absent_provider_is_an_error_that_lists_those_there_are(make_model: MakeModel) -> None:
    with pytest.raises(ModelError, match=r"cannot run on 'abacus'; available: .*cpu"):
        OnnxBackend(make_model(), providers=("abacus",))


def test_a_provider_that_does_not_start_is_not_replaced_in_silence(
    make_model: MakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(InferenceSession, "get_providers", lambda session: ["Another"])
    with pytest.raises(ModelError, match="could not be started, ONNX Runtime fell back to Another"):
        OnnxBackend(make_model())


@pytest.mark.parametrize("name", ["cpu", "CPU", "CPUExecutionProvider"])
def test_providers_go_by_short_or_full_name(make_model: MakeModel, name: str) -> None:
    assert OnnxBackend(make_model(), providers=(name,)).device.endswith("CPUExecutionProvider")


def test_the_cpu_is_available() -> None:
    assert "cpu" in available_providers()


@pytest.mark.parametrize(
    ("threads", "wanted"), [(0, "a whole number of at least 1"), (100_000, "at most 1024")]
)
def test_impossible_numbers_of_threads_are_refused(
    make_model: MakeModel, threads: int, wanted: str
) -> None:
    with pytest.raises(ConfigError, match=f"threads must be {wanted}, got {threads}"):
        OnnxBackend(make_model(), threads=threads)
