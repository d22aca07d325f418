"""Further points where the network is wrong: what teaches it to follow a person's corrections.

The paper's fifth point (Table 7) is a click on the boundary where the mask is worst. Random
boundary points seldom fall there; these do.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from extremecut.geometry.corrections import correction_point
from extremecut.inputs import InputSpec, with_further_points

MISS_PX = 2.0
"""How far these clicks miss the boundary along x and y, in pixels of the crop."""


def chosen(share: float, numbers: range) -> list[int]:
    """Those of a minibatch's examples that get corrections, spread evenly over it.

    Processes that divide the minibatch choose what one process alone would choose.

    Args:
        share: how many of them, from 0 to 1.
        numbers: of the examples within the minibatch.

    Example:
        >>> chosen(0.25, range(16))
        [1, 5, 9, 13]
    """
    return [
        number for number in numbers if int(share * (number + 1) + 0.5) > int(share * number + 0.5)
    ]


def add_corrections(
    inputs: Tensor,
    logits: Tensor,
    target: Tensor,
    void: Tensor,
    spec: InputSpec,
    rngs: Sequence[np.random.Generator],
) -> None:
    """Add one point to the guidance map of each example whose mask is wrong somewhere.

    Args:
        inputs: (B, 4, S, S); the fourth channel is changed in place.
        logits: (B, 1, S, S), the network's answer to them.
        target: (B, 1, S, S) in [0, 1].
        void: (B, 1, S, S) bool.
        rngs: one for each example.
    """
    shown = (logits[:, 0] > 0).cpu().numpy()
    truth = (target[:, 0] > 0.5).cpu().numpy()
    known = (~void[:, 0]).cpu().numpy()
    for index in range(len(inputs)):
        point = correction_point(truth[index], shown[index], known[index])
        missed = rngs[index].uniform(-MISS_PX, MISS_PX, 2)
        if point is not None:
            before = inputs[index, 3].cpu().numpy()
            after = with_further_points(before, (point + missed)[None], spec)
            inputs[index, 3] = torch.from_numpy(after).to(inputs)
