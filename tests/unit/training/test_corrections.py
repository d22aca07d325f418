from __future__ import annotations

import numpy as np
import pytest
import torch

from extremecut.geometry.boxes import Margin
from extremecut.inputs import InputSpec
from extremecut.training.corrections import MISS_PX, add_corrections, chosen

SPEC = InputSpec(size_px=64, margin=Margin(6), guidance_width_px=4.0)
RNGS = [np.random.default_rng(seed) for seed in (0, 1)]


def test_a_point_is_added_where_the_mask_is_wrong_and_nowhere_else() -> None:
    target = torch.zeros(2, 1, 64, 64)
    target[:, :, 20:40, 10:50] = 1
    logits = target * 10 - 5
    logits[0, :, :, 30:] = -5  # the first lacks its right half
    inputs = torch.zeros(2, 4, 64, 64)
    void = torch.zeros(2, 1, 64, 64, dtype=torch.bool)
    add_corrections(inputs, logits, target, void, SPEC, RNGS)
    assert not inputs[1].any() and not inputs[0, :3].any()
    y, x = divmod(int(inputs[0, 3].argmax()), 64)
    assert abs(x - 49) <= MISS_PX + 1 and 20 - MISS_PX - 1 <= y <= 40 + MISS_PX


def test_what_is_void_is_not_corrected() -> None:
    target = torch.zeros(1, 1, 64, 64)
    target[:, :, 20:40, 10:50] = 1
    logits = target * 10 - 5
    logits[:, :, :, 30:] = -5
    void = torch.zeros(1, 1, 64, 64, dtype=torch.bool)
    void[:, :, :, 29:] = True
    inputs = torch.zeros(1, 4, 64, 64)
    add_corrections(inputs, logits, target, void, SPEC, RNGS)
    assert not inputs.any()


@pytest.mark.parametrize("share", [0.0, 0.1, 0.25, 0.3, 0.5, 0.9, 1.0])
def test_processes_choose_together_what_one_would_choose(share: float) -> None:
    alone = chosen(share, range(12))
    assert len(alone) == int(12 * share + 0.5)
    for processes in (2, 3, 6):
        each = 12 // processes
        parts = [chosen(share, range(rank * each, (rank + 1) * each)) for rank in range(processes)]
        assert [number for part in parts for number in part] == alone
        counts = [len(part) for part in parts]
        assert max(counts) - min(counts) <= 1
