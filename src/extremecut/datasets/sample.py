"""One object of one image: what every data set yields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from extremecut.errors import DataError


@dataclass(frozen=True, slots=True)
class ObjectSample:
    """An image with the mask of one of its objects."""

    image: NDArray[np.uint8]
    """(H, W, 3) RGB; shared between the objects of an image, never to be written to."""
    mask: NDArray[np.bool_]
    """(H, W), true on the object."""
    void: NDArray[np.bool_] | None = None
    """(H, W), true where nobody can say; left out of losses and measures. None: nowhere."""
    name: str = ""
    """Unique within its set: the image's name and the object's number."""
    tags: dict[str, str] = field(default_factory=dict)
    """What a set knows beside the mask: "category", "sequence", "licence"."""


class ObjectSet(Protocol):
    """A sequence of objects that are decoded when asked for."""

    name: str

    def __len__(self) -> int: ...

    def __getitem__(self, index: int) -> ObjectSample: ...


def check_names(sets: Sequence[ObjectSet]) -> None:
    """That results can be told apart by their set's name.

    Raises:
        DataError: two sets have one name.
    """
    for name, count in Counter(objects.name for objects in sets).items():
        if count > 1:
            raise DataError(f"two data sets are called {name}: add name=... to one of them")


def is_left_out(name: str, leave_out: Collection[str]) -> bool:
    """Whether a validation set goes with training sets that are left out.

    Whoever may not train on a set may not choose weights by it either, and perhaps lacks its files.

    Example:
        >>> is_left_out("coco-small", ["coco"])
        True
    """
    return any(name == each or name.startswith(f"{each}-") for each in leave_out)
