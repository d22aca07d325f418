"""The DEXTR network: a four-channel stem, a dilated backbone and a head (paper, section 3.2)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from extremecut.errors import ConfigError
from extremecut.networks.heads import ASPPHead, PSPHead, SkipDecoder
from extremecut.networks.mobilenet_v2 import MobileNetV2

BACKBONES: dict[str, Any] = {
    "mobilenet_v2": MobileNetV2,
}
HEADS: dict[str, Any] = {
    "psp": PSPHead,
    "aspp": ASPPHead,
    "skip": SkipDecoder,
}


@dataclass(frozen=True, slots=True)
class NetworkConfig:
    """Which network to build; saved in every checkpoint."""

    backbone: str = "mobilenet_v2"
    """One of `BACKBONES`."""
    head: str = "skip"
    """One of `HEADS`: the paper's "psp" and "aspp", or the small model's "skip" decoder."""
    output_stride: int = 16
    """8 or 16: how much coarser than the input the backbone's last map is."""
    align_corners: bool = False
    """How the logits are enlarged to the input's size; true for the released models."""

    def __post_init__(self) -> None:
        if self.backbone not in BACKBONES:
            raise ConfigError(f"backbone must be one of {sorted(BACKBONES)}, got {self.backbone!r}")
        if self.head not in HEADS:
            raise ConfigError(f"head must be one of {sorted(HEADS)}, got {self.head!r}")

    def to_dict(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> NetworkConfig:
        """Read what `to_dict` wrote; fields it does not have keep their defaults.

        Raises:
            ConfigError: unknown fields or values.
        """
        try:
            return cls(**fields)
        except TypeError as error:
            raise ConfigError(f"not a valid network configuration: {error}") from None


class DextrNet(nn.Module):
    """(B, 4, H, W) input -> (B, 1, H, W) logits of the object's mask."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        self.backbone = BACKBONES[config.backbone](
            in_channels=4, output_stride=config.output_stride
        )
        self.head = HEADS[config.head](self.backbone.channels)

    def forward(self, x: Tensor) -> Tensor:
        logits = self.head(self.backbone(x))
        return F.interpolate(
            logits,
            size=(int(x.shape[2]), int(x.shape[3])),
            mode="bilinear",
            align_corners=self.config.align_corners,
        )


def widen_stem(weight_rgb: Tensor) -> Tensor:
    """A 3-channel stem's weight (O, 3, k, k) with a fourth input channel of zeros.

    The pretrained response to the image is kept exactly and the guidance's filters grow from
    nothing. (The paper's code meant to copy the third channel's filters; docs/reproduction.md.)

    Returns:
        (O, 4, k, k).
    """
    return torch.cat([weight_rgb, torch.zeros_like(weight_rgb[:, :1])], dim=1)
