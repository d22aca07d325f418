"""A MobileNetV2 with narrower blocks that answers nearly the same.

The inner channels of an inverted residual, expanded and filtered, are there to be summed up by its
last 1x1 convolution. Much of what one of them adds, the others can: they are removed one by one,
always the one that is missed least once the others' weights make up for it as well as they can,
in the least-squares sense on real inputs. That is the Optimal Brain Surgeon (Hassibi and Stork,
NIPS 1992) for a layer that is linear in its inputs: without channel c the squared error grows by
|w_c|^2 / [C^-1]_cc, where C is the channels' covariance and w_c what channel c is multiplied by.
How many go from which block follows from what each costs and what it is missed by.

Not in the paper. A fifth of the work goes for nearly nothing and without training
(docs/embedded-model.md).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn

from extremecut.errors import ConfigError
from extremecut.networks.dextr_net import DextrNet
from extremecut.networks.mobilenet_v2 import InvertedResidual, MobileNetV2

STEP = 8
"""Channels go by so many at a time: as processors compute them."""

PIXELS_A_MAP = 700
"""About so many pixels of each example's map are looked at, evenly spread."""

RIDGE = 1e-4
"""Of the channels' mean variance, added to each one's: those that never change can be removed."""


@dataclass(frozen=True, slots=True)
class _Inner:
    """What a block's inner channels do on some inputs."""

    mean: Tensor
    """(C,) float64."""
    covariance: Tensor
    """(C, C) float64."""
    multiplications: int
    """That go with each channel, for one example."""


@torch.no_grad()
def slim(net: DextrNet, inputs: Iterable[Tensor], keep: float) -> DextrNet:
    """The network with narrower blocks in its backbone.

    Args:
        net: with a MobileNetV2; in evaluation mode, on the CPU; not changed.
        inputs: minibatches (B, 4, S, S) as it sees them in use.
        keep: share of the multiplications in the blocks to keep, in (0, 1]; a little less is kept.

    Returns:
        A network in evaluation mode; its configuration names the new widths.

    Raises:
        ConfigError: another backbone, or another share.
    """
    if not isinstance(net.backbone, MobileNetV2):
        raise ConfigError(f"only mobilenet_v2 can be slimmed, this is {net.config.backbone}")
    if not 0 < keep <= 1:
        raise ConfigError(f"the share to keep must be in 0..1, got {keep}")
    blocks = _blocks(net.backbone)
    inner = _look_inside(net.backbone, inputs)
    found = [
        removal_order(_summing(block), each.covariance)
        for block, each in zip(blocks, inner, strict=True)
    ]
    orders, lost = [order for order, _ in found], [share for _, share in found]
    widths = choose_widths(lost, [each.multiplications for each in inner], keep)
    slimmed = DextrNet(dataclasses.replace(net.config, inner_channels=widths)).eval()
    slimmed.head.load_state_dict(net.head.state_dict())
    slimmed.backbone.stem.load_state_dict(net.backbone.stem.state_dict())
    for narrow, wide, each, order in zip(
        _blocks(slimmed.backbone), blocks, inner, orders, strict=True
    ):
        kept = order[len(order) - narrow.project.conv.in_channels :].sort().values
        _fill(narrow, wide, each, kept)
    return slimmed


def _blocks(net: MobileNetV2) -> list[InvertedResidual]:
    return cast(list[InvertedResidual], list(net.blocks))


