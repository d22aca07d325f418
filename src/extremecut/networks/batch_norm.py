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

import math
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
    """All batch norms of a module, in the order of its parts."""
    return (part for part in module.modules() if isinstance(part, nn.BatchNorm2d))


def is_folded(norm: nn.BatchNorm2d) -> bool:
    """Whether it comes from a file in which batch norm had been folded into the weights."""
    assert norm.running_mean is not None and norm.running_var is not None
    return not norm.running_mean.any() and bool((norm.running_var == 1).all())


@torch.no_grad()
def only_add(norm: nn.BatchNorm2d, bias: Tensor) -> None:
    """A batch norm of mean 0 and variance 1 that adds the bias and changes nothing else."""
    assert norm.running_mean is not None and norm.running_var is not None
    norm.running_mean.zero_()
    norm.running_var.fill_(1.0)
    norm.weight.fill_(math.sqrt(1.0 + norm.eps))
    norm.bias.copy_(bias)


@torch.no_grad()
def fold(module: nn.Module, example: Tensor) -> None:
    """Move what batch norms multiply by into the convolutions in front of them.

    The function stays. Two stages of one training, one of which was folded, are alike again
    weight by weight. A batch norm that follows no convolution directly stays as it is.

    Args:
        module: in evaluation mode.
        example: an input of any size; shows which layer follows which.
    """
    made_by: dict[int, nn.Conv2d] = {}
    kept: list[Tensor] = []  # alive, so that no other tensor gets its id
    pairs: list[tuple[nn.Conv2d, nn.BatchNorm2d]] = []

    def note(layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        if isinstance(layer, nn.Conv2d):
            made_by[id(output)] = layer
            kept.append(output)
        elif isinstance(layer, nn.BatchNorm2d) and id(inputs[0]) in made_by:
            pairs.append((made_by[id(inputs[0])], layer))

    handles = [part.register_forward_hook(note) for part in module.modules()]
    try:
        module(example)
    finally:
        for handle in handles:
            handle.remove()
    for conv, norm in pairs:
        assert norm.running_mean is not None and norm.running_var is not None
        gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        conv.weight.mul_(gain[:, None, None, None])
        if conv.bias is not None:
            conv.bias.mul_(gain)
        only_add(norm, norm.bias - norm.running_mean * gain)


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
