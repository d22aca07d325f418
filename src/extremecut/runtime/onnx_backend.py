"""Runs an ONNX file on ONNX Runtime; needs no torch."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from extremecut.errors import ModelError
from extremecut.inputs import InputSpec
from extremecut.runtime.backend import (
    ModelInfo,
    check_batch,
    check_threads,
    from_metadata,
    usable_cores,
)

PROVIDERS = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
    "rocm": "ROCMExecutionProvider",
    "migraphx": "MIGraphXExecutionProvider",
    "openvino": "OpenVINOExecutionProvider",
    "directml": "DmlExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
}
"""Short names; ONNX Runtime's own names are taken as well."""

SPIN_US = 50
"""How long a thread waits actively for its next share of a layer. ONNX Runtime's own choice, a
thousand times more, doubles the time of a call when other programs want the cores."""

_FLOAT32 = "tensor(float)"
_LOG_NOTHING = 4  # failures arrive as exceptions; ONNX Runtime would print them a second time


class OnnxBackend:
    """A model file written by `runtime.export`, ready to run.

    Example:
        >>> backend = OnnxBackend("small.onnx", threads=2)  # doctest: +SKIP
        >>> backend.probabilities(batch).shape  # doctest: +SKIP
        (1, 288, 288)
    """

    spec: InputSpec
    info: ModelInfo
    device: str

    def __init__(
        self,
        path_or_bytes: str | os.PathLike[str] | bytes,
        *,
        providers: Sequence[str] = ("CPUExecutionProvider",),
        threads: int | None = None,
        allow_spinning: bool = True,
    ) -> None:
        """Open a model.

        Args:
            path_or_bytes: the file, or its whole content.
            providers: what may run it, best first: keys of `PROVIDERS` or ONNX Runtime's names.
                The CPU takes what the first cannot.
            threads: CPU threads for one call; None for one a core that this process may use.
            allow_spinning: whether threads wait actively, for `SPIN_US` at most, between the
                layers of a call. Quicker on a free machine, slower on a crowded one.

        Raises:
            ModelError: the file is missing, cut, of another kind or of a later format, or the
                provider is not there.
            ConfigError: fewer than one thread, or more than any machine has use for.
        """
        where, stem, content = _read(path_or_bytes)
        names = _provider_names(providers)
        check_threads(threads)
        options = _options(threads, allow_spinning)
        try:
            self._session = onnxruntime.InferenceSession(content, options, providers=names)
        except Exception as error:  # ONNX Runtime's exceptions share no base class
            raise ModelError(
                f"{where} is damaged or not an ONNX model: {_first_line(error)}"
            ) from None
        in_use = self._session.get_providers()
        if in_use[0] != names[0]:
            raise ModelError(
                f"{names[0]} could not be started, ONNX Runtime fell back to {in_use[0]}; check "
                "its driver and libraries, or choose device cpu"
            )
        self.device = f"onnxruntime {in_use[0]}"
        self.spec, self.info = from_metadata(
            self._session.get_modelmeta().custom_metadata_map,
            where=where,
            file_stem=stem,
            sha256=hashlib.sha256(content).hexdigest(),
        )
        self._check_graph(where)

    def probabilities(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """See `Backend.probabilities`."""
        check_batch(batch, self.spec)
        if len(batch) == 0:
            return np.zeros((0, *batch.shape[2:]), np.float32)
        contiguous = np.ascontiguousarray(batch)
        return self._session.run(["probability"], {"input": contiguous})[0][:, 0]

    def _check_graph(self, where: str) -> None:
        side = self.spec.size_px
        inputs, outputs = _told(self._session.get_inputs()), _told(self._session.get_outputs())
        wanted_input = {"input": (_FLOAT32, ["batch", 4, side, side])}
        wanted_output = {"probability": (_FLOAT32, ["batch", 1, side, side])}
        if inputs != wanted_input or outputs != wanted_output:
            raise ModelError(
                f"{where}: wanted input (batch, 4, {side}, {side}) and probability "
                f"(batch, 1, {side}, {side}), both {_FLOAT32}, the file has {inputs} and {outputs}"
            )


def _told(nodes: Sequence[Any]) -> dict[str, tuple[str, list[Any]]]:
    """Type and shape by name; "batch" stands for any number of crops, and for one."""
    told = {}
    for node in nodes:
        shape = list(node.shape)
        if shape and (shape[0] == 1 or not isinstance(shape[0], int)):
            shape[0] = "batch"
        told[node.name] = (node.type, shape)
    return told


def available_providers() -> tuple[str, ...]:
    """The short names of what this installation of ONNX Runtime can run on."""
    short = {full: name for name, full in PROVIDERS.items()}
    return tuple(short.get(full, full) for full in onnxruntime.get_available_providers())


def _provider_names(providers: Sequence[str]) -> list[str]:
    """Full names, the CPU last.

    Raises:
        ModelError: one is not available.
    """
    names = [PROVIDERS.get(name.lower(), name) for name in providers]
    there = onnxruntime.get_available_providers()
    for given, name in zip(providers, names, strict=True):
        if name not in there:
            raise ModelError(
                f"this ONNX Runtime cannot run on {given!r}; available: "
                f"{', '.join(available_providers())}"
            )
    if not names or names[-1] != PROVIDERS["cpu"]:
        names.append(PROVIDERS["cpu"])
    return names


def _read(path_or_bytes: str | os.PathLike[str] | bytes) -> tuple[str, str, bytes]:
    """(name for messages, stem, content).

    Whole files are read here rather than opened by ONNX Runtime: the hash needs the bytes
    anyway, and a model given as bytes cannot refer to other files of the machine.
    """
    if isinstance(path_or_bytes, bytes):
        return "the model", "model", path_or_bytes
    path = Path(path_or_bytes)
    try:
        return str(path), path.stem, path.read_bytes()
    except OSError as error:
        raise ModelError(f"cannot read the model {path}: {error.strerror or error}") from None


def _options(threads: int | None, allow_spinning: bool) -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = _LOG_NOTHING
    # Left to itself, ONNX Runtime counts the machine's physical cores, allowed or not.
    options.intra_op_num_threads = threads or usable_cores()
    options.inter_op_num_threads = 1
    entries = {
        "session.intra_op.allow_spinning": str(int(allow_spinning)),
        "session.intra_op.spin_duration_us": str(SPIN_US),  # ignored by older versions
        # Threads stop spinning when a call returns: an idle model costs nothing.
        "session.force_spinning_stop": "1",
        # 8-bit weights are turned into floats once, when the model is opened.
        "session.disable_quant_qdq": "1",
    }
    for key, value in entries.items():
        options.add_session_config_entry(key, value)
    return options


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0]
