from __future__ import annotations

import math

import pytest
import torch

from extremecut.errors import ConfigError
from extremecut.training.loss import (
    LossWeights,
    class_balanced_cross_entropy,
    cross_entropy,
    loss_terms,
    soft_jaccard,
)

LN2 = math.log(2)


def maps(values: list[list[float]]) -> torch.Tensor:
    return torch.tensor(values)[None, None]


NO_VOID = torch.zeros(1, 1, 1, 4, dtype=torch.bool)


def test_balanced_weights_are_the_share_of_the_other_class() -> None:
    # One positive of four pixels: it weighs 3/4, the negatives 1/4 each; every loss is ln 2.
    target = maps([[1.0, 0.0, 0.0, 0.0]])
    loss = class_balanced_cross_entropy(torch.zeros(1, 1, 1, 4), target, NO_VOID)
    assert loss.item() == pytest.approx((0.75 + 3 * 0.25) * LN2 / 4)


def test_counts_run_over_the_whole_minibatch() -> None:
    target = torch.cat([torch.ones(1, 1, 1, 4), torch.zeros(1, 1, 1, 4)])
    void = torch.zeros(2, 1, 1, 4, dtype=torch.bool)
    loss = class_balanced_cross_entropy(torch.zeros(2, 1, 1, 4), target, void)
    assert loss.item() == pytest.approx(0.5 * LN2)


def test_void_pixels_change_no_loss() -> None:
    target = maps([[1.0, 0.0, 0.0, 1.0]])
    logits = maps([[2.0, -1.0, 0.5, -9.0]])
    void = torch.tensor([False, False, False, True]).view(1, 1, 1, 4)
    kept = slice(0, 3)
    for loss in (class_balanced_cross_entropy, cross_entropy, soft_jaccard):
        with_void = loss(logits, target, void)
        without = loss(logits[..., kept], target[..., kept], void[..., kept])
        assert with_void.item() == pytest.approx(without.item())


def test_all_void_gives_zero() -> None:
    void = torch.ones(1, 1, 1, 4, dtype=torch.bool)
    logits = torch.zeros(1, 1, 1, 4, requires_grad=True)
    for loss in (class_balanced_cross_entropy, cross_entropy, soft_jaccard):
        value = loss(logits, torch.ones(1, 1, 1, 4), void)
        assert value.item() == 0.0


def test_soft_jaccard_is_one_minus_the_smoothed_iou() -> None:
    target = maps([[1.0, 1.0, 0.0, 0.0]])
    logits = maps([[40.0, -40.0, 40.0, -40.0]])
    # One pixel in both, three in either; 1 is added to each.
    assert soft_jaccard(logits, target, NO_VOID).item() == pytest.approx(1 - 2 / 4)


def test_the_mean_over_processes_is_the_loss_of_the_joint_batch() -> None:
    generator = torch.Generator().manual_seed(3)
    logits = torch.randn(4, 1, 6, 6, generator=generator)
    target = (torch.rand(4, 1, 6, 6, generator=generator) > 0.7).float()
    void = torch.rand(4, 1, 6, 6, generator=generator) > 0.6
    halves = [slice(0, 2), slice(2, 4)]
    for loss in (class_balanced_cross_entropy, cross_entropy):
        seen: list[torch.Tensor] = []

        def note(counts: torch.Tensor, seen: list[torch.Tensor] = seen) -> torch.Tensor:
            seen.append(counts)
            return counts

        for half in halves:
            loss(logits[half], target[half], void[half], sum_over_processes=note)
        total = seen[0] + seen[1]
        parts = [
            loss(logits[h], target[h], void[h], sum_over_processes=lambda counts, t=total: t)
            for h in halves
        ]
        joint = loss(logits, target, void)
        assert (sum(parts) / 2).item() == pytest.approx(joint.item(), rel=1e-6)


def test_only_terms_with_a_weight_are_computed() -> None:
    target = maps([[1.0, 0.0, 0.0, 0.0]])
    weights = LossWeights(balanced=0.0, plain=2.0, jaccard=0.0)
    assert set(loss_terms(torch.zeros(1, 1, 1, 4), target, NO_VOID, weights)) == {"plain"}


def test_distillation_is_cross_entropy_against_the_teacher() -> None:
    weights = LossWeights(balanced=0, plain=0, jaccard=0, distillation=1)
    teacher = maps([[0.25, 0.25, 0.25, 0.25]])
    logits = torch.zeros(1, 1, 1, 4)
    terms = loss_terms(logits, torch.ones(1, 1, 1, 4), NO_VOID, weights, teacher=teacher)
    assert terms["distillation"].item() == pytest.approx(LN2)
    with pytest.raises(ConfigError, match="needs a teacher"):
        loss_terms(logits, teacher, NO_VOID, weights)


@pytest.mark.parametrize(
    "values", [{"balanced": -1.0}, {"plain": math.inf}, {"balanced": 0, "plain": 0, "jaccard": 0}]
)
def test_useless_weights_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match="loss weights"):
        LossWeights(**values)
