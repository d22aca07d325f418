"""Losses on the logits of a minibatch; void pixels never count."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

Counts = tuple[Tensor, Tensor]
SumOverProcesses = Callable[[Tensor], Tensor]


def class_balanced_cross_entropy(
    logits: Tensor,
    target: Tensor,
    void: Tensor,
    *,
    sum_over_processes: SumOverProcesses = lambda counts: counts,
) -> Tensor:
    """Cross entropy with weights N_neg / N on positives and N_pos / N on negatives (section 3.2).

    The counts are taken over the whole minibatch, over all processes when it is spread over
    several. Stated as a mean over the valid pixels, not the paper's sum: the same gradient at a
    learning rate larger by the number of pixels of a crop.

    Args:
        logits: (B, 1, H, W) float.
        target: (B, 1, H, W) float, 0 or 1.
        void: (B, 1, H, W) bool, pixels to leave out.

    Returns:
        A scalar >= 0; 0 when every pixel is void.
    """
    valid = (~void).float()
    counts = torch.stack([(target * valid).sum(), valid.sum()])
    positives, total = sum_over_processes(counts.detach()).unbind()
    fraction = positives / total.clamp(min=1)
    weights = valid * torch.where(target > 0.5, 1 - fraction, fraction)
    losses = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    return (weights * losses).sum() / valid.sum().clamp(min=1)


def cross_entropy(logits: Tensor, target: Tensor, void: Tensor) -> Tensor:
    """Plain cross entropy: the mean over the valid pixels. Arguments as above."""
    valid = (~void).float()
    losses = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    return (valid * losses).sum() / valid.sum().clamp(min=1)


def soft_jaccard(logits: Tensor, target: Tensor, void: Tensor) -> Tensor:
    """1 - sum(p t) / sum(p + t - p t), a mean over objects: the measure itself, made smooth."""
    valid = (~void).float()
    probability = torch.sigmoid(logits) * valid
    wanted = target * valid
    both = (probability * wanted).sum(dim=(1, 2, 3))
    either = (probability + wanted).sum(dim=(1, 2, 3)) - both
    return (1 - (both + 1) / (either + 1)).mean()
