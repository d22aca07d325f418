"""Augmentation: image, mask and void move together; every draw comes from an explicit generator."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from extremecut.datasets.sample import ObjectSample
from extremecut.errors import ConfigError
from extremecut.geometry.boxes import Box


@dataclass(frozen=True, slots=True)
class Augmentation:
    """Ranges and probabilities. All default to the small model's recipe; `none()` to nothing."""

    flip: float = 0.5
    """Probability of a left-right flip."""
    rotation_deg: float = 20.0
    """Rotation drawn from U(-r, r)."""
    upright: float = 0.3
    """Probability of no rotation at all."""
    stretch: float = 0.2
    """Each axis is scaled by exp(U(-s, s))."""
    long_side_px: tuple[float, float] = (120.0, 380.0)
    """Objects longer than a draw from this range are shrunk to it; none is enlarged."""
    context: float = 0.5
    """Surroundings kept on each side, as a fraction of the object's longer side."""
    context_px: int = 8
    """Surroundings kept beyond that."""
    zoom: tuple[float, float] = (1.0, 1.0)
    """Everything is scaled by a draw from this range; matters for margins in image pixels."""
    colour: float = 0.8
    """Probability of a change of brightness, contrast, saturation, hue and gamma."""
    greyscale: float = 0.05
    blur: float = 0.15
    """Probability of a Gaussian blur, sigma up to 2 px."""
    noise: float = 0.1
    """Probability of Gaussian pixel noise, sigma up to 12 of 255."""
    new_background: float = 0.15
    """Probability that the object is pasted onto another image; see `copy_paste` for this and the
    following."""
    occluder: float = 0.1
    """Probability that another object is pasted over a part of this one, near its border."""
    occluder_inside: float = 0.0
    """Probability that another object is pasted over the midst of this one."""
    distractor: float = 0.0
    """Probability that another object is pasted behind this one, into its box."""
    prefer_sparse: float = 0.0
    """An object that fills the share f of its box is passed over with this probability times f:
    above 0, objects that leave much of their box to others are seen more often. Below 1: where all
    fill their boxes, one must be kept at last."""

    def __post_init__(self) -> None:
        if not 0 <= self.prefer_sparse < 1:
            raise ConfigError(f"prefer_sparse must be >= 0 and < 1, got {self.prefer_sparse}")

    @classmethod
    def none(cls) -> Augmentation:
        return cls(
            flip=0, rotation_deg=0, upright=1, stretch=0, long_side_px=(1e9, 1e9), colour=0,
            greyscale=0, blur=0, noise=0, new_background=0, occluder=0, occluder_inside=0,
            distractor=0, prefer_sparse=0,
        )  # fmt: skip


def warp(sample: ObjectSample, settings: Augmentation, rng: np.random.Generator) -> ObjectSample:
    """Rotate, stretch, shrink and flip, keeping the object and `context` around it.

    Beyond the image's border everything is zero, as in a crop that reaches beyond it.
    """
    box = Box.around_mask(sample.mask)
    if box is None:
        return sample
    angle = 0.0
    if rng.random() >= settings.upright:
        angle = math.radians(rng.uniform(-settings.rotation_deg, settings.rotation_deg))
    stretch_xy = np.exp(rng.uniform(-settings.stretch, settings.stretch, 2))
    wanted = rng.uniform(*settings.long_side_px)
    mirrored = rng.random() < settings.flip
    scale_xy = stretch_xy * min(1.0, wanted / (max(box.width, box.height) * stretch_xy.max()))
    if settings.zoom != (1.0, 1.0):
        scale_xy *= rng.uniform(*settings.zoom)
    if mirrored:
        scale_xy[0] *= -1
    rotation = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    linear = rotation @ np.diag(scale_xy)
    corners = np.array([[box.x0, box.y0], [box.x1, box.y0], [box.x1, box.y1], [box.x0, box.y1]])
    moved = (corners - 0.5) @ linear.T
    low, high = moved.min(axis=0), moved.max(axis=0)
    # Whole pixels of context, and the object's edges on pixel edges: without rotation or scaling
    # the pixels are copied as they are.
    pad = math.ceil(settings.context * float((high - low).max()) + settings.context_px)
    size = np.ceil(high - low + 2 * pad).astype(int)
    matrix = np.column_stack([linear, pad - 0.5 - low])
    shrink = float(np.abs(scale_xy).min())
    # Averaging before a strong reduction: warpAffine itself only interpolates.
    image = sample.image
    if shrink < 0.6:
        sigma = 0.4 / shrink
        margin = int((settings.context + 0.3) * max(box.width, box.height)) + settings.context_px
        near = box.padded(margin, margin).intersection(Box.of_image(sample.mask.shape))
        assert near is not None
        image = cv2.GaussianBlur(image[near.slices], (0, 0), sigma)
        matrix_image = matrix.copy()
        matrix_image[:, 2] += linear @ np.array([near.x0, near.y0])
    else:
        matrix_image = matrix
    width_height = (int(size[0]), int(size[1]))
    mask = cv2.warpAffine(
        sample.mask.view(np.uint8) * np.uint8(255), matrix, width_height, flags=cv2.INTER_LINEAR
    )
    void = None
    if sample.void is not None:
        void = cv2.warpAffine(
            sample.void.view(np.uint8), matrix, width_height, flags=cv2.INTER_NEAREST
        ).astype(bool)
    return replace(
        sample,
        image=cv2.warpAffine(image, matrix_image, width_height, flags=cv2.INTER_LINEAR),
        mask=mask > 127,
        void=void,
    )


def change_colour(
    image: NDArray[np.uint8], settings: Augmentation, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Brightness, contrast, gamma, saturation, hue, greyscale, blur and noise."""
    if rng.random() < settings.colour:
        gains = np.exp(rng.normal(0.0, 0.08, 3)) * math.exp(rng.normal(0.0, 0.2))
        gamma = math.exp(rng.normal(0.0, 0.2))
        offset = rng.normal(0.0, 12.0)
        levels = np.arange(256, dtype=np.float64)
        curve = 255.0 * (levels / 255.0) ** gamma
        table = np.clip(curve[:, None] * gains + offset, 0, 255).astype(np.uint8)
        image = cv2.LUT(image, table[None])
        saturation = rng.uniform(0.5, 1.5)
        grey = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
        image = cv2.addWeighted(image, saturation, grey, 1.0 - saturation, 0.0)
        if rng.random() < 0.3:
            hsv = cv2.cvtColor(image, cv2.COLOR_RGB2HSV)
            hsv[..., 0] = (hsv[..., 0].astype(np.int16) + rng.integers(-15, 16)) % 180
            image = cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)
    if rng.random() < settings.greyscale:
        image = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    if rng.random() < settings.blur:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.3, 2.0))
    if rng.random() < settings.noise:
        noise = rng.standard_normal(image.shape, np.float32) * rng.uniform(2, 12)
        image = np.clip(image + noise, 0, 255).astype(np.uint8)
    return image
