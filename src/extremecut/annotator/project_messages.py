"""What travels over HTTP about the project as a whole: classes, settings, progress, files."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from extremecut.annotator.messages import Line, Message

Color = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]


class Health(BaseModel):
    status: str
    version: str = Field(description="Of extremecut.")


class LoginRequest(Message):
    token: str = Field(min_length=1, max_length=1000, description="The token or password.")


class AuthorRequest(Message):
    name: Annotated[Line, Field(max_length=100)]


class AuthorAnswer(BaseModel):
    author: str


class ClassMessage(BaseModel):
    id: int
    name: str
    color: str
    order: int


class NewClass(Message):
    name: Annotated[Line, Field(max_length=100)]
    color: Color | None = Field(None, description="#rrggbb; one that is free when left out.")


class ClassPatch(Message):
    name: Annotated[Line, Field(max_length=100)] | None = None
    color: Color | None = None
    order: int | None = Field(None, ge=0, le=100_000)


class Counts(BaseModel):
    images: int = Field(description="Missing ones not counted.")
    new: int
    in_progress: int
    done: int
    missing: int
    changed: int
    unreadable: int
    objects: int


class ModelMessage(BaseModel):
    name: str
    sha256: str
    size_px: int


class LimitsMessage(BaseModel):
    """How much one request may ask for."""

    action_bytes: int
    image_bytes: int
    image_pixels: int
    import_bytes: int
    points: int
    changes: int


class ProjectMessage(BaseModel):
    name: str
    photos_folder_name: str
    classes: list[ClassMessage]
    author: str
    settings: dict[str, JsonValue]
    counts: Counts
    model: ModelMessage
    version: str = Field(description="Of extremecut.")
    limits: LimitsMessage
    login: bool = Field(description="Whether this server asks for a token.")
    notes: list[str] = Field(description="What everybody should know, one sentence each.")


class Settings(BaseModel):
    """Any settings of the page, as JSON; null removes one."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, JsonValue]


class Refreshed(BaseModel):
    """What a look into the photo folder found."""

    added: int
    moved: int
    changed: int
    missing: int
    returned: int
    unchanged: int
    notes: list[str]


class Effort(BaseModel):
    name: str
    objects: int
    timed: int = Field(description="Objects with measured time.")
    median_seconds: float | None
    median_inputs: float | None
    total_seconds: float


class StatisticsMessage(BaseModel):
    """How far the project is, and what a mask costs."""

    images: int
    done: int
    reviewed: int
    total: Effort
    by_author: list[Effort]
    by_class: list[Effort]


class Losses(BaseModel):
    losses: list[str] = Field(description="What this format cannot hold of this project.")


class Imported(BaseModel):
    images: int
    objects: int
    notes: list[str]
