"""Losses on the logits of a minibatch; void pixels never count."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from extremecut.errors import ConfigError

SumOverProcesses = Callable[[Tensor], Tensor]

TERMS = ("balanced", "plain", "jaccard", "distillation")


@dataclass(frozen=True, slots=True)
class LossWeights:
    """What the terms of the loss are multiplied by; 0 leaves a term out."""

    balanced: float = 1.0
    """Class-balanced cross entropy, the paper's loss."""
    plain: float = 0.5
    """Plain cross entropy: keeps the probabilities honest."""
    jaccard: float = 1.0
    """Soft Jaccard: the measure itself."""
    distillation: float = 0.0
    """Cross entropy against a teacher's probabilities."""

    def __post_init__(self) -> None:
        values = [getattr(self, term) for term in TERMS]
        if not all(0 <= value < math.inf for value in values) or sum(values) <= 0:
            raise ConfigError(
                f"loss weights must be finite, not negative and not all 0, got {values}"
            )


def _alone(counts: Tensor) -> Tensor:
    return counts


def loss_terms(
    logits: Tensor,
    target: Tensor,
    void: Tensor,
    weights: LossWeights,
    *,
    teacher: Tensor | None = None,
    sum_over_processes: SumOverProcesses = _alone,
) -> dict[str, Tensor]:
    """The terms with a positive weight, before weighting; arguments as below.

    Args:
        teacher: (B, 1, H, W) probabilities, needed for the distillation term.
    """
    terms = {}
    if weights.balanced:
        terms["balanced"] = class_balanced_cross_entropy(
            logits, target, void, sum_over_processes=sum_over_processes
        )
    if weights.plain:
        terms["plain"] = cross_entropy(logits, target, void, sum_over_processes=sum_over_processes)
    if weights.jaccard:
        terms["jaccard"] = soft_jaccard(logits, target, void)
    if weights.distillation:
        if teacher is None:
            raise ConfigError("a distillation weight needs a teacher")
        terms["distillation"] = cross_entropy(
            logits, teacher, void, sum_over_processes=sum_over_processes
        )
    return terms


def class_balanced_cross_entropy(
    logits: Tensor,
    target: Tensor,
    void: Tensor,
    *,
    sum_over_processes: SumOverProcesses = _alone,
) -> Tensor:
    """Cross entropy with weights N_neg / N on positives and N_pos / N on negatives (section 3.2).

    The counts are taken over the whole minibatch, over all processes when it is spread over
    several. Stated as a mean over the valid pixels, not the paper's sum: the same gradient at a
    learning rate larger by the number of pixels of a crop.

    In a run over several processes the mean of their results is the loss of the joint minibatch,
    and so is the mean of their gradients, however unevenly the void pixels are spread.

    Args:
        logits: (B, 1, H, W) float.
        target: (B, 1, H, W) float in [0, 1], the share of each pixel that the mask covers.
        void: (B, 1, H, W) bool, pixels to leave out.
        sum_over_processes: a small tensor -> its sum over all processes.

    Returns:
        A scalar >= 0; 0 when every pixel is void.
    """
    valid = (~void).float()
    positives, total, processes = _counts(target, valid, sum_over_processes)
    fraction = positives / total.clamp(min=1)
    weights = valid * torch.where(target > 0.5, 1 - fraction, fraction)
    losses = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    return processes * (weights * losses).sum() / total.clamp(min=1)


def cross_entropy(
    logits: Tensor,
    target: Tensor,
    void: Tensor,
    *,
    sum_over_processes: SumOverProcesses = _alone,
) -> Tensor:
    """Plain cross entropy: the mean over the valid pixels. Arguments as above."""
    valid = (~void).float()
    _, total, processes = _counts(target, valid, sum_over_processes)
    losses = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    return processes * (valid * losses).sum() / total.clamp(min=1)


def _counts(
    target: Tensor, valid: Tensor, sum_over_processes: SumOverProcesses
) -> tuple[Tensor, Tensor, Tensor]:
    """Positive pixels, valid pixels and processes, over all processes."""
    counts = torch.stack([(target * valid).sum(), valid.sum(), valid.new_ones(())])
    positives, total, processes = sum_over_processes(counts.detach()).unbind()
    return positives, total, processes


def soft_jaccard(logits: Tensor, target: Tensor, void: Tensor) -> Tensor:
    """1 - sum(p t) / sum(p + t - p t), a mean over objects: the measure itself, made smooth."""
    valid = (~void).float()
    probability = torch.sigmoid(logits) * valid
    wanted = target * valid
    both = (probability * wanted).sum(dim=(1, 2, 3))
    either = (probability + wanted).sum(dim=(1, 2, 3)) - both
    return (1 - (both + 1) / (either + 1)).mean()
