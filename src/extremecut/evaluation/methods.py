"""What can be evaluated: anything that turns an image and points into a mask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from extremecut.predictor import Segmenter


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a method says about one object."""

    mask: NDArray[np.bool_]
    """(H, W), true on the object."""
    confidence: float | None = None
    """Estimated IoU in [0, 1]; None for methods that give none."""
    probability: Callable[[], NDArray[np.float32]] | None = None
    """Gives the (H, W) map whose thresholding made the mask; None for methods without one."""


class Method(Protocol):
    """A model or a baseline, seen by the evaluation."""

    name: str

    def segment(self, image: NDArray[np.uint8], points_xy: NDArray[np.float64]) -> Outcome:
        """The mask of the object with these extreme points.

        Args:
            image: (H, W, 3) uint8 RGB.
            points_xy: (4, 2), image pixels.

        Raises:
            PointsError: the method cannot work with these points.
        """
        ...


class SegmenterMethod:
    """A `Segmenter` as a method."""

    def __init__(self, segmenter: Segmenter, *, name: str) -> None:
        self.segmenter = segmenter
        self.name = name

    def segment(self, image: NDArray[np.uint8], points_xy: NDArray[np.float64]) -> Outcome:
        result = self.segmenter.predict(image, points_xy)
        return Outcome(result.mask, result.confidence, lambda: result.probability)
