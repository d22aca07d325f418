"""Batch norm of a pretrained backbone: what training may change, and statistics for folded files.

Four modes, each of which does what it says (the 2018 code called its own "frozen"):

=========  ==================  ===================  ==========================
mode       normalises by       running statistics   scale and shift
=========  ==================  ===================  ==========================
"batch"    the batch           follow the batches   are trained
"fixed"    running statistics  stay                 are trained
"frozen"   running statistics  stay                 stay
"2018"     the batch           follow the batches   stay
=========  ==================  ===================  ==========================

In evaluation mode all four are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import torch
from torch import Tensor, nn

BATCH_NORM_MODES = ("batch", "fixed", "frozen", "2018")


def prepare_batch_norm(module: nn.Module, mode: str) -> None:
    """Mark scales and shifts as trained or not. Call once, after building."""
    for norm in batch_norms(module):
        norm.requires_grad_(mode in ("batch", "fixed"))


def enter_training(module: nn.Module, mode: str) -> None:
    """Put the batch norms where `mode` wants them; call after every `module.train()`."""
    for norm in batch_norms(module):
        norm.train(mode in ("batch", "2018"))


def batch_norms(module: nn.Module) -> Iterator[nn.BatchNorm2d]:
    return (part for part in module.modules() if isinstance(part, nn.BatchNorm2d))


@torch.no_grad()
def measure_statistics(module: nn.Module, batches: Iterable[Tensor]) -> None:
    """Give batch norms loaded from folded files true statistics, without changing the function.

    A file whose batch norm was folded into biases loads as mean 0 and variance 1, which is right
    as long as these numbers are used and far off as soon as a batch's own take their place. This
    measures mean and variance in front of every batch norm and moves scale and shift so that
    evaluation computes what it did before, and training nearly so.

    Args:
        module: the backbone; its mode is kept.
        batches: its inputs, (B, C, H, W) each; some dozens of photos are plenty.
    """
    norms = list(batch_norms(module))
    sums = {norm: torch.zeros(3, norm.num_features, dtype=torch.float64) for norm in norms}

    def observe(norm: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        values = inputs[0].double()
        ones = torch.ones_like(values[:, :1]).sum().expand(values.shape[1])
        axes = (0, 2, 3)
        sums[norm] += torch.stack([ones, values.sum(axes), (values**2).sum(axes)]).cpu()  # type: ignore[index]

    handles = [norm.register_forward_pre_hook(observe) for norm in norms]
    was_training = module.training
    modes = [norm.training for norm in norms]
    module.eval()
    try:
        for batch in batches:
            module(batch)
    finally:
        for handle in handles:
            handle.remove()
        module.train(was_training)
        for norm, mode in zip(norms, modes, strict=True):
            norm.train(mode)
    for norm, (count, total, squares) in sums.items():
        if float(count.min()) < 2:
            raise ValueError("no batch passed through every batch norm")
        mean = total / count
        _restate(norm, mean, (squares / count - mean**2).clamp(min=0))


def _restate(norm: nn.BatchNorm2d, mean: Tensor, variance: Tensor) -> None:
    """The same function around other statistics."""
    assert norm.running_mean is not None and norm.running_var is not None
    device = norm.weight.device
    gain = norm.weight.double() / torch.sqrt(norm.running_var.double() + norm.eps)
    mean, variance = mean.to(device), variance.to(device)
    norm.bias.copy_(norm.bias.double() + gain * (mean - norm.running_mean.double()))
    norm.weight.copy_(gain * torch.sqrt(variance + norm.eps))
    norm.running_mean.copy_(mean)
    norm.running_var.copy_(variance)
