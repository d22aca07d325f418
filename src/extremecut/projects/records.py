"""What a project hands out and takes in: plain frozen records, no database behind them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.annotations.packed_mask import PackedMask

STATUSES = ("new", "in_progress", "done")


@dataclass(frozen=True, slots=True)
class ObjectFields:
    """What a person decides about an object."""

    mask: MaskRuns
    """Inside the image; may be empty."""
    points_xy: tuple[tuple[float, float], ...]
    """The clicked points in image pixels; may lie outside the image; () for a drawn object."""
    class_id: int
    confidence: float | None = None
    """Estimated IoU, 0 to 1; None where no model made the mask."""
    visible: bool = True
    locked: bool = False
    """A locked object can only be hidden, shown and unlocked."""


@dataclass(frozen=True, slots=True)
class ObjectChange:
    """One object created, replaced or deleted."""

    object_id: int | None
    """None creates an object."""
    fields: ObjectFields | None
    """None deletes the object."""


@dataclass(frozen=True, slots=True)
class ObjectRecord:
    """An object of an image as it is stored."""

    object_id: int
    packed: PackedMask
    """The mask at rest: thousands of objects are kept and sent, few are looked into."""
    points_xy: tuple[tuple[float, float], ...]
    class_id: int
    confidence: float | None
    visible: bool
    locked: bool
    author: str
    """Who created it."""
    seconds: float
    """Time that people spent on it, all its actions together."""
    inputs: int
    """Clicks, strokes and keys spent on it, all its actions together."""
    created_at: datetime
    """UTC."""
    changed_at: datetime
    version: int
    """The image's version when this object last changed; never goes back."""
    identity: str | None = None
    """From an import: says which objects of different photos are the same one."""
    cut: bool = False
    """The mask is kept whole, and this is its part inside a photo that became smaller."""

    def with_mask(self, mask: MaskRuns) -> ObjectRecord:
        return replace(self, packed=PackedMask.of(mask))

    @property
    def mask(self) -> MaskRuns:
        """Unpacked anew each time."""
        return self.packed.unpacked()

    @property
    def box(self) -> tuple[int, int, int, int]:
        """The mask's half-open (x0, y0, x1, y1)."""
        return self.packed.box_xyxy

    @property
    def fields(self) -> ObjectFields:
        return ObjectFields(
            self.mask, self.points_xy, self.class_id, self.confidence, self.visible, self.locked
        )


@dataclass(frozen=True, slots=True)
class ImageSummary:
    """An image in a list."""

    image_id: int
    path: str
    """Relative to the photo folder, with forward slashes; where it was last, if missing."""
    size_hw: tuple[int, int]
    """Of the upright photo, in pixels; (0, 0) when it cannot be read."""
    status: str
    """One of `STATUSES`."""
    reviewed_by: str | None
    """Who looked it over since its objects last changed."""
    object_count: int
    lowest_confidence: float | None
    """Over the objects that have one."""
    version: int
    """Counts accepted changes; a change must name the one it was made on."""
    missing: bool
    """The photo is no longer in the folder; its objects are kept."""
    changed: bool
    """The photo's content is not what its objects were drawn on; setting a status clears this."""
    problem: str | None
    """Why the photo cannot be read."""
    content: str
    """SHA-256 of the photo file, lower-case hex."""


@dataclass(frozen=True, slots=True)
class ImageRecord(ImageSummary):
    """An image with its objects and what can be undone."""

    objects: tuple[ObjectRecord, ...]
    """In drawing order: later ones lie on top."""
    undo_label: str | None
    """The action that `undo` takes back; None when there is none."""
    redo_label: str | None

    @property
    def can_undo(self) -> bool:
        return self.undo_label is not None

    @property
    def can_redo(self) -> bool:
        return self.redo_label is not None


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the list of images."""

    total: int
    """Images that match, on all pages."""
    images: tuple[ImageSummary, ...]


@dataclass(frozen=True, slots=True)
class ClassRecord:
    """A class of objects."""

    class_id: int
    name: str
    color: str
    """#rrggbb."""
    order: int
    """From 0."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over the whole project."""

    name: str
    photos_folder_name: str
    images: int
    """Missing ones not counted."""
    new: int
    in_progress: int
    done: int
    missing: int
    changed: int
    unreadable: int
    objects: int


@dataclass(frozen=True, slots=True)
class PhotosRefreshed:
    """What a look into the photo folder found."""

    added: int = 0
    moved: int = 0
    changed: int = 0
    """Same path, other content."""
    missing: int = 0
    """Newly missing."""
    returned: int = 0
    """Missing before, found at the old path."""
    unchanged: int = 0
    notes: tuple[str, ...] = ()
    """Plain sentences: photos that cannot be read or were left out, and why."""


@dataclass(frozen=True, slots=True)
class EffortRecord:
    """Time and actions over a group of objects."""

    name: str
    """Of the author or class; "" for all."""
    objects: int
    timed: int
    """Objects with measured time; imported ones have none."""
    median_seconds: float | None
    median_inputs: float | None
    total_seconds: float


@dataclass(frozen=True, slots=True)
class Statistics:
    """How far a project is and what a mask costs."""

    images: int
    done: int
    reviewed: int
    total: EffortRecord
    by_author: tuple[EffortRecord, ...]
    by_class: tuple[EffortRecord, ...]


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What an import did."""

    images: int
    objects: int
    notes: tuple[str, ...] = ()
    """Plain sentences: what was left out, and why."""
