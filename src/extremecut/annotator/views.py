"""Records of the project as messages."""

from __future__ import annotations

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


def summary_view(record: ImageSummary) -> ImageSummaryMessage:
    return ImageSummaryMessage.model_construct(**_item(record), objects=record.object_count)


def page_view(page: Page) -> ImagePage:
    return ImagePage.model_construct(
        total=page.total, images=[summary_view(record) for record in page.images]
    )


def detail_view(record: ImageRecord) -> ImageDetail:
    return ImageDetail.model_construct(
        **_item(record),
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


def _item(record: ImageSummary) -> dict[str, Any]:
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
        "problem": record.problem,
        "content": record.content,
    }
