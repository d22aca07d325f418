"""Records of the project as messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from extremecut.annotator.messages import (
    ImageDetail,
    ImagePage,
    ImageSummaryMessage,
    MaskMessage,
    StoredObject,
)
from extremecut.annotator.tiles import TILE_PX, level_count
from extremecut.projects.records import ImageRecord, ImageSummary, ObjectRecord, Page

ProblemOf = Callable[[str], str | None]
"""Of a content hash: why the photo cannot be read, as found since the folder was looked through."""


def summary_view(record: ImageSummary, problem_of: ProblemOf) -> ImageSummaryMessage:
    return ImageSummaryMessage.model_construct(
        **_item(record, problem_of), objects=record.object_count
    )


def page_view(page: Page, problem_of: ProblemOf) -> ImagePage:
    return ImagePage.model_construct(
        total=page.total, images=[summary_view(record, problem_of) for record in page.images]
    )


def detail_view(record: ImageRecord, problem_of: ProblemOf) -> ImageDetail:
    return ImageDetail.model_construct(
        **_item(record, problem_of),
        objects=[object_view(found) for found in record.objects],
        can_undo=record.can_undo,
        can_redo=record.can_redo,
        undo_label=record.undo_label,
        redo_label=record.redo_label,
        levels=level_count(record.size_hw),
        tile_px=TILE_PX,
    )


def object_view(record: ObjectRecord) -> StoredObject:
    return StoredObject.model_construct(
        id=record.object_id,
        class_id=record.class_id,
        mask=MaskMessage.of(record.packed),
        points=record.points_xy,
        confidence=record.confidence,
        visible=record.visible,
        locked=record.locked,
        author=record.author,
        seconds=record.seconds,
        inputs=record.inputs,
    )


def _item(record: ImageSummary, problem_of: ProblemOf) -> dict[str, Any]:
    return {
        "id": record.image_id,
        "path": record.path,
        "width": record.size_hw[1],
        "height": record.size_hw[0],
        "status": record.status,
        "reviewed_by": record.reviewed_by,
        "lowest_confidence": record.lowest_confidence,
        "version": record.version,
        "missing": record.missing,
        "changed": record.changed,
        "problem": record.problem or problem_of(record.content),
        "content": record.content,
    }
