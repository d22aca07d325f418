"""The DEXTR network: a four-channel stem, a dilated backbone and a head (paper, section 3.2)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from extremecut.errors import ConfigError
from extremecut.networks.batch_norm import (
    BATCH_NORM_MODES,
    enter_training,
    prepare_batch_norm,
)
from extremecut.networks.heads import ASPPHead, PSPHead, SkipDecoder
from extremecut.networks.mobilenet_v2 import MobileNetV2, checked_inner_channels
from extremecut.networks.resnet import DEPTHS, ResNet, ResNetOptions
from extremecut.networks.resnet_v2 import ResNet101V2

RESNETS = {f"resnet{depth}": depth for depth in DEPTHS}
HEADS: dict[str, Any] = {
    "psp": PSPHead,
    "aspp": ASPPHead,
    "skip": SkipDecoder,
    "skip-16": partial(SkipDecoder, with_stride_16=True),
    "skip-16-separable": partial(SkipDecoder, with_stride_16=True, separable=True),
}
FROZEN = ("nothing", "early", "backbone")


@dataclass(frozen=True, slots=True)
class NetworkConfig:
    """Which network to build; saved in every checkpoint."""

    backbone: str = "mobilenet_v2"
    """One of `BACKBONES`."""
    head: str = "skip"
    """One of `HEADS`: the paper's "psp" and "aspp", or the light decoder with skips from
    strides 8 and 4, "skip", also 16, "skip-16", and that with separable convolutions."""
    output_stride: int = 16
    """8, 16 or 32: how much coarser than the input the backbone's last map is."""
    align_corners: bool = False
    """How the logits are enlarged to the input's size; true for the released models."""
    batch_norm: str = "batch"
    """What training does with the backbone's batch norm: see `networks.batch_norm`."""
    frozen: str = "nothing"
    """What training leaves as it is: "nothing", all up to stride 4, "early" (the largest maps, and
    half the work), or the whole "backbone"."""
    inner_channels: tuple[int, ...] = ()
    """MobileNetV2: widths of its 17 blocks' inner layers; empty for the full ones."""
    last_stage: int = 4
    """ResNets: see `ResNetOptions`, for this and the following fields."""
    stride_in_1x1: bool = False
    project_every_stage: bool = False
    dilate_first_block: bool = False
    ceil_pooling: bool = False

    def __post_init__(self) -> None:
        if self.backbone not in BACKBONES:
            raise ConfigError(f"backbone must be one of {sorted(BACKBONES)}, got {self.backbone!r}")
        if self.head not in HEADS:
            raise ConfigError(f"head must be one of {sorted(HEADS)}, got {self.head!r}")
        if self.batch_norm not in BATCH_NORM_MODES:
            raise ConfigError(
                f"batch_norm must be one of {BATCH_NORM_MODES}, got {self.batch_norm!r}"
            )
        if self.frozen not in FROZEN:
            raise ConfigError(f"frozen must be one of {FROZEN}, got {self.frozen!r}")
        try:
            options = self.resnet_options
            checked_inner_channels(self.inner_channels)
        except ValueError as error:
            raise ConfigError(str(error)) from None
        if self.inner_channels and self.backbone != "mobilenet_v2":
            raise ConfigError(f"only mobilenet_v2 has inner_channels, not {self.backbone}")
        plain = ResNetOptions(output_stride=self.output_stride)
        if self.backbone not in RESNETS and options != plain:
            raise ConfigError(f"{self.backbone} has none of a ResNet's options; got {options}")

    @property
    def resnet_options(self) -> ResNetOptions:
        """Those of the fields that only ResNets have, and the output stride."""
        names = (field.name for field in dataclasses.fields(ResNetOptions))
        return ResNetOptions(**{name: getattr(self, name) for name in names})

    def to_dict(self) -> dict[str, Any]:
        """All fields, ready for JSON."""
        return dataclasses.asdict(self) | {"inner_channels": list(self.inner_channels)}

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> NetworkConfig:
        """Read what `to_dict` wrote; fields it does not have keep their defaults.

        Raises:
            ConfigError: unknown fields or values.
        """
        try:
            known = {**fields}
            if known.pop("frozen_early", False):  # as older files say it
                known["frozen"] = "early"
            known["inner_channels"] = tuple(known.get("inner_channels", ()))
            return cls(**known)
        except TypeError as error:
            raise ConfigError(f"not a valid network configuration: {error}") from None


class DextrNet(nn.Module):
    """(B, 4, H, W) input -> (B, 1, H, W) logits of the object's mask."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        self.backbone = BACKBONES[config.backbone](config)
        prepare_batch_norm(self.backbone, config.batch_norm)
        for layer in self._frozen_layers():
            layer.requires_grad_(False)
        self.head = HEADS[config.head](self.backbone.channels)
        self.train()

    def train(self, mode: bool = True) -> Self:
        """As every module's, except where the configuration says that training changes nothing."""
        super().train(mode)
        if mode:
            enter_training(self.backbone, self.config.batch_norm)
            for layer in self._frozen_layers():
                layer.eval()
        return self

    def _frozen_layers(self) -> list[nn.Module]:
        if self.config.frozen == "early":
            early: list[nn.Module] = self.backbone.early_layers()
            return early
        return [self.backbone] if self.config.frozen == "backbone" else []

    def forward(self, x: Tensor) -> Tensor:
        logits = self.head(self.backbone(x))
        return F.interpolate(
            logits,
            size=(int(x.shape[2]), int(x.shape[3])),
            mode="bilinear",
            align_corners=self.config.align_corners,
        )


def _mobilenet_v2(config: NetworkConfig) -> nn.Module:
    return MobileNetV2(
        in_channels=4,
        output_stride=config.output_stride,
        inner_channels=config.inner_channels,
    )


def _resnet(config: NetworkConfig) -> nn.Module:
    return ResNet(RESNETS[config.backbone], in_channels=4, options=config.resnet_options)


def _resnet101_v2(config: NetworkConfig) -> nn.Module:
    return ResNet101V2(in_channels=4, output_stride=config.output_stride)


BACKBONES: dict[str, Callable[[NetworkConfig], Any]] = {
    "mobilenet_v2": _mobilenet_v2,
    "resnet18": _resnet,
    "resnet34": _resnet,
    "resnet50": _resnet,
    "resnet101": _resnet,
    "resnet152": _resnet,
    "resnet101_v2": _resnet101_v2,
}


def widen_stem(weight_rgb: Tensor) -> Tensor:
    """A 3-channel stem's weight (O, 3, k, k) with a fourth input channel of zeros.

    The pretrained response to the image is kept exactly and the guidance's filters grow from
    nothing. (The paper's code meant to copy the third channel's filters; docs/reproduction.md.)

    Returns:
        (O, 4, k, k).
    """
    return torch.cat([weight_rgb, torch.zeros_like(weight_rgb[:, :1])], dim=1)
