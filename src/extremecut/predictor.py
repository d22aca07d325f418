"""Four points in, a mask out: the network behind one call, whatever runs it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extremecut.errors import InputError, ModelError
from extremecut.geometry.boxes import Box
from extremecut.geometry.crop import CropFrame
from extremecut.geometry.extreme_points import as_points
from extremecut.images import load_image
from extremecut.inputs import NetworkInput, prepare
from extremecut.runtime.backend import Backend

EMBEDDED_MODEL = Path(__file__).parent / "models" / "small.onnx"
"""The model that comes with the package."""

EMPTY_NOTE = "the mask is empty: the network found no object between the points"


class Segmentation:
    """What was found between the points of one object.

    Holds the network's small square of probabilities; `mask` and `probability` are pasted to
    the image's size when first asked for and then kept, 1 and 4 bytes a pixel, until the result
    is dropped. `box_xyxy` and `notes` look at the mask, so they paste it too.
    """

    size_hw: tuple[int, int]
    """Height and width of the image."""
    points_xy: NDArray[np.float64]
    """(N, 2), the points as given, image pixels."""
    crop_probability: NDArray[np.float32]
    """(S, S) float32 in [0, 1], the network's answer in the crop."""
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
    ) -> None:
        self.crop_probability = crop_probability
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
        return self.frame.paste(self.crop_probability, size_hw=self.size_hw, clip=self._clip)

    @cached_property
    def box_xyxy(self) -> tuple[int, int, int, int] | None:
        """Half-open box of the mask, x0, y0, x1, y1; None when the mask is empty."""
        pasted = self.frame.box.intersection(Box.of_image(self.size_hw))
        if pasted is not None and self._clip is not None:
            pasted = pasted.intersection(self._clip)
        if pasted is None:
            return None
        # Only where something can be: the rest of a large image is never looked at.
        box = Box.around_mask(self.mask[pasted.slices])
        return None if box is None else box.shifted(pasted.x0, pasted.y0).xyxy

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know about this result, one sentence each; usually empty."""
        return self._notes if self.box_xyxy is not None else (*self._notes, EMPTY_NOTE)

    def __repr__(self) -> str:
        height, width = self.size_hw
        points = self.points_xy.tolist()
        return f"Segmentation({width} x {height}, points {points}, confidence {self.confidence})"


class Segmenter:
    """A model ready to segment. Can be used from several threads at once.

    Example:
        >>> segmenter = Segmenter()  # doctest: +SKIP
        >>> result = segmenter.predict("photo.jpg", [[9, 50], [60, 8], [99, 55], [55, 80]])
        ... # doctest: +SKIP
        >>> result.mask.shape  # doctest: +SKIP
        (480, 640)
    """

    backend: Backend
    """What runs the network; knows the model and how its inputs are made."""

    def __init__(
        self,
        model: str | os.PathLike[str] | Backend | None = None,
        *,
        device: str = "cpu",
        threads: int | None = None,
    ) -> None:
        """Open a model.

        Args:
            model: an ONNX file or checkpoint, told apart by content; a backend that is already
                open (`device` and `threads` are its own affair then); None for the embedded one.
            device: see `extremecut.runtime.model_file.open_model`.
            threads: CPU threads for one prediction; None for one a core.

        Raises:
            ModelError: the file is missing, damaged or of another kind; no such device.
            MissingExtraError: a checkpoint, and PyTorch is not installed.
        """
        if model is not None and not isinstance(model, (str, os.PathLike)):
            self.backend = model
            return
        # Only here: a caller with a backend of its own needs no other runtime.
        from extremecut.runtime.model_file import open_model

        if model is None and not EMBEDDED_MODEL.is_file():
            raise ModelError(
                f"this installation lacks the embedded model {EMBEDDED_MODEL}: install extremecut "
                "again, or name a model file"
            )
        self.backend = open_model(model or EMBEDDED_MODEL, device=device, threads=threads)

    @property
    def device(self) -> str:
        """What runs the network: "onnxruntime CPUExecutionProvider", "torch cuda"."""
        return self.backend.device

    def predict(self, image: Any, points_xy: Any, *, channel_order: str = "RGB") -> Segmentation:
        """Segment the object between the points.

        Args:
            image: (H, W, 3) uint8 RGB, PIL image or path; see `load_image`. Not copied.
            points_xy: (N, 2), N >= 4, image pixels, x right, y down, (0, 0) the centre of the
                top-left pixel, in any order. All lie on the object's boundary, among them its
                left-most, top, right-most and bottom point. They may lie outside the image where
                its frame cuts the object.
            channel_order: "RGB" or "BGR", of an array.

        Raises:
            ImageError: the image cannot be read, or has no usable shape or type.
            PointsError: fewer than four points, not numbers, far outside, all on one pixel.
        """
        return self._predict_loaded(load_image(image, channel_order=channel_order), points_xy)

    def predict_batch(
        self, items: Iterable[tuple[Any, Any]], *, channel_order: str = "RGB"
    ) -> Iterator[Segmentation]:
        """Segment many objects of one or many images, in order, one at a time.

        Results come while later items are not yet read, so memory does not grow with their
        number. Neighbouring items with the same image (the same object, or an equal path) load
        it once.

        Args:
            items: (image, points_xy) pairs as for `predict`; any iterable, read lazily.

        Raises:
            InputError: as `predict`, its message starting with the item's index.
        """
        held: Any = None
        pixels: NDArray[np.uint8] | None = None
        for index, (image, points_xy) in enumerate(items):
            try:
                if pixels is None or not _same_image(held, image):
                    pixels = load_image(image, channel_order=channel_order)
                    held = image
                result = self._predict_loaded(pixels, points_xy)
            except InputError as error:
                raise type(error)(f"item {index}: {error}") from error
            yield result

    def _predict_loaded(self, image: NDArray[np.uint8], points_xy: Any) -> Segmentation:
        size_hw = (image.shape[0], image.shape[1])
        points = as_points(points_xy, size_hw=size_hw)
        spec = self.backend.spec
        prepared = prepare(image, points, spec)
        probability = self._probability(prepared)
        box = prepared.points_box
        confidence = None
        if self.backend.info.confidence is not None:
            confidence = self.backend.info.confidence.estimate(
                probability, threshold=spec.threshold, points_box_hw=(box.height, box.width)
            )
        return Segmentation(
            probability,
            prepared.frame,
            size_hw=size_hw,
            points_xy=points,
            threshold=spec.threshold,
            clip=box if spec.clip_to_box else None,
            confidence=confidence,
            notes=_notes(image, prepared),
        )

    def _probability(self, prepared: NetworkInput) -> NDArray[np.float32]:
        """(S, S) float32; with `spec.mirror` the mean of both views."""
        array = prepared.array
        if not self.backend.spec.mirror:
            return self.backend.probabilities(array[None])[0]
        plain, mirrored = self.backend.probabilities(np.stack([array, array[:, :, ::-1]]))
        return (plain + mirrored[:, ::-1]) * np.float32(0.5)


def _same_image(first: Any, second: Any) -> bool:
    if first is second:
        return True
    paths = isinstance(first, (str, os.PathLike)) and isinstance(second, (str, os.PathLike))
    return paths and os.fspath(first) == os.fspath(second)


def _notes(image: NDArray[np.uint8], prepared: NetworkInput) -> tuple[str, ...]:
    box = prepared.points_box
    notes = []
    if min(box.width, box.height) < 3 or max(box.width, box.height) < 8:
        notes.append(
            f"the box of the points is only {box.width} x {box.height} pixels: the result is rough"
        )
    inside = prepared.frame.box.intersection(Box.of_image((image.shape[0], image.shape[1])))
    if inside is not None and _is_constant(image[inside.slices]):
        notes.append("the image has one single colour around the points: there is nothing to see")
    return tuple(notes)


def _is_constant(window: NDArray[np.uint8]) -> bool:
    """Whether all pixels are equal; looks at few of them unless those agree."""
    step = max(1, max(window.shape[:2]) // 16)
    if (window[::step, ::step] != window[0, 0]).any():
        return False
    return not (window != window[0, 0]).any()
