"""What a prediction gives back: pasted to the image's size only when asked for."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from extremecut.geometry.boxes import Box
from extremecut.geometry.crop import CropFrame

EMPTY_NOTE = "the mask is empty: the network found no object between the points"


class Segmentation:
    """What was found between the points of one object.

    Holds the network's small square of probabilities; `mask` and `probability` are pasted to
    the image's size when first asked for and then kept, 1 and 4 bytes a pixel, until the result
    is dropped. `inside`, `box_xyxy` and `notes` paste no more than the object's surroundings.
    """

    size_hw: tuple[int, int]
    """Height and width of the image."""
    points_xy: NDArray[np.float64]
    """(N, 2), the points as given, image pixels."""
    crop_probability: NDArray[np.float32]
    """(S, S) float32 in [0, 1], the answer in the crop: `mask` and `probability` are made of it."""
    network_probability: NDArray[np.float32]
    """(S, S) float32 in [0, 1], before `refine`. `confidence` is estimated from it: an edge made
    sharp says nothing about being right."""
    frame: CropFrame
    """Where the crop lies in the image."""
    threshold: float
    """`mask` is `probability > threshold`."""
    confidence: float | None
    """Estimated IoU of the mask with the truth, in [0, 1]; None for a model without one."""

    def __init__(
        self,
        crop_probability: NDArray[np.float32],
        frame: CropFrame,
        *,
        size_hw: tuple[int, int],
        points_xy: NDArray[np.float64],
        threshold: float,
        clip: Box | None = None,
        confidence: float | None = None,
        notes: tuple[str, ...] = (),
        network_probability: NDArray[np.float32] | None = None,
    ) -> None:
        self.crop_probability = crop_probability
        if network_probability is None:  # nothing was refined
            network_probability = crop_probability
        self.network_probability = network_probability
        self.frame = frame
        self.size_hw = size_hw
        self.points_xy = points_xy
        self.threshold = threshold
        self.confidence = confidence
        self._clip = clip
        self._notes = notes

    @cached_property
    def mask(self) -> NDArray[np.bool_]:
        """(H, W) bool, true on the object."""
        return self.frame.paste_mask(
            self.crop_probability, size_hw=self.size_hw, threshold=self.threshold, clip=self._clip
        )

    @cached_property
    def probability(self) -> NDArray[np.float32]:
        """(H, W) float32 in [0, 1]; 0 outside the crop and where the mask is clipped."""
        pasted = self.frame.paste(self.crop_probability, size_hw=self.size_hw, clip=self._clip)
        if self.frame.resampling == "cubic":
            np.clip(pasted, 0.0, 1.0, out=pasted)  # bicubic interpolation overshoots at edges
        return pasted

    @cached_property
    def box_xyxy(self) -> tuple[int, int, int, int] | None:
        """Half-open box of the mask, x0, y0, x1, y1; None when the mask is empty."""
        box = self._inside[0]
        return None if box is None else box.xyxy

    @property
    def inside(self) -> NDArray[np.bool_]:
        """(h, w) bool, the mask within `box_xyxy`; (0, 0) when it is empty. Not to be written to.

        All there is to know about the mask, without an array of the image's size.
        """
        return self._inside[1]

    @cached_property
    def _inside(self) -> tuple[Box | None, NDArray[np.bool_]]:
        # Only where something can be: the rest of a large image is never looked at.
        part = self.frame.box.intersection(Box.of_image(self.size_hw))
        if part is not None and self._clip is not None:
            part = part.intersection(self._clip)
        if part is None:
            return None, np.zeros((0, 0), np.bool_)
        if "mask" in vars(self):
            window = self.mask[part.slices]
        else:  # the same frame as seen from that part
            frame = replace(self.frame, box=self.frame.box.shifted(-part.x0, -part.y0))
            window = frame.paste_mask(
                self.crop_probability,
                size_hw=(part.height, part.width),
                threshold=self.threshold,
            )
        box = Box.around_mask(window)
        if box is None:
            return None, window[:0, :0]
        return box.shifted(part.x0, part.y0), window[box.slices]

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know about this result, one sentence each; usually empty."""
        return self._notes if self.box_xyxy is not None else (*self._notes, EMPTY_NOTE)

    def __repr__(self) -> str:
        height, width = self.size_hw
        points = self.points_xy.tolist()
        return f"Segmentation({width} x {height}, points {points}, confidence {self.confidence})"
