"""What travels over HTTP about images, objects and masks. Coordinates are image pixels.

(0, 0) is the centre of the top-left pixel, x runs right, y down; boxes are half-open whole pixels
x0, y0, x1, y1. Field names are the same on the command line (`extremecut segment --json`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from extremecut.annotations.mask_runs import MaskRuns
from extremecut.annotations.packed_mask import PackedMask, text_to_runs
from extremecut.projects.records import ObjectChange, ObjectFields

MAX_INTEGER = (1 << 53) - 1
"""The largest whole number that JavaScript keeps exactly."""
MAX_POINTS = 1000
"""Of one object."""
MAX_CHANGES = 10_000
"""Objects in one action."""
MAX_RUNS = 5_000_000
"""Of one mask; as text, characters."""

Identifier = Annotated[int, Field(ge=1, le=MAX_INTEGER)]
Version = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
Coordinate = Annotated[float, Field(ge=-1e9, le=1e9, allow_inf_nan=False)]
Point = tuple[Coordinate, Coordinate]
Unit = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
Corners = Annotated[
    tuple[Count, Count, Count, Count],
    Field(description="Half-open x0, y0, x1, y1; 0, 0, 0, 0 when the mask is empty."),
]
RunsText = Annotated[str, StringConstraints(max_length=MAX_RUNS, pattern=r"^[0-o]*$")]
RunLengths = Annotated[tuple[Count, ...], Field(max_length=MAX_RUNS)]
# One line of text: no control characters, which some databases and all CSV files dislike.
Line = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")
]
Word = Annotated[
    str, StringConstraints(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9._:-]+$")
]
Status = Literal["new", "in_progress", "done"]


class Message(BaseModel):
    """Fields that nobody asked for are refused: a misspelt name would be lost in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ErrorBody(BaseModel):
    """Every answer that is not 2xx."""

    detail: str = Field(description="One plain sentence for people.")
    code: str = Field(description="One word for programs.")
    current_version: int | None = Field(None, description="With code `conflict`: what it is now.")


class MaskMessage(BaseModel):
    """A mask inside its tight box: lengths of zeros and ones in turn, row by row, zeros first."""

    box: Corners
    runs: RunsText = Field(
        description="The lengths as text, in the form of COCO's compressed run lengths; empty "
        'when the mask is. `pycocotools.mask.decode({"size": [x1 - x0, y1 - y0], "counts": '
        "runs}).T` is the mask inside the box."
    )

    @classmethod
    def of(cls, mask: PackedMask) -> MaskMessage:
        """Trusted already, so not checked again."""
        return cls.model_construct(box=mask.box_xyxy, runs=mask.runs)


class GivenMask(Message):
    """A mask inside a box: lengths of zeros and ones in turn, row by row, zeros first."""

    box: Corners
    runs: RunsText | RunLengths = Field(
        description="The lengths, as numbers or as text; they add up to the pixels of the box."
    )

    def checked(self, size_hw: tuple[int, int]) -> MaskRuns:
        """Raises: DataError: not a mask of an image of that size."""
        runs = text_to_runs(self.runs) if isinstance(self.runs, str) else self.runs
        return MaskRuns.checked(self.box, runs, size_hw=size_hw)


class SegmentRequest(Message):
    """One object of an image of the project (`image_id`) or of a picture sent along (`image`)."""

    image_id: Identifier | None = None
    image: str | None = Field(None, description="An image file, base64.")
    points: list[Point] = Field(
        min_length=4,
        max_length=MAX_POINTS,
        description="[x, y] of the left-most, top, right-most and bottom point in any order, and "
        "more on the boundary to refine. They may lie outside the image.",
    )
    stream: Word | None = Field(
        None, description="A waiting request of the same stream with a lower sequence is dropped."
    )
    sequence: int = Field(0, ge=0, le=MAX_INTEGER)


class SegmentAnswer(BaseModel):
    """The object of `extremecut segment --json`, and its mask."""

    points: list[Point]
    box_xyxy: tuple[int, int, int, int] | None
    area_px: int
    confidence: float | None = Field(description="Estimated IoU of the mask, 0 to 1.")
    notes: list[str] = Field(description="What a person should know about this result.")
    mask: MaskMessage
    box: tuple[int, int, int, int] = Field(description="The mask's.")
    width: int = Field(description="Of the image.")
    height: int
    milliseconds: float = Field(description="From the complete request to the mask.")


class ObjectMessage(Message):
    """What a person decides about an object."""

    mask: GivenMask
    points: tuple[Point, ...] = Field((), max_length=MAX_POINTS)
    class_id: Identifier
    confidence: Unit | None = None
    visible: bool = True
    locked: bool = False

    def fields(self, size_hw: tuple[int, int]) -> ObjectFields:
        return ObjectFields(
            self.mask.checked(size_hw),
            self.points,
            self.class_id,
            self.confidence,
            self.visible,
            self.locked,
        )


class ChangeMessage(Message):
    """One object created (`id` null), replaced, or deleted (`object` null)."""

    id: Identifier | None
    object: ObjectMessage | None

    def change(self, size_hw: tuple[int, int]) -> ObjectChange:
        fields = None if self.object is None else self.object.fields(size_hw)
        return ObjectChange(self.id, fields)


class ActionRequest(Message):
    """One action of a person, undone as a whole."""

    version: Version = Field(description="The image's, on which the action was made.")
    action: Line = Field(description="What undo is to call it.")
    changes: list[ChangeMessage] = Field(min_length=1, max_length=MAX_CHANGES)
    seconds: Seconds = Field(0.0, description="Time spent on it.")
    inputs: Count = Field(0, description="Clicks, strokes and keys spent on it.")
    request_id: Word | None = Field(
        None, description="Sent again after a lost answer, the action is not done twice."
    )


class StepRequest(Message):
    """Undo or redo."""

    version: Version
    request_id: Word | None = None


class ImagePatch(Message):
    version: Version
    status: Status | None = None
    reviewed: bool | None = None


class ImageItem(BaseModel):
    """An image in a list."""

    id: int
    path: str = Field(description="Relative to the photo folder.")
    width: int
    height: int
    status: Status
    reviewed_by: str | None
    lowest_confidence: float | None
    version: int
    missing: bool = Field(description="Its file is no longer in the folder.")
    changed: bool = Field(description="Its file is not what its objects were drawn on.")
    problem: str | None = Field(description="Why the photo cannot be read.")
    content: str = Field(description="SHA-256 of the file.")


class ImageSummaryMessage(ImageItem):
    objects: int


class ImagePage(BaseModel):
    total: int = Field(description="Images that match, on all pages.")
    images: list[ImageSummaryMessage]


class StoredObject(BaseModel):
    id: int
    class_id: int
    mask: MaskMessage
    points: tuple[tuple[float, float], ...]
    confidence: float | None
    visible: bool
    locked: bool
    author: str
    seconds: float
    inputs: int


class ImageDetail(ImageItem):
    objects: list[StoredObject] = Field(description="In drawing order, the last on top.")
    can_undo: bool
    can_redo: bool
    undo_label: str | None
    redo_label: str | None
    levels: int = Field(description="Tile levels: 0 is full resolution, n is 1/2^n.")
    tile_px: int
