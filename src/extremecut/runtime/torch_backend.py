"""Runs a checkpoint, or a network in memory, on PyTorch."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from extremecut.errors import ModelError
from extremecut.files import sha256_of
from extremecut.inputs import InputSpec
from extremecut.networks.checkpoints import Checkpoint, load_checkpoint
from extremecut.networks.dextr_net import DextrNet
from extremecut.runtime.backend import ModelInfo, check_batch, check_threads


class TorchBackend:
    """A network on a PyTorch device.

    The network is put into evaluation mode. Calls from several threads may overlap.
    """

    spec: InputSpec
    info: ModelInfo
    device: str

    def __init__(
        self,
        checkpoint: Checkpoint | str | os.PathLike[str],
        *,
        device: str = "cpu",
        threads: int | None = None,
        name: str | None = None,
    ) -> None:
        """Put a network on a device.

        Args:
            checkpoint: a checkpoint in memory, or its file.
            device: PyTorch's name: "cpu", "cuda", "cuda:1", "mps".
            threads: CPU threads, which in PyTorch is one number for the whole process; None
                leaves it as it is.
            name: stands in for a missing name on the card.

        Raises:
            ModelError: the file is missing, cut or of another kind, or the device is not there.
            ConfigError: fewer than one thread, or more than any machine has use for.
        """
        check_threads(threads)
        if threads is not None:
            torch.set_num_threads(threads)
        sha256 = None
        if not isinstance(checkpoint, Checkpoint):
            path = Path(checkpoint)
            checkpoint = load_checkpoint(path)
            sha256 = sha256_of(path)
            name = name or path.stem
        self._device = _device(device)
        self._net = checkpoint.net.to(self._device).eval()
        self.spec = checkpoint.spec
        self.info = ModelInfo(
            str(checkpoint.card.get("name") or name or "network"),
            sha256,
            checkpoint.card,
            checkpoint.confidence,
            checkpoint.net.config.to_dict(),
        )
        self.device = f"torch {self._device}"

    @classmethod
    def of_network(
        cls,
        net: DextrNet,
        spec: InputSpec,
        *,
        card: dict[str, Any] | None = None,
        device: str = "cpu",
    ) -> TorchBackend:
        """A network in memory, for instance in the middle of its training."""
        return cls(Checkpoint(net, spec, card or {}), device=device)

    def probabilities(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """See `Backend.probabilities`."""
        check_batch(batch, self.spec)
        with torch.inference_mode():
            inputs = torch.from_numpy(np.ascontiguousarray(batch)).to(self._device)
            return torch.sigmoid(self._net(inputs)[:, 0]).float().cpu().numpy()


def _device(name: str) -> torch.device:
    """A device that is there.

    Raises:
        ModelError: it is not; says which are.
    """
    try:
        device = torch.device(name)
        torch.ones(1, device=device).cpu()  # "meta" takes numbers and gives none back
    except (RuntimeError, AssertionError, ImportError):
        there = ["cpu"]
        there += [f"cuda:{index}" for index in range(torch.cuda.device_count())]
        there += ["mps"] if torch.backends.mps.is_available() else []
        raise ModelError(
            f"PyTorch cannot use device {name!r} here; available: {', '.join(there)}"
        ) from None
    return device
