"""The one road for network inputs: image + points + InputSpec -> four channels and a crop frame.

Training, evaluation, prediction and export all call `prepare`. The spec travels inside every
checkpoint and every ONNX file; nothing states its values a second time.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extremecut.errors import ConfigError
from extremecut.geometry.boxes import Box, Margin
from extremecut.geometry.colour_odds import ColourOdds
from extremecut.geometry.crop import RESAMPLINGS, CropFrame
from extremecut.geometry.guidance import distance_map, gaussian_map
from extremecut.geometry.guided_filter import GuidedFilter

IMAGENET_MEAN_RGB = (123.675, 116.28, 103.53)
IMAGENET_STD_RGB = (58.395, 57.12, 57.375)
GUIDANCES = ("gaussian", "distance")
POINT_ROUNDINGS = ("none", "floor")

MOST_COLOUR = 1e6
"""Of means and deviations, far beyond 0..255: what a float32 computes with them stays finite."""

LEAST_STD = 1e-3
"""Likewise, of what colours are divided by."""

LEAST_STD_TO_COMPARE = 10.0
"""What is done with colours after the network counts on normalised ones: up to 255 they would
leave a guided filter's float32 sums no digits for small variances."""


@dataclass(frozen=True, slots=True)
class InputSpec:
    """Everything that turns an image and points into a network's input and its output into a mask.

    The defaults are what training starts from; `dextr_2018()` gives the released models'. The
    embedded model's is in its file.
    """

    size_px: int = 256
    """Side of the square the crop is resized to, whatever its aspect."""
    margin: Margin = Margin(0.15, "box", minimum_px=4)
    """How far the crop reaches beyond the box of the points."""
    resampling: str = "area"
    """`"area"` or "cubic", see `CropFrame`."""
    guidance: str = "gaussian"
    """`"gaussian"` or `"distance"`."""
    guidance_width_px: float = 12.0
    """Full width at half maximum of the Gaussians, or the distance map's limit; crop pixels."""
    guidance_range: float = 1.0
    """Value of the guidance map at its highest."""
    guidance_stretch: bool = False
    """Stretch each map so that its lowest value is 0 and its highest `guidance_range`."""
    point_rounding: str = "none"
    """`"floor"` moves points to whole crop pixels without half-pixel centres, as in 2018."""
    mean_rgb: tuple[float, float, float] = IMAGENET_MEAN_RGB
    """Subtracted from RGB in 0..255."""
    std_rgb: tuple[float, float, float] = IMAGENET_STD_RGB
    """What RGB is divided by, after the mean."""
    threshold: float = 0.5
    """A pixel belongs to the mask when its probability is greater."""
    clip_to_box: bool = True
    """Whether pixels outside the tight box of the points are never part of the mask."""
    second_look: float | None = None
    """An answer with a greater `confidence.uncertainty` is averaged with the network's answer for
    the left-right mirrored input: 0 for each that is not quite sure, None for no second look."""
    colour_odds: ColourOdds | None = None
    """How colours like those at the points make an answer surer; None leaves it alone."""
    guided_filter: GuidedFilter | None = None
    """How the answer takes over the photo's edges; None leaves it as it is."""

    def __post_init__(self) -> None:
        if not isinstance(self.size_px, int) or not 8 <= self.size_px <= 4096:
            raise ConfigError(f"size_px must be a whole number in 8..4096, got {self.size_px!r}")
        if self.resampling not in RESAMPLINGS:
            raise ConfigError(f"resampling must be one of {RESAMPLINGS}, got {self.resampling!r}")
        if self.guidance not in GUIDANCES:
            raise ConfigError(f"guidance must be one of {GUIDANCES}, got {self.guidance!r}")
        if self.point_rounding not in POINT_ROUNDINGS:
            raise ConfigError(
                f"point_rounding must be one of {POINT_ROUNDINGS}, got {self.point_rounding!r}"
            )
        if not (0.1 <= self.guidance_width_px <= 1e4 and 0 < self.guidance_range <= 1e4):
            raise ConfigError(
                "guidance_width_px must be in 0.1..10000 and guidance_range in 0..10000, got "
                f"{self.guidance_width_px} and {self.guidance_range}"
            )
        if not (isinstance(self.guidance_stretch, bool) and isinstance(self.clip_to_box, bool)):
            raise ConfigError("guidance_stretch and clip_to_box must be true or false")
        if not 0.0 < self.threshold < 1.0:
            raise ConfigError(f"threshold must lie between 0 and 1, got {self.threshold}")
        if self.second_look is not None and not self.second_look >= 0:
            raise ConfigError(f"second_look must be at least 0 or None, got {self.second_look}")
        colours = (*self.mean_rgb, *self.std_rgb)
        numbers = all(isinstance(e, (int, float)) and abs(e) <= MOST_COLOUR for e in colours)
        threes = len(self.mean_rgb) == len(self.std_rgb) == 3
        if not (numbers and threes and min(self.std_rgb) >= LEAST_STD):
            raise ConfigError(
                f"mean_rgb and std_rgb need three numbers each, of at most {MOST_COLOUR:g}, "
                f"std_rgb of at least {LEAST_STD:g}; got {self.mean_rgb} and {self.std_rgb}"
            )
        compares = self.guided_filter is not None or self.colour_odds is not None
        if compares and min(self.std_rgb) < LEAST_STD_TO_COMPARE:
            raise ConfigError(
                "guided filter and colour odds need normalised colours, with std_rgb of at least "
                f"{LEAST_STD_TO_COMPARE:g}; this model's is {self.std_rgb}"
            )

    @classmethod
    def dextr_2018(cls) -> InputSpec:
        """What the models released with the paper expect (docs/reproduction.md)."""
        return cls(
            size_px=512,
            margin=Margin(50),
            resampling="cubic",
            guidance_width_px=10.0,
            guidance_range=255.0,
            guidance_stretch=True,
            point_rounding="floor",
            mean_rgb=(0.0, 0.0, 0.0),
            std_rgb=(1.0, 1.0, 1.0),
            threshold=0.8,
        )

    def to_json(self) -> str:
        """All fields as a JSON object; `from_json` reads it back."""
        return json.dumps(dataclasses.asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> InputSpec:
        """Read what `to_json` wrote.

        Raises:
            ConfigError: not JSON, missing or unknown fields, values out of range.
        """
        try:
            fields: dict[str, Any] = json.loads(text)
            fields["margin"] = Margin(**fields["margin"])
            fields["mean_rgb"] = tuple(fields["mean_rgb"])
            fields["std_rgb"] = tuple(fields["std_rgb"])
            for name, settings in (("colour_odds", ColourOdds), ("guided_filter", GuidedFilter)):
                if fields.get(name) is not None:
                    fields[name] = settings(**fields[name])
            if "mirror" in fields:  # as older files say it: always or never
                fields["second_look"] = 0.0 if fields.pop("mirror") else None
            return cls(**fields)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise ConfigError(f"not a valid input spec: {error}") from None


@dataclass(frozen=True, slots=True)
class NetworkInput:
    """What the network sees, and how to bring its answer back."""

    array: NDArray[np.float32]
    """(4, size_px, size_px): normalised RGB, then the guidance map."""
    frame: CropFrame
    """Maps between the image and the crop."""
    points_box: Box
    """The tight box of the points."""


def crop_frame(points_xy: NDArray[np.float64], spec: InputSpec) -> CropFrame:
    """The frame of the relaxed box around the points.

    Args:
        points_xy: (N, 2), N >= 1, image pixels.
    """
    box = spec.margin.around(Box.around_points(points_xy))
    return CropFrame(box, spec.size_px, spec.resampling)


def guidance_map(
    points_xy: NDArray[np.float64], frame: CropFrame, spec: InputSpec
) -> NDArray[np.float32]:
    """The fourth channel: (size_px, size_px) float32 in [0, guidance_range].

    Args:
        points_xy: (N, 2), image pixels.
    """
    if spec.point_rounding == "floor":
        # Kept to match the released models: int(size * (p - x0) / width), no half-pixel centres.
        offsets = points_xy - (frame.box.x0, frame.box.y0)
        points = np.trunc(offsets * frame.size_px / (frame.box.width, frame.box.height))
    else:
        points = frame.to_crop(points_xy)
    unit = _unit_map(points, spec)
    if spec.guidance_stretch:
        low, high = float(unit.min()), float(unit.max())
        if high > low:
            unit = (unit - np.float32(low)) / np.float32(high - low)
    return unit * np.float32(spec.guidance_range)


def with_further_points(
    guidance: NDArray[np.float32], points_crop_xy: NDArray[np.float64], spec: InputSpec
) -> NDArray[np.float32]:
    """A fourth channel with points added to it, for a crop whose photo is not at hand.

    Args:
        guidance: (size_px, size_px), from `guidance_map`; not changed.
        points_crop_xy: (N, 2), pixels of the crop.

    Raises:
        ConfigError: the spec stretches its maps, so that all points are needed at once.
    """
    if spec.guidance_stretch:
        raise ConfigError("points cannot be added to guidance maps that are stretched")
    further = _unit_map(points_crop_xy, spec) * np.float32(spec.guidance_range)
    merged = np.maximum if spec.guidance == "gaussian" else np.minimum
    result: NDArray[np.float32] = merged(guidance, further)
    return result


def _unit_map(points_crop_xy: NDArray[np.float64], spec: InputSpec) -> NDArray[np.float32]:
    size_hw = (spec.size_px, spec.size_px)
    if spec.guidance == "gaussian":
        return gaussian_map(points_crop_xy, size_hw=size_hw, fwhm_px=spec.guidance_width_px)
    return distance_map(points_crop_xy, size_hw=size_hw, limit_px=spec.guidance_width_px)


def prepare(
    image: NDArray[np.uint8], points_xy: NDArray[np.float64], spec: InputSpec
) -> NetworkInput:
    """Crop, resize, normalise and add the guidance map.

    Args:
        image: (H, W, 3) uint8 RGB.
        points_xy: (N, 2), N >= 4, image pixels, checked by `as_points`.

    Returns:
        What the network sees, the frame to paste its answer by, and the points' tight box.

    Example:
        >>> image = np.zeros((100, 120, 3), np.uint8)
        >>> points = np.array([[20., 50.], [60., 10.], [90., 55.], [55., 80.]])
        >>> prepare(image, points, InputSpec()).array.shape
        (4, 256, 256)
    """
    frame = crop_frame(points_xy, spec)
    array = np.empty((4, spec.size_px, spec.size_px), np.float32)
    scale = 1.0 / np.array(spec.std_rgb, np.float32)
    shift = -np.array(spec.mean_rgb, np.float32) * scale
    crop = frame.cut(image)
    for channel in range(3):
        np.multiply(crop[:, :, channel], scale[channel], out=array[channel])
        array[channel] += shift[channel]
    array[3] = guidance_map(points_xy, frame, spec)
    return NetworkInput(array, frame, Box.around_points(points_xy))
