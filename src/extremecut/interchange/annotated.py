"""What goes into a file of another program and comes out of it: photos with their objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extremecut.annotations.mask_runs import MaskRuns

DEFAULT_LABEL = "object"


@dataclass(frozen=True, slots=True)
class AnnotatedObject:
    """One object of one photo."""

    mask: MaskRuns
    """In pixels of the upright photo; may be empty."""
    label: str = DEFAULT_LABEL
    """Name of its class."""
    points_xy: tuple[tuple[float, float], ...] = ()
    """The clicks it was made from, in pixels, (0, 0) the centre of the top-left one; or none."""
    confidence: float | None = None
    """Estimated IoU of the mask, in [0, 1]."""
    identity: str | None = None
    """Says which objects of different photos are the same one, in the frames of a video."""


@dataclass(frozen=True, slots=True)
class AnnotatedImage:
    """One photo and its objects."""

    file_name: str
    """Path relative to the folder of photos, with forward slashes."""
    size_hw: tuple[int, int]
    """Height and width in pixels, the right way up."""
    objects: tuple[AnnotatedObject, ...]
    """In drawing order: later ones lie over earlier ones."""


@dataclass(frozen=True, slots=True)
class AnnotatedSet:
    """A folder of photos with their objects."""

    images: Sequence[AnnotatedImage]
    """May make each image when it is asked for; writing takes any iterable, one image at a time."""
    classes: tuple[str, ...]
    """Names in order; the label of every object is among them."""
    other_photos: tuple[str, ...] = ()
    """Paths of the folder's photos that are not among the images. Nothing is written of them, but
    files that are called like a photo must not seem to mean one of these."""
    left_out: tuple[tuple[str, int], ...] = ()
    """Path and number of objects of photos that cannot be among the images, being gone or damaged.
    Writing says so."""
