"""Everything that changes while a network learns, to and from a snapshot."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from extremecut.errors import ModelError
from extremecut.networks.dextr_net import DextrNet
from extremecut.training.average import WeightAverage
from extremecut.training.loss import TERMS
from extremecut.training.snapshots import Snapshot

SUMS = ("loss", *TERMS, "gradient_norm")
"""What is added up between two rows of the log."""


@dataclass
class Counters:
    """How far a run has come."""

    step: int = 0
    """Steps done."""
    row_steps: int = 0
    """Steps since the last row of the log."""
    seconds: float = 0.0
    """Duration of the run, over all its sittings."""
    validated_step: int = 0
    """The step of the last validation."""
    best_iou: float | None = None
    """The highest mean IoU of a validation."""
    best_step: int | None = None


class TrainingState:
    """Network, optimiser, average, counters and the sums of the next row of the log."""

    def __init__(self, net: DextrNet, optimiser: Optimizer, average: WeightAverage) -> None:
        self.net = net
        self.optimiser = optimiser
        self.average = average
        self.counters = Counters()
        device = next(net.parameters()).device
        self.sums = torch.zeros(len(SUMS), device=device)

    def snapshot(self, about: dict[str, Any]) -> Snapshot:
        """All of it.

        Args:
            about: what else the snapshot is to say, through JSON.
        """
        tensors = {"sums": self.sums, "random/cpu": torch.get_rng_state()}
        if self.sums.is_cuda:
            tensors["random/cuda"] = torch.cuda.get_rng_state(self.sums.device)
        for name, tensor in self.net.state_dict().items():
            tensors[f"model/{name}"] = tensor
        for name, tensor in self.average.tensors.items():
            tensors[f"average/{name}"] = tensor
        for name, parameter in self.net.named_parameters():
            for key, value in self.optimiser.state.get(parameter, {}).items():
                if isinstance(value, Tensor):
                    tensors[f"optimiser/{name}/{key}"] = value
        return Snapshot(tensors, about | {"counters": dataclasses.asdict(self.counters)})

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a snapshot; bit for bit, memory layout included.

        Raises:
            ModelError: it belongs to another network.
        """
        model, average, optimiser = (
            _under(snapshot.tensors, prefix) for prefix in ("model/", "average/", "optimiser/")
        )
        try:
            self.net.load_state_dict(model)
            self.average.restore(average)
            self.counters = Counters(**snapshot.state["counters"])
        except (RuntimeError, KeyError, TypeError) as error:
            raise ModelError(f"the checkpoint does not fit the run: {error}") from None
        for name, parameter in self.net.named_parameters():
            values = {
                key: _like(value, parameter) for key, value in _under(optimiser, f"{name}/").items()
            }
            if values:
                self.optimiser.state[parameter] = values
        self.sums.copy_(snapshot.tensors["sums"])
        torch.set_rng_state(snapshot.tensors["random/cpu"])
        if self.sums.is_cuda and "random/cuda" in snapshot.tensors:
            torch.cuda.set_rng_state(snapshot.tensors["random/cuda"], self.sums.device)


def _under(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {
        name.removeprefix(prefix): tensor
        for name, tensor in tensors.items()
        if name.startswith(prefix)
    }


def _like(value: Tensor, parameter: nn.Parameter) -> Tensor:
    """On the parameter's device and in its memory layout; counters stay on the CPU."""
    if value.shape != parameter.shape:
        return value.clone()
    return torch.empty_like(parameter, dtype=value.dtype).copy_(value)