def _look_inside(net: MobileNetV2, inputs: Iterable[Tensor]) -> list[_Inner]:
    nothing = torch.zeros((), dtype=torch.float64)
    sums = [(nothing, nothing, nothing) for _ in net.blocks]
    multiplications = [0 for _ in net.blocks]

    def note(index: int, block: InvertedResidual, before: Tensor, after: Tensor) -> None:
        step = max(1, after[0, 0].numel() // PIXELS_A_MAP)
        pixels = after.flatten(2)[:, :, ::step].transpose(0, 1).flatten(1).double()
        count = torch.tensor(float(pixels.shape[1]), dtype=torch.float64)
        old = sums[index]
        sums[index] = (old[0] + pixels.sum(1), old[1] + pixels @ pixels.T, old[2] + count)
        expand = block.expand.conv.in_channels * before[0, 0].numel()
        filter_and_sum = (9 + block.project.conv.out_channels) * after[0, 0].numel()
        multiplications[index] = expand + filter_and_sum

    handles = [
        block.depthwise.register_forward_hook(
            lambda _, before, after, index=index, block=block: note(index, block, before[0], after)
        )
        for index, block in enumerate(_blocks(net))
    ]
    try:
        for batch in inputs:
            net(batch)
    finally:
        for handle in handles:
            handle.remove()
    return [
        _Inner(total / count, products / count - torch.outer(total, total) / count**2, cost)
        for (total, products, count), cost in zip(sums, multiplications, strict=True)
    ]


def _summing(block: InvertedResidual) -> Tensor:
    """(O, C) float64, what the last convolution multiplies the inner channels by."""
    weights: Tensor = block.project.conv.weight[:, :, 0, 0].double()
    # In the units of the block's output.
    norm = block.project.bn
    assert norm.running_var is not None
    return weights * (norm.weight / torch.sqrt(norm.running_var + norm.eps)).double()[:, None]


def removal_order(weights: Tensor, covariance: Tensor) -> tuple[Tensor, Tensor]:
    """In which order the inputs of a linear layer are best removed.

    Args:
        weights: (O, C) float64.
        covariance: (C, C) float64, of the inputs.

    Returns:
        The inputs, (C,), the one that is missed least first; and the share of the output's
        variance that is lost without the first 0, 1, ... C of them, (C + 1,) float64.
    """
    channels = len(covariance)
    weights = weights.clone()
    total = torch.einsum("oc,cd,od->", weights, covariance, weights).clamp_min(1e-30)
    inverse = torch.linalg.inv(_damped(covariance))
    left = torch.ones(channels, dtype=torch.bool)
    order, lost = [], [torch.zeros((), dtype=torch.float64)]
    for _ in range(channels):
        missed = weights.square().sum(0) / inverse.diagonal()
        out = int(torch.where(left, missed, torch.inf).argmin())
        left[out] = False
        order.append(out)
        lost.append(lost[-1] + missed[out] / total)
        pivot = inverse[out] / inverse[out, out]
        # Row and column of what is removed become zero: it takes no further part.
        weights.addr_(weights[:, out].clone(), pivot, alpha=-1)
        inverse.addr_(inverse[:, out].clone(), pivot, alpha=-1)
    return torch.tensor(order), torch.stack(lost)


def choose_widths(
    lost: Sequence[Tensor], multiplications: Sequence[int], keep: float
) -> tuple[int, ...]:
    """How many inner channels each block keeps: first go those missed least for their work.

    Args:
        lost: for each block, (C + 1,), see `removal_order`.
        multiplications: for each block, what one channel costs.
        keep: share of all multiplications to keep; at least one step stays in each block.
    """
    widths = [len(each) - 1 for each in lost]
    budget = keep * sum(width * cost for width, cost in zip(widths, multiplications, strict=True))

    def price(index: int) -> float:
        gone = len(lost[index]) - 1 - widths[index]
        more = lost[index][gone + STEP] - lost[index][gone]
        return float(more) / multiplications[index]

    while sum(w * cost for w, cost in zip(widths, multiplications, strict=True)) > budget:
        able = [index for index, width in enumerate(widths) if width > STEP]
        if not able:
            break
        widths[min(able, key=price)] -= STEP
    return tuple(widths)


def _fill(narrow: InvertedResidual, wide: InvertedResidual, inner: _Inner, kept: Tensor) -> None:
    """Give a block the weights of a wider one, of whose inner channels it keeps some."""
    narrow.expand.conv.weight.copy_(wide.expand.conv.weight[kept])
    narrow.depthwise.conv.weight.copy_(wide.depthwise.conv.weight[kept])
    _copy_some(narrow.expand.bn, wide.expand.bn, kept)
    _copy_some(narrow.depthwise.bn, wide.depthwise.bn, kept)
    weights = wide.project.conv.weight[:, :, 0, 0].double()
    new = with_fewer_inputs(weights, inner.covariance, kept)
    narrow.project.conv.weight.copy_(new[:, :, None, None])
    narrow.project.bn.load_state_dict(wide.project.bn.state_dict())
    # The output keeps its mean.
    missing = weights @ inner.mean - new @ inner.mean[kept]
    assert narrow.project.bn.running_mean is not None
    narrow.project.bn.running_mean -= missing


def with_fewer_inputs(weights: Tensor, covariance: Tensor, kept: Tensor) -> Tensor:
    """A linear layer that sees some of its inputs and answers as nearly the same as it can.

    Args:
        weights: (O, C) float64.
        covariance: (C, C) float64, of the inputs.
        kept: (K,), which inputs are left.

    Returns:
        (O, K) float64.
    """
    damped = _damped(covariance)
    return torch.linalg.solve(damped[kept][:, kept], damped[kept] @ weights.T).T


def _damped(covariance: Tensor) -> Tensor:
    ridge = RIDGE * covariance.diagonal().mean().clamp_min(1e-30)
    return covariance + ridge * torch.eye(len(covariance), dtype=torch.float64)


def _copy_some(narrow: nn.BatchNorm2d, wide: nn.BatchNorm2d, kept: Tensor) -> None:
    own = narrow.state_dict()
    for name, tensor in wide.state_dict().items():
        own[name].copy_(tensor[kept] if tensor.ndim else tensor)
