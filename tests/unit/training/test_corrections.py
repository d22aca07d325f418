from __future__ import annotations

import numpy as np
import torch

from extremecut.geometry.boxes import Margin
from extremecut.inputs import InputSpec
from extremecut.training.corrections import MISS_PX, add_corrections

SPEC = InputSpec(size_px=64, margin=Margin(6), guidance_width_px=4.0)


def test_a_point_is_added_where_the_mask_is_wrong_and_nowhere_else() -> None:
    target = torch.zeros(2, 1, 64, 64)
    target[:, :, 20:40, 10:50] = 1
    logits = target * 10 - 5
    logits[0, :, :, 30:] = -5  # the first lacks its right half
    inputs = torch.zeros(2, 4, 64, 64)
    void = torch.zeros(2, 1, 64, 64, dtype=torch.bool)
    add_corrections(inputs, logits, target, void, SPEC, np.random.default_rng(0))
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
    add_corrections(inputs, logits, target, void, SPEC, np.random.default_rng(0))
    assert not inputs.any()
