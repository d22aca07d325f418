"""What every runtime offers: a batch of network inputs in, probabilities out."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from extremecut.confidence import ConfidenceModel
from extremecut.errors import ConfigError, ModelError
from extremecut.inputs import InputSpec

FORMAT = "1"
"""Version of what a model file says about itself."""

MOST_THREADS = 1024
"""More than any machine has cores; each takes memory as soon as a model is opened."""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What a model file says about itself."""

    name: str
    """The card's name, or the file's."""
    sha256: str | None = None
    """Of the whole file, in hexadecimal; None for a network that is in no file."""
    card: dict[str, Any] = field(default_factory=dict)
    """What it was trained on, under which terms, with which results."""
    confidence: ConfidenceModel | None = None
    """Estimates a mask's IoU; None for a model without one."""
    network: dict[str, Any] = field(default_factory=dict)
    """The network's configuration."""


class Backend(Protocol):
    """A network ready to run. Can be used from several threads at once."""

    @property
    def spec(self) -> InputSpec:
        """How inputs are prepared for this network."""
        ...

    @property
    def info(self) -> ModelInfo:
        """What its file says about itself."""
        ...

    @property
    def device(self) -> str:
        """What runs it, for people: "onnxruntime CPUExecutionProvider", "torch cpu"."""
        ...

    def probabilities(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Run the network once; no averaging with mirrored inputs.

        Args:
            batch: (B, 4, S, S) float32, as `inputs.prepare` makes them; B may be 0.

        Returns:
            (B, S, S) float32 in [0, 1], a fresh array.
        """
        ...


def check_backend(given: object) -> Backend:
    """What a caller gave in place of a model file.

    Raises:
        ModelError: it lacks what a backend has, as a bare network or session does.
    """
    missing = [
        name for name in ("spec", "info", "device", "probabilities") if not hasattr(given, name)
    ]
    if missing:
        raise ModelError(
            f"a model must be a path, a name or an open backend, got {type(given).__name__}, which "
            f"has no {', '.join(missing)}; a network in memory is opened by "
            "TorchBackend.of_network(net, spec)"
        )
    return cast(Backend, given)


def check_batch(batch: NDArray[np.float32], spec: InputSpec) -> None:
    """Refuse anything but (B, 4, S, S) float32.

    Raises:
        ValueError: another shape or type.
    """
    wanted = (4, spec.size_px, spec.size_px)
    if batch.ndim != 4 or batch.shape[1:] != wanted or batch.dtype != np.float32:
        raise ValueError(
            f"a batch must be float32 of shape (B, {', '.join(map(str, wanted))}); "
            f"got {batch.dtype} of shape {batch.shape}"
        )


def check_threads(threads: int | None) -> None:
    """Refuse impossible numbers of CPU threads; None is the runtime's own choice.

    Raises:
        ConfigError: no whole number, fewer than one, or more than `MOST_THREADS`.
    """
    if threads is None:
        return
    if not isinstance(threads, (int, np.integer)) or threads < 1:
        raise ConfigError(f"threads must be a whole number of at least 1, got {threads!r}")
    if threads > MOST_THREADS:
        raise ConfigError(
            f"threads must be at most {MOST_THREADS}, got {threads}: no more than the machine has "
            f"cores are of use, here {usable_cores()}"
        )


def to_metadata(
    spec: InputSpec,
    *,
    card: Mapping[str, Any],
    network: Mapping[str, Any],
    confidence: ConfidenceModel | None = None,
) -> dict[str, str]:
    """What an ONNX file's `metadata_props` hold: flat text under `extremecut.` names."""
    metadata = {
        "extremecut.format": FORMAT,
        "extremecut.spec": spec.to_json(),
        "extremecut.card": json.dumps(card, sort_keys=True),
        "extremecut.network": json.dumps(network, sort_keys=True),
    }
    if confidence is not None:
        metadata["extremecut.confidence"] = confidence.to_json()
    return metadata


def from_metadata(
    metadata: Mapping[str, str], *, where: str, file_stem: str, sha256: str | None
) -> tuple[InputSpec, ModelInfo]:
    """Read what `to_metadata` wrote.

    Args:
        where: the file, for messages.
        file_stem: the name for a card without one.

    Raises:
        ModelError: not a model of this package, of a later version of its format, or damaged.
    """
    version = metadata.get("extremecut.format")
    if version is None:
        raise ModelError(
            f"{where} is an ONNX file without extremecut's metadata: its input size, margin and "
            "normalisation are unknown. Write it with `extremecut models export`."
        )
    if version != FORMAT:
        raise ModelError(
            f"{where} has model format {version}; this version reads format {FORMAT}. "
            "Upgrade extremecut."
        )
    try:
        spec = InputSpec.from_json(metadata["extremecut.spec"])
        card = json.loads(metadata["extremecut.card"])
        network = json.loads(metadata["extremecut.network"])
        if not (isinstance(card, dict) and isinstance(network, dict)):
            raise ValueError("card and network must be JSON objects")
        text = metadata.get("extremecut.confidence")
        confidence = None if text is None else ConfidenceModel.from_json(text)
    except (KeyError, ValueError, TypeError, RecursionError, ConfigError) as error:
        raise ModelError(f"{where} has damaged metadata: {error!r}") from None
    name = str(card.get("name") or file_stem)
    return spec, ModelInfo(name, sha256, card, confidence, network)


def usable_cores() -> int:
    """Cores this process may use; fewer than the machine has inside a container or cpuset."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
