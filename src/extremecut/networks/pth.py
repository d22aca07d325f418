"""PyTorch's own files, read as plain tensors: nothing in them is run."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping

import torch
from torch import Tensor

from extremecut.errors import ModelError


def looks_like_pth(path: str | os.PathLike[str]) -> bool:
    """Whether a file starts as PyTorch's do: a zip archive, or a pickle before 2020.

    Raises:
        ModelError: the file cannot be read.
    """
    try:
        with open(path, "rb") as handle:
            start = handle.read(4)
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror or error}") from None
    return start == b"PK\x03\x04" or start[:1] == b"\x80"


def read_pth(path: str | os.PathLike[str]) -> dict[str, Tensor]:
    """The tensors of a state dictionary, float32, on the CPU, without a leading `module.`.

    Both serialisations are read; tensors that were saved on a GPU are brought to the CPU.

    Raises:
        ModelError: the file is missing, cut, or holds anything but tensors under names.
    """
    if not looks_like_pth(path):
        raise ModelError(f"{path} is not a PyTorch file (.pth)")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the storage classes of old files
            content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # pickle's, zip's and torch's own exceptions
        if "weights only" in str(error).lower():
            raise ModelError(
                f"{path} holds more than plain tensors, or is damaged, and is not opened: such a "
                "file can run code. Wanted a state dictionary"
            ) from None
        reason = str(error).strip().split("\n", 1)[0]
        raise ModelError(f"{path} is cut or damaged: {reason or type(error).__name__}") from None
    if isinstance(content, Mapping) and isinstance(content.get("state_dict"), Mapping):
        content = content["state_dict"]
    if not isinstance(content, Mapping) or not content:
        raise ModelError(f"{path} holds a {type(content).__name__}; wanted tensors under names")
    tensors = {}
    for name, value in content.items():
        if not isinstance(name, str):
            raise ModelError(f"{path}: the name {name!r} is no text; wanted tensors under names")
        if not isinstance(value, Tensor):
            raise ModelError(f"{path}: {name!r} is a {type(value).__name__}, not a tensor")
        value = value.detach()
        tensors[name.removeprefix("module.")] = (
            value.float() if value.is_floating_point() else value
        )
    return tensors
