"""What the network says about an object: from one look, or from two where it is unsure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from extremecut.confidence import uncertainty
from extremecut.runtime.backend import Backend


def look_at(backend: Backend, array: NDArray[np.float32]) -> NDArray[np.float32]:
    """The network's answer for one object; what is unsure is looked at again in the mirror.

    Args:
        backend: its spec's `second_look` says what counts as unsure.
        array: (4, S, S), from `inputs.prepare`.

    Returns:
        (S, S) float32 in [0, 1].
    """
    first = backend.probabilities(array[None])[0]
    unsure_above = backend.spec.second_look
    if unsure_above is None or uncertainty(first) <= unsure_above:
        return first
    second = backend.probabilities(array[None, :, :, ::-1])[0]
    return (first + second[:, ::-1]) * np.float32(0.5)
