"""`Segmenter`: a model, and what is done around it to get from points to a result."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import count
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extremecut.errors import InputError, ModelError
from extremecut.geometry.boxes import Box
from extremecut.geometry.extreme_points import as_points
from extremecut.images import load_image
from extremecut.inputs import NetworkInput, prepare
from extremecut.predictor.loaded_image import LoadedImage
from extremecut.predictor.looks import look_at
from extremecut.predictor.refine import refine
from extremecut.predictor.segmentation import Segmentation
from extremecut.runtime.backend import Backend, check_backend, usable_cores
from extremecut.runtime.model_file import (
    EMBEDDED_MODEL,
    is_embedded,
    model_kind,
    open_model,
)

# Batch items whose network calls may overlap: fills the gaps in which one call leaves cores idle.
_IN_FLIGHT = 2
# Shorter batches do not earn the time of opening the model once more.
_LONG_BATCH = 16


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
            model: an ONNX file or checkpoint, told apart by content; None or "small" for the
                embedded one; a backend that is already open (`device` and `threads` are its own
                affair then).
            device: see `extremecut.runtime.model_file.open_model`.
            threads: CPU threads for one prediction; None for one a core.

        Raises:
            ModelError: the file is missing, damaged or of another kind; no such device or backend.
            MissingExtraError: a checkpoint, and PyTorch is not installed.
        """
        self._one_thread: Backend | None = None
        self._open_one_thread: Callable[[], Backend] | None = None
        self._opening = Lock()
        self._at_once = _IN_FLIGHT
        if model is not None and not isinstance(model, (str, os.PathLike)):
            self.backend = check_backend(model)
            return
        path = EMBEDDED_MODEL if model is None or is_embedded(model) else model
        if path is EMBEDDED_MODEL and not EMBEDDED_MODEL.is_file():
            raise ModelError(
                f"this installation lacks the embedded model {EMBEDDED_MODEL}: install extremecut "
                "again, or name a model file"
            )
        self.backend = open_model(path, device=device, threads=threads)
        cores = threads or usable_cores()
        if device == "cpu" and cores > 1 and model_kind(path) == "onnx":
            self._open_one_thread = partial(open_model, path, threads=1)
            self._at_once = cores

    @property
    def device(self) -> str:
        """What runs the network: "onnxruntime CPUExecutionProvider", "torch cuda"."""
        return self.backend.device

    def __repr__(self) -> str:
        return f"Segmenter({self.backend.info.name}, {self.device})"

    def predict(self, image: Any, points_xy: Any, *, channel_order: str = "RGB") -> Segmentation:
        """Segment the object between the points.

        Args:
            image: (H, W, 3) uint8 RGB, PIL image or path; see `load_image`. Not copied.
            points_xy: (N, 2), N >= 4, image pixels, x right, y down, (0, 0) the centre of the
                top-left pixel, in any order. All lie on the object's boundary, among them its
                left-most, top, right-most and bottom point. They may lie outside the image where
                its frame cuts the object. The mask's edge runs through each further point.
            channel_order: "RGB" or "BGR", of an array.

        Raises:
            ImageError: the image cannot be read, or has no usable shape or type.
            PointsError: fewer than four points, not numbers, far outside, all on one pixel.
            ModelError: the network answers with NaN or infinity.
        """
        prepared = self._prepared(load_image(image, channel_order=channel_order), points_xy)
        return self._segmentation(prepared, self.backend)

    def predict_batch(
        self, items: Iterable[tuple[Any, Any]], *, channel_order: str = "RGB"
    ) -> Iterator[Segmentation]:
        """Segment many objects of one or many images, in order, one at a time.

        A few items are prepared while the network runs; no more are read ahead, so memory does not
        grow with their number. On several cores a long batch runs as many objects at once, each on
        one: more of them a second, and the same masks. An item's image is not looked at any more
        once the next item is asked for. Neighbouring items with an equal path, the same frame of
        the same PIL image or the same uint8 RGB array load it once; other arrays may be refilled in
        between and are converted for each: hand over what `load_image` makes of them.

        Args:
            items: (image, points_xy) pairs as for `predict`; any iterable, read lazily.

        Raises:
            InputError: as `predict`, its message starting with the item's index; like what
                `items` itself raises, after the results of all items before it.
            ModelError: as `predict`.
        """
        pending: deque[Future[Segmentation]] = deque()
        each = self._each_prepared(items, channel_order)
        failure: Exception | None = None
        backend = self.backend
        with ThreadPoolExecutor(self._at_once, "extremecut") as pool:
            try:
                for index in count():
                    try:
                        prepared = next(each, None)
                    except Exception as error:  # the items' own too: first what came before
                        failure, prepared = error, None
                    if prepared is None:
                        break
                    if index == _LONG_BATCH:
                        backend = self._on_one_thread()
                    pending.append(pool.submit(self._segmentation, prepared, backend))
                    if len(pending) > self._at_once:
                        yield pending.popleft().result()
                while pending:
                    yield pending.popleft().result()
                if failure is not None:
                    raise failure
            finally:  # also when nobody wants the rest
                for future in pending:
                    future.cancel()

    def _each_prepared(
        self, items: Iterable[tuple[Any, Any]], channel_order: str
    ) -> Iterator[_Prepared]:
        """The items of a batch, read one by one; an image is loaded once for its neighbours."""
        held: LoadedImage | None = None
        for index, item in enumerate(items):
            try:
                image, points_xy = _pair(item)
                if held is None or not held.still_shows(image):
                    held = LoadedImage.of(image, channel_order)
                prepared = self._prepared(held.pixels, points_xy)
            except InputError as error:
                raise type(error)(f"item {index}: {error}") from error
            yield prepared

    def _on_one_thread(self) -> Backend:
        """The model with one thread a call, where that can be; opened once."""
        if self._open_one_thread is None:
            return self.backend
        with self._opening:
            if self._one_thread is None:
                try:
                    self._one_thread = self._open_one_thread()
                except ModelError:  # its file is gone
                    self._one_thread = self.backend
                if self._one_thread.info.sha256 != self.backend.info.sha256:  # another file by now
                    self._one_thread = self.backend
        return self._one_thread

    def _prepared(self, image: NDArray[np.uint8], points_xy: Any) -> _Prepared:
        """Everything that needs the image."""
        size_hw = (image.shape[0], image.shape[1])
        points = as_points(points_xy, size_hw=size_hw)
        network_input = prepare(image, points, self.backend.spec)
        return _Prepared(network_input, points, size_hw, _notes(image, network_input))

    def _segmentation(self, prepared: _Prepared, backend: Backend) -> Segmentation:
        """Everything that needs the network."""
        spec, network_input = backend.spec, prepared.network_input
        box = network_input.points_box
        found = look_at(backend, network_input.array)
        confidence = None
        if backend.info.confidence is not None:
            confidence = backend.info.confidence.estimate(
                found, threshold=spec.threshold, points_box_hw=(box.height, box.width)
            )
        return Segmentation(
            refine(found, network_input, prepared.points_xy, spec),
            network_input.frame,
            network_probability=found,
            size_hw=prepared.size_hw,
            points_xy=prepared.points_xy,
            threshold=spec.threshold,
            clip=box if spec.clip_to_box else None,
            confidence=confidence,
            notes=prepared.notes,
        )


@dataclass(frozen=True, slots=True)
class _Prepared:
    """One item on its way to the network; the image is left behind."""

    network_input: NetworkInput
    points_xy: NDArray[np.float64]
    size_hw: tuple[int, int]
    notes: tuple[str, ...]


def _pair(item: Any) -> tuple[Any, Any]:
    if not isinstance(item, (tuple, list)) or len(item) != 2:
        raise InputError(f"an item must be a pair (image, points_xy), got {item!r:.80}")
    return item[0], item[1]


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
