"""What the network says about an object: from one look, or from two where it is unsure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from extremecut.confidence import uncertainty
from extremecut.errors import ModelError
from extremecut.runtime.backend import Backend


def look_at(backend: Backend, array: NDArray[np.float32]) -> NDArray[np.float32]:
    """The network's answer for one object; what is unsure is looked at again in the mirror.

    Args:
        backend: its spec's `second_look` says what counts as unsure.
        array: (4, S, S), from `inputs.prepare`.

    Returns:
        (S, S) float32 in [0, 1].

    Raises:
        ModelError: the network answers with NaN or infinity.
    """
    first = _answer(backend, array)
    unsure_above = backend.spec.second_look
    if unsure_above is None or uncertainty(first) <= unsure_above:
        return first
    second = _answer(backend, array[:, :, ::-1])
    return (first + second[:, ::-1]) * np.float32(0.5)


def _answer(backend: Backend, array: NDArray[np.float32]) -> NDArray[np.float32]:
    found = backend.probabilities(array[None])[0]
    # To a mask NaN would mean "no object", in silence. Looking costs some 20 microseconds.
    if not np.isfinite(found).all():
        raise ModelError(
            f"the model {backend.info.name} answered with NaN or infinity in place of "
            f"probabilities on {backend.device}: its weights are damaged, or that device computes "
            "wrongly; try another model file, or the device cpu"
        )
    return found
