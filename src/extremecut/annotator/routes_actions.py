"""What people do to the objects of an image: saved before the answer says so."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from extremecut.annotator.failures import declared
from extremecut.annotator.messages import MAX_INTEGER, ActionRequest, ImageDetail, StepRequest
from extremecut.annotator.services import Author, Parts
from extremecut.projects.records import ImageRecord

router = APIRouter(tags=["actions"], responses=declared(401, 403, 404, 409, 413, 422, 503, 507))

ImageId = Annotated[int, Path(ge=1, le=MAX_INTEGER)]


@router.post("/api/images/{image_id}/actions", operation_id="apply_action")
async def apply(
    image_id: ImageId, wanted: ActionRequest, parts: Parts, author: Author
) -> ImageDetail:
    """Create, replace and delete objects: all of it or nothing, undone as one."""

    def save() -> ImageRecord:
        size_hw = parts.project.image_summary(image_id).size_hw
        return parts.project.apply(
            image_id,
            version=wanted.version,
            author=author,
            action=wanted.action,
            changes=[change.change(size_hw) for change in wanted.changes],
            seconds=wanted.seconds,
            inputs=wanted.inputs,
            request_id=wanted.request_id,
        )

    return await parts.saved_image(save)


@router.post("/api/images/{image_id}/undo", operation_id="undo_action")
async def undo(image_id: ImageId, wanted: StepRequest, parts: Parts, author: Author) -> ImageDetail:
    """Take the image's last action back."""
    return await parts.saved_image(
        lambda: parts.project.undo(
            image_id, version=wanted.version, author=author, request_id=wanted.request_id
        )
    )


@router.post("/api/images/{image_id}/redo", operation_id="redo_action")
async def redo(image_id: ImageId, wanted: StepRequest, parts: Parts, author: Author) -> ImageDetail:
    """Do again what was taken back."""
    return await parts.saved_image(
        lambda: parts.project.redo(
            image_id, version=wanted.version, author=author, request_id=wanted.request_id
        )
    )
