"""Model checkpoints: one safetensors file that says everything about its network.

The file's header holds, under `extremecut`, a JSON object with `format`, `network`, `spec`,
`card` and `confidence`. Nothing is pickled, so opening a stranger's checkpoint runs no code.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from extremecut.confidence import ConfidenceModel
from extremecut.errors import ConfigError, ModelError
from extremecut.files import write_bytes
from extremecut.inputs import InputSpec
from extremecut.networks.dextr_net import DextrNet, NetworkConfig

FORMAT = 1
HEADER_KEY = "extremecut"
NAMES_SHOWN = 5
"""How many missing or unexpected tensors a message lists."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A network and what belongs to it."""

    net: DextrNet
    """In evaluation mode, float32, on the CPU."""
    spec: InputSpec
    card: dict[str, Any] = field(default_factory=dict)
    confidence: ConfidenceModel | None = None


def save_checkpoint(
    path: str | os.PathLike[str],
    net: DextrNet,
    spec: InputSpec,
    *,
    card: Mapping[str, Any],
    confidence: ConfidenceModel | None = None,
    half: bool = False,
) -> None:
    """Write a checkpoint, atomically.

    Args:
        card: what the network was trained on, under which terms; must go through JSON.
        half: store the convolutions' weights as float16; batch norm, biases and everything else
            with one axis stay float32.
    """
    header = {
        "format": FORMAT,
        "network": net.config.to_dict(),
        "spec": json.loads(spec.to_json()),
        "card": dict(card),
        "confidence": None if confidence is None else json.loads(confidence.to_json()),
    }
    tensors = {
        name: _for_disk(tensor.detach(), half=half) for name, tensor in net.state_dict().items()
    }
    write_bytes(path, save(tensors, {HEADER_KEY: json.dumps(header, sort_keys=True)}))


def load_checkpoint(path: str | os.PathLike[str]) -> Checkpoint:
    """Read what `save_checkpoint` wrote.

    Raises:
        ModelError: the file is missing, cut, of another kind, or its tensors do not fit the
            network it names.
    """
    tensors, metadata = read_tensors(path)
    if HEADER_KEY not in metadata:
        raise ModelError(
            f"{path} is a safetensors file, but not an extremecut checkpoint: its header has no "
            f"{HEADER_KEY!r} entry"
        )
    try:
        header = json.loads(metadata[HEADER_KEY])
        if header["format"] != FORMAT:
            raise ModelError(
                f"{path} has checkpoint format {header['format']}; this version reads format "
                f"{FORMAT}. Upgrade extremecut."
            )
        config = NetworkConfig.from_dict(header["network"])
        spec = InputSpec.from_json(json.dumps(header["spec"]))
        card = dict(header["card"])
        confidence = header.get("confidence")
        if confidence is not None:
            confidence = ConfidenceModel.from_json(json.dumps(confidence))
    except (KeyError, TypeError, ValueError, RecursionError, ConfigError) as error:
        raise ModelError(f"{path} has a damaged header: {error!r}") from None
    net = DextrNet(config)
    load_into(net, tensors, where=str(path))
    return Checkpoint(net.eval(), spec, card, confidence)


def read_tensors(path: str | os.PathLike[str]) -> tuple[dict[str, Tensor], dict[str, str]]:
    """All tensors of a safetensors file, floating ones as float32, and its header's metadata.

    Raises:
        ModelError: the file is missing, cut or of another kind.
    """
    try:
        with safe_open(Path(path), framework="pt") as handle:
            metadata = dict(handle.metadata() or {})
            names = handle.keys()
            tensors = {name: _from_disk(handle.get_tensor(name)) for name in names}
    except OSError as error:
        raise ModelError(f"cannot read the model {path}: {error.strerror or error}") from None
    except SafetensorError as error:
        if _starts_like_onnx(Path(path)):
            raise ModelError(
                f"{path} is an ONNX file; wanted a checkpoint (safetensors), as `extremecut train` "
                "and `extremecut calibrate` write"
            ) from None
        raise ModelError(f"{path} is cut or not a safetensors file: {error}") from None
    return tensors, metadata


def _starts_like_onnx(path: Path) -> bool:
    """A protobuf message whose first field is a small number, `ir_version`."""
    with open(path, "rb") as handle:
        start = handle.read(9)
    return len(start) == 9 and start[0] == 0x08 and 1 <= start[1] < 0x80 and start[8:] != b"{"


def load_into(
    module: nn.Module,
    tensors: Mapping[str, Tensor],
    *,
    where: str,
    shown_as: Callable[[str], str] = str,
) -> None:
    """Copy tensors into a module; every name and every shape must fit.

    `num_batches_tracked` may be missing: old files lack it and nothing here depends on it.

    Args:
        where: the file, for messages.
        shown_as: the name in the file of a tensor of the module, for messages.

    Raises:
        ModelError: names the missing, unexpected and misshapen tensors.
    """
    wanted = {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}
    missing = [
        shown_as(name)
        for name in wanted
        if name not in tensors and not name.endswith("num_batches_tracked")
    ]
    unexpected = [shown_as(name) for name in tensors if name not in wanted]
    misshapen = [
        f"{shown_as(name)} {tuple(tensor.shape)} instead of {wanted[name]}"
        for name, tensor in tensors.items()
        if name in wanted and tuple(tensor.shape) != wanted[name]
    ]
    problems = [
        f"{len(names)} tensor{'s' if len(names) > 1 else ''} {label}: {listed(names)}"
        for label, names in (
            ("missing", missing),
            ("unexpected", unexpected),
            ("of the wrong shape", misshapen),
        )
        if names
    ]
    if problems:
        raise ModelError(f"{where} does not fit the network: {'; '.join(problems)}")
    module.load_state_dict(dict(tensors), strict=False)


def listed(names: Iterable[str]) -> str:
    """The first few names, and how many more there are."""
    names = list(names)
    more = len(names) - NAMES_SHOWN
    return ", ".join(names[:NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _for_disk(tensor: Tensor, *, half: bool) -> Tensor:
    if not tensor.is_floating_point():
        return tensor.cpu().contiguous()
    dtype = torch.float16 if half and tensor.ndim > 1 else torch.float32
    return tensor.to("cpu", dtype).contiguous()


def _from_disk(tensor: Tensor) -> Tensor:
    return tensor.float() if tensor.is_floating_point() else tensor
