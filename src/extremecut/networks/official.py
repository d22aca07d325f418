"""The models released with the paper, as networks of this package.

Their tensors' names and shapes are public facts of the files; the architecture behind them is
described in docs/reproduction.md: ResNet-101 with the stride in a bottleneck's first 1x1
convolution, dilation 2 and 4 throughout the last two stages, a projection in every stage's first
block, and a PSP or ASPP head, enlarged with aligned corners.
"""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from extremecut.errors import ModelError
from extremecut.inputs import InputSpec
from extremecut.networks.checkpoints import Checkpoint, load_into
from extremecut.networks.dextr_net import DextrNet, NetworkConfig
from extremecut.networks.pth import read_pth

PSP_2018 = NetworkConfig(
    backbone="resnet101",
    head="psp",
    output_stride=8,
    align_corners=True,
    stride_in_1x1=True,
    project_every_stage=True,
    dilate_first_block=True,
)
ASPP_2018 = dataclasses.replace(PSP_2018, head="aspp")
FEATURE_CHANNELS = 2048

CARD: dict[str, Any] = {
    "licence": "MIT",
    "licence_note": "The weights released with the paper are under the MIT licence.",
    "source": "K.-K. Maninis, S. Caelles, J. Pont-Tuset, L. Van Gool: Deep Extreme Cut: From "
    "Extreme Points to Object Segmentation, CVPR 2018; released PyTorch weights",
}
_HEAD_NAMES = {
    "layer5.bottleneck.": "head.bottleneck.",
    "layer5.final.": "head.logit.",
    **{f"layer5.stages.{i}.1.": f"head.pyramid.branches.{i}.0." for i in range(4)},
    **{f"layer5.stages.{i}.2.": f"head.pyramid.branches.{i}.1." for i in range(4)},
    **{f"layer5.conv2d_list.{i}.": f"head.branches.{i}." for i in range(4)},
}


def import_official(
    path: str | os.PathLike[str], *, name: str | None = None, ceil_pooling: bool = False
) -> Checkpoint:
    """Read one of the released files.

    Args:
        path: `dextr_pascal-sbd.pth`, `dextr_pascal.pth`, `dextr_coco.pth`, or one made alike.
        name: for the card; by default the file's.
        ceil_pooling: round the first pooling's size up, as DeepLab-v2 did in Caffe (65 x 65 maps
            for 512 pixels instead of 64 x 64). A file does not say which it was trained with.

    Raises:
        ModelError: the file is damaged, of another kind, or its tensors do not fit; names them.
    """
    tensors = read_pth(path)
    aspp = any("conv2d_list" in their_name for their_name in tensors)
    config = dataclasses.replace(ASPP_2018 if aspp else PSP_2018, ceil_pooling=ceil_pooling)
    renamed = {_our_name(their_name): tensor for their_name, tensor in tensors.items()}
    bottleneck = "head.bottleneck.0.weight"
    if bottleneck in renamed:
        renamed[bottleneck] = _features_first(renamed[bottleneck])
    net = DextrNet(config)
    try:
        load_into(net, renamed, where=str(path), shown_as=_their_name)
    except ModelError as error:
        raise ModelError(f"{error}. Wanted one of the models released with the paper") from None
    card = {"name": name or Path(path).stem, **CARD}
    return Checkpoint(net.eval(), InputSpec.dextr_2018(), card)


def _our_name(name: str) -> str:
    for theirs, ours in _HEAD_NAMES.items():
        if name.startswith(theirs):
            return ours + name[len(theirs) :]
    return f"backbone.{name}"


def _their_name(name: str) -> str:
    for theirs, ours in _HEAD_NAMES.items():
        if name.startswith(ours):
            return theirs + name[len(ours) :]
    return name.removeprefix("backbone.")


def _features_first(weight: Tensor) -> Tensor:
    """The bottleneck's input channels in our order: the features, then the pyramid.

    The released files have the pyramid's 4 x 512 first. Weights are moved, none is changed.
    """
    if weight.shape[1] <= FEATURE_CHANNELS:
        return weight
    return torch.cat([weight[:, -FEATURE_CHANNELS:], weight[:, :-FEATURE_CHANNELS]], dim=1)
