"""The exponential moving average of a network's weights, which is what validation sees."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class WeightAverage:
    """Averages of all parameters and of batch norm's statistics, in float32.

    After step n (from 1) the average moves by 1 - min(decay, n / (n + 9)) towards the weights:
    early on it forgets quickly, so that the start is not carried along. A decay of 0 keeps it
    equal to the weights.
    """

    def __init__(self, net: nn.Module, decay: float) -> None:
        self.decay = decay
        self.tensors: dict[str, Tensor] = {
            name: tensor.detach().clone().float() if tensor.is_floating_point() else tensor.clone()
            for name, tensor in net.state_dict().items()
        }

    @torch.no_grad()
    def update(self, net: nn.Module, step: int) -> None:
        """Take in the weights after step number `step`, counted from 1."""
        decay = min(self.decay, step / (step + 9))
        for name, tensor in net.state_dict().items():
            average = self.tensors[name]
            if tensor.is_floating_point():
                average.lerp_(tensor.float(), 1.0 - decay)
            else:
                average.copy_(tensor)

    @torch.no_grad()
    def restore(self, tensors: dict[str, Tensor]) -> None:
        """Take over averages that were saved."""
        for name, average in self.tensors.items():
            average.copy_(tensors[name])
