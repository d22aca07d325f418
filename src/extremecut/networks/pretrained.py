"""ImageNet weights into a four-channel backbone; every tensor is accounted for."""

from __future__ import annotations

import os
from collections.abc import Callable

import torch
from torch import Tensor

from extremecut.errors import ModelError
from extremecut.networks.checkpoints import load_into, read_tensors
from extremecut.networks.dextr_net import DextrNet, widen_stem
from extremecut.networks.pth import looks_like_pth, read_pth

Tensors = dict[str, Tensor]


def load_imagenet(net: DextrNet, path: str | os.PathLike[str]) -> None:
    """Fill a network's backbone from an ImageNet file; the head keeps its initialisation.

    Three kinds of file are known by their tensors' names: MobileNetV2 as `networks.mobilenet_v2`
    names it, torchvision's ResNets with batch norm or with batch norm folded into biases, and
    TF-slim's ResNet-101 v2. The stem's fourth channel starts at zero (`widen_stem`), classifiers
    are left out, and so are stages that the network does not build.

    Files with folded batch norm give a network that is right in evaluation mode; before training
    with batch statistics, pass some photos through `batch_norm.measure_statistics`.

    Args:
        path: a safetensors file, or one of torchvision's `.pth` files (read as plain tensors;
            nothing in it is run).

    Raises:
        ModelError: the file is damaged or of another backbone; names what is missing, unexpected
            or of a wrong shape.
    """
    tensors = read_pth(path) if looks_like_pth(path) else read_tensors(path)[0]
    rename = _READERS[net.config.backbone]
    renamed = rename(tensors)
    if net.config.backbone.startswith("resnet") and net.config.last_stage == 3:
        renamed = _without(renamed, "layer4.")
    stem = "stem.conv.weight" if net.config.backbone == "mobilenet_v2" else "conv1.weight"
    if stem not in renamed:
        raise ModelError(f"{path} has no stem for {net.config.backbone}: it is of another network")
    if renamed[stem].shape[1] == 3:
        renamed[stem] = widen_stem(renamed[stem])
    load_into(net.backbone, renamed, where=f"{path} (as {net.config.backbone})")


def _mobilenet_v2(tensors: Tensors) -> Tensors:
    return _without(tensors, "head.")


def _torchvision(tensors: Tensors) -> Tensors:
    """torchvision's names; biases of convolutions become batch norm's."""
    result = {}
    for name, tensor in _without(tensors, "fc.").items():
        module, _, kind = name.rpartition(".")
        last = module.rpartition(".")[2]
        if kind == "weight" and last == "downsample":
            result[f"{module}.0.weight"] = tensor
        elif kind == "bias" and last == "downsample":
            result |= _folded_norm(f"{module}.1", tensor)
        elif kind == "bias" and last.startswith("conv"):
            result |= _folded_norm(module[: -len(last)] + last.replace("conv", "bn"), tensor)
        else:
            result[name] = tensor
    return result


def _tf_slim(tensors: Tensors) -> Tensors:
    """`block1_unit_1_bottleneck_v2_conv1_weights` and the like to `block1.0.conv1.weight`."""
    result: Tensors = {}
    scales = {name: t for name, t in tensors.items() if name.endswith("_mul_0_param")}
    for name, tensor in tensors.items():
        if name.startswith(("logits", "postnorm")) or name in scales:
            continue
        if name.startswith("conv1_"):
            result["conv1.weight" if name.endswith("weights") else "conv1.bias"] = tensor
            continue
        unit, _, part = name.partition("_bottleneck_v2_")
        block, _, number = unit.partition("_unit_")
        if not number.isdigit():
            result[name] = tensor  # reported as unexpected
            continue
        prefix = f"{block}.{int(number) - 1}"
        if part == "preact_FusedBatchNorm_add_param":
            target = "last.0" if block == "block4" else f"{prefix}.preact.0"
            scale = scales.get(name.replace("_add_param", "_mul_0_param"))
            result |= _folded_norm(target, tensor, scale)
        elif part in ("conv1_Conv2D_bias", "conv2_Conv2D_bias"):
            result |= _folded_norm(f"{prefix}.bn{part[4]}", tensor)
        elif part.endswith("_Conv2D_bias"):
            result[f"{prefix}.{part.removesuffix('_Conv2D_bias')}.bias"] = tensor
        else:
            result[f"{prefix}.{part.removesuffix('_weights')}.weight"] = tensor
    return result


def _folded_norm(name: str, shift: Tensor, scale: Tensor | None = None) -> Tensors:
    """A batch norm that only scales and shifts: mean 0, variance 1."""
    return {
        f"{name}.weight": torch.ones_like(shift) if scale is None else scale,
        f"{name}.bias": shift,
        f"{name}.running_mean": torch.zeros_like(shift),
        f"{name}.running_var": torch.ones_like(shift),
    }


def _without(tensors: Tensors, prefix: str) -> Tensors:
    return {name: tensor for name, tensor in tensors.items() if not name.startswith(prefix)}


_READERS: dict[str, Callable[[Tensors], Tensors]] = {
    "mobilenet_v2": _mobilenet_v2,
    "resnet18": _torchvision,
    "resnet34": _torchvision,
    "resnet50": _torchvision,
    "resnet101": _torchvision,
    "resnet152": _torchvision,
    "resnet101_v2": _tf_slim,
}
