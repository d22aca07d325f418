"""Images: lists, one with its objects, its status, thumbnails and tiles."""

from __future__ import annotations

from asyncio import wrap_future
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from extremecut.annotator.album import Place
from extremecut.annotator.failures import Refused, declared
from extremecut.annotator.messages import (
    MAX_INTEGER,
    Identifier,
    ImageDetail,
    ImagePage,
    ImagePatch,
    Status,
)
from extremecut.annotator.services import Author, Parts, Services, photo_of, place_of
from extremecut.annotator.views import detail_view, page_view
from extremecut.annotator.waiting import unless_gone
from extremecut.errors import DataError, InputError, NotFoundError

router = APIRouter(tags=["images"])

FOR_EVER = "private, max-age=31536000, immutable"
ASK_AGAIN = "private, no-cache"
JPEG = "image/jpeg"

ImageId = Annotated[int, Path(ge=1, le=MAX_INTEGER)]
_PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"content": {JPEG: {}}, "description": "A JPEG file"}
}


@router.get(
    "/api/images",
    operation_id="list_images",
    responses=declared(401, 403, 422, 503),
)
def images(
    parts: Parts,
    status: Status | None = None,
    class_id: Annotated[Identifier | None, Query()] = None,
    reviewed: bool | None = None,
    missing: bool | None = None,
    order: Literal["path", "confidence"] = "path",
    offset: Annotated[int, Query(ge=0, le=MAX_INTEGER)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> ImagePage:
    """A part of the list; `order=confidence` has the least certain object first."""
    return page_view(
        parts.project.images(
            status=status, class_id=class_id, reviewed=reviewed, missing=missing,
            order=order, offset=offset, limit=limit,
        ),
        parts.album.problem,
    )  # fmt: skip


@router.get(
    "/api/images/{image_id}",
    operation_id="get_image",
    responses=declared(401, 403, 404, 422, 503),
)
def image(image_id: ImageId, parts: Parts) -> ImageDetail:
    """One image with its objects. Its photo is decoded meanwhile, since it is wanted next."""
    record = parts.project.image(image_id)
    if not record.missing and record.problem is None and not _prefetch(parts, image_id):
        record = replace(record, missing=True)  # gone since the folder was looked through
    return detail_view(record, parts.album.problem)


@router.patch(
    "/api/images/{image_id}",
    operation_id="change_image",
    responses=declared(401, 403, 404, 409, 413, 422, 503, 507),
)
async def change_image(
    image_id: ImageId, patch: ImagePatch, parts: Parts, author: Author
) -> ImageDetail:
    """Set the status, or whether the image was reviewed."""
    if patch.status is None and patch.reviewed is None:
        raise DataError("give a status, or reviewed, or both")
    return await parts.saved_image(
        lambda: parts.project.set_status(
            image_id,
            version=patch.version,
            author=author,
            status=patch.status,
            reviewed=patch.reviewed,
        )
    )


@router.post(
    "/api/images/{image_id}/prefetch",
    operation_id="prefetch_image",
    status_code=204,
    responses=declared(401, 403, 404, 413, 422, 503),
)
def prefetch_image(image_id: ImageId, parts: Parts) -> None:
    """Decode a photo that will be opened next, as soon as nobody waits for another."""
    parts.album.place(image_id)
    _prefetch(parts, image_id)


@router.get(
    "/api/images/{image_id}/thumbnail",
    operation_id="get_thumbnail",
    response_class=Response,
    responses=_PICTURE | declared(401, 403, 404, 409, 422, 503),
)
async def thumbnail(
    image_id: ImageId,
    request: Request,
    parts: Parts,
    side: Annotated[int, Query(ge=16, le=512)] = 160,
    v: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """A small picture; `side` is its longer side in pixels, `v` as for tiles."""
    place = await _place(parts, image_id, v)
    tag = f'"{place.content}-{side}"'
    if request.headers.get("if-none-match") == tag:
        return _unchanged(tag, place, v)
    data = parts.album.thumbnail(place, side)
    if data is None:
        data = await unless_gone(wrap_future(parts.album.encoded_thumbnail(place, side)), request)
    return _picture(data, tag, place, v)


@router.get(
    "/api/images/{image_id}/tiles/{level}/{column}/{row}",
    operation_id="get_tile",
    response_class=Response,
    responses=_PICTURE | declared(401, 403, 404, 409, 422, 503),
)
async def tile(
    image_id: ImageId,
    level: Annotated[int, Path(ge=0, le=30)],
    column: Annotated[int, Path(ge=0, le=MAX_INTEGER)],
    row: Annotated[int, Path(ge=0, le=MAX_INTEGER)],
    request: Request,
    parts: Parts,
    v: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """512 x 512 pixels of a level, fewer at the edges.

    With `v` the content hash, kept for ever; another one is of another photo, and refused.
    """
    place = await _place(parts, image_id, v)
    tag = f'"{place.content}-{level}-{column}-{row}"'
    if request.headers.get("if-none-match") == tag:
        return _unchanged(tag, place, v)
    data = parts.album.tile(place, level, column, row)
    if data is None:
        pyramid = await photo_of(parts, place, request)
        encoded = parts.album.encoded_tile(place, pyramid, level, column, row)
        try:
            data = await unless_gone(wrap_future(encoded), request)
        except InputError as error:
            raise NotFoundError(str(error)) from None
    return _picture(data, tag, place, v)


async def _place(parts: Services, image_id: int, version: str | None) -> Place:
    """The photo whose pictures are wanted.

    Raises:
        NotFoundError: no such image, or its file is gone or outside the folder.
        Refused: it is another photo by now: beside pictures of the old one, its own mislead.
    """
    place = await place_of(parts, image_id)
    if version in (None, place.content):
        return place
    parts.album.forget_place(image_id)  # another server may have looked into the folder
    place = await place_of(parts, image_id)
    if version != place.content:
        raise Refused(409, "changed", "this is another photo by now: read the image again")
    return place


def _prefetch(parts: Services, image_id: int) -> bool:
    """False: the photo is not there."""
    try:
        place = parts.album.place(image_id)
    except NotFoundError:
        return False
    parts.album.prefetch(place)
    return True


def _picture(data: bytes, tag: str, place: Place, version: str | None) -> Response:
    return Response(data, media_type=JPEG, headers=_kept(tag, place, version))


def _unchanged(tag: str, place: Place, version: str | None) -> Response:
    return Response(status_code=304, headers=_kept(tag, place, version))


def _kept(tag: str, place: Place, version: str | None) -> dict[str, str]:
    return {"ETag": tag, "Cache-Control": FOR_EVER if version == place.content else ASK_AGAIN}
