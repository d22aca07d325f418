"""`POST /api/segment`: four points in, a mask out; for the page and for other programs."""

from __future__ import annotations

import asyncio
import base64
import binascii
import tempfile
import time
from pathlib import Path

import numpy as np
from fastapi import APIRouter, Request
from numpy.typing import NDArray

from extremecut.annotations.mask_runs import EMPTY, MaskRuns
from extremecut.annotations.packed_mask import PackedMask
from extremecut.annotator.failures import Refused, declared
from extremecut.annotator.messages import MaskMessage, SegmentAnswer, SegmentRequest
from extremecut.annotator.options import Limits
from extremecut.annotator.services import (
    Parts,
    Services,
    client_of,
    photo_of,
    place_of,
)
from extremecut.annotator.waiting import unless_gone
from extremecut.errors import DataError, ImageError
from extremecut.images import load_image
from extremecut.images.image_files import opened
from extremecut.predictor import Segmentation, Segmenter
from extremecut.predictor.answer import answer

router = APIRouter(tags=["segment"])


@router.post(
    "/api/segment",
    operation_id="segment",
    responses=declared(401, 403, 404, 409, 413, 422, 503, 507),
)
async def segment(wanted: SegmentRequest, request: Request, parts: Parts) -> SegmentAnswer:
    """The mask of one object from four or more points on its boundary."""
    began = time.perf_counter()
    if (wanted.image_id is None) == (wanted.image is None):
        raise DataError("give either image_id or image")
    if wanted.image_id is not None:
        pixels = await _photo(parts, wanted.image_id, request)
    else:
        work = parts.uploads.submit(decoded, wanted.image or "", limits=parts.options.limits)
        pixels = await unless_gone(asyncio.wrap_future(work), request)
    turn = parts.queue.run(
        lambda: segmented(parts.segmenter, pixels, wanted.points, began=began),
        client=client_of(request),
        stream=wanted.stream,
        sequence=wanted.sequence,
    )
    return await unless_gone(turn, request)


def segmented(
    segmenter: Segmenter,
    pixels: NDArray[np.uint8],
    points_xy: list[tuple[float, float]],
    *,
    began: float,
) -> SegmentAnswer:
    """Everything after the photo is decoded: network, mask, run lengths."""
    result = segmenter.predict(pixels, points_xy)
    runs, told = mask_runs(result), answer(result)
    return SegmentAnswer.model_construct(
        points=points_xy,
        box_xyxy=result.box_xyxy,
        area_px=told["area_px"],
        confidence=told["confidence"],
        notes=told["notes"],
        mask=MaskMessage.of(PackedMask.of(runs)),
        box=runs.box_xyxy,
        width=result.size_hw[1],
        height=result.size_hw[0],
        milliseconds=round(1000 * (time.perf_counter() - began), 1),
    )


def mask_runs(result: Segmentation) -> MaskRuns:
    """Without ever making a mask of the image's size."""
    box = result.box_xyxy
    return EMPTY if box is None else MaskRuns.from_mask(result.inside, offset_xy=box[:2])


def decoded(text: str, *, limits: Limits) -> NDArray[np.uint8]:
    """A picture sent as base64 -> (H, W, 3) uint8 RGB, as a file of the same bytes would be.

    Raises:
        DataError: not base64.
        ImageError: not a picture.
        Refused: too many pixels; they are counted before the picture is decoded.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise DataError("`image` must be the base64 of an image file") from None
    with tempfile.TemporaryDirectory(prefix="extremecut-") as folder:
        path = Path(folder) / "image"
        path.write_bytes(data)
        try:
            with opened(path) as header:
                width, height = header.size
            if width * height > limits.image_pixels:
                raise Refused(
                    413, "too_large",
                    f"the image has {width} x {height} pixels, more than the limit of "
                    f"{limits.image_pixels}",
                )  # fmt: skip
            return load_image(path)
        except ImageError as error:
            raise ImageError(str(error).replace(str(path), "what was sent along")) from None


async def _photo(parts: Services, image_id: int, request: Request) -> NDArray[np.uint8]:
    place = await place_of(parts, image_id)
    pyramid = await photo_of(parts, place, request)
    if pyramid.size_hw != place.size_hw:
        raise Refused(
            409, "changed",
            "this photo's file was replaced by one of another size: look for new photos first",
        )  # fmt: skip
    return pyramid.pixels
