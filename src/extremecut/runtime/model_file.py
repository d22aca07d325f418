"""Opening a model file of either kind, told by its content and not by its name."""

from __future__ import annotations

import os
from pathlib import Path

from extremecut.errors import ConfigError, MissingExtraError, ModelError
from extremecut.runtime.backend import Backend

EMBEDDED_MODEL = Path(__file__).parents[1] / "models" / "small.onnx"
"""The model that comes with the package."""

EMBEDDED_NAME = EMBEDDED_MODEL.stem
"""What it is called on the command line."""


def open_model(
    path: str | os.PathLike[str], *, device: str = "cpu", threads: int | None = None
) -> Backend:
    """A model ready to run, from an ONNX file or a checkpoint.

    Args:
        path: the file, whatever its suffix.
        device: "cpu", "cuda" or what else the runtime knows: an ONNX Runtime provider for ONNX
            files, a PyTorch device for checkpoints.
        threads: CPU threads for one call; None for one a core. For checkpoints this sets
            PyTorch's own number of threads, which is one for the whole process; None leaves it.

    Raises:
        ModelError: the file is missing, cut, of another kind, or the device is not there.
        MissingExtraError: a checkpoint, and PyTorch is not installed.
        ConfigError: fewer than one thread, or more than any machine has use for; no device's name.
    """
    if not isinstance(device, str):
        raise ConfigError(f'device must be a name such as "cpu" or "cuda", got {device!r}')
    if model_kind(path) == "onnx":
        from extremecut.runtime.onnx_backend import OnnxBackend

        return OnnxBackend(path, providers=(device,), threads=threads)
    try:
        from extremecut.runtime.torch_backend import TorchBackend
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("extremecut"):
            raise
        raise MissingExtraError(f"Opening the checkpoint {path}", "train") from None
    return TorchBackend(path, device=device, threads=threads)


def is_embedded(model: str | os.PathLike[str]) -> bool:
    """Whether this is the embedded model's name; a file of that name comes first."""
    return os.fspath(model) == EMBEDDED_NAME and not Path(model).is_file()


def model_kind(path: str | os.PathLike[str]) -> str:
    """`"onnx"` or `"safetensors"`, by the first bytes.

    Raises:
        ModelError: the file cannot be read or starts like neither.
    """
    try:
        with open(path, "rb") as handle:
            start = handle.read(16)
            size = os.fstat(handle.fileno()).st_size
    except OSError as error:
        raise ModelError(f"cannot read the model {path}: {error.strerror or error}") from None
    if len(start) < 16:
        raise ModelError(f"{path} is not a model: it has only {size} bytes")
    # safetensors: the header's length as 8 bytes, then the header, a JSON object.
    if start[8:9] == b"{":
        return "safetensors"
    # ONNX: a protobuf message whose first field is `ir_version`, a small number.
    if start[0] == 0x08 and 1 <= start[1] < 0x80:
        return "onnx"
    raise ModelError(
        f"{path} is {_guess(start)}; wanted an ONNX file or a checkpoint of extremecut"
    )


def _guess(start: bytes) -> str:
    """What a foreign file probably is."""
    if start.startswith(b"PK\x03\x04") or start[0] == 0x80:
        return (
            "probably a PyTorch file, which can run code when opened and is therefore not; the "
            "released DEXTR models are read by `extremecut models import`"
        )
    if start.lstrip()[:1] == b"<":
        return "a web page, probably an error message saved by a download"
    if start.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*", b"MM\0*")):
        return "an image"
    return "not a model"
