"""`extremecut info`: versions, the device and runtime in use, the model."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from importlib import metadata
from typing import Any

from extremecut.cli.arguments import add_model_options

HELP = "versions, the device and runtime in use, the model and its hash"

PACKAGES = (
    "numpy", "pillow", "opencv-python-headless", "onnxruntime", "onnxruntime-gpu", "pycocotools",
    "torch", "safetensors", "lightning-fabric", "onnx",
)  # fmt: skip


def configure(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = "Print versions, the device and runtime that would be used, and the model."
    parser.epilog = "example:\n  extremecut info --json"
    add_model_options(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    found = gather(arguments.model, device=arguments.device, threads=arguments.threads)
    if arguments.json:
        print(json.dumps(found, indent=2))
        return 0
    model = found["model"]
    print(f"extremecut   {found['extremecut']}, Python {found['python']} on {found['platform']}")
    print("packages     " + ", ".join(f"{name} {v}" for name, v in found["packages"].items()))
    print(f"runs on      {found['device']}, {found['threads']} threads")
    print("available    " + ", ".join(found["available_devices"]))
    print(f"model        {model['name']} ({model['file']})")
    print(f"sha256       {model['sha256']}")
    print(f"input        {model['size_px']} x {model['size_px']} pixels")
    print(f"threshold    {model['threshold']:g}")
    print(f"confidence   {'yes' if model['confidence'] else 'no'}")
    return 0


def gather(model: str | None, *, device: str = "cpu", threads: int | None = None) -> dict[str, Any]:
    """Everything `info` prints, ready for JSON."""
    from extremecut import __version__
    from extremecut.predictor import Segmenter
    from extremecut.runtime.model_file import EMBEDDED_MODEL, is_embedded
    from extremecut.runtime.onnx_backend import available_providers

    segmenter = Segmenter(model, device=device, threads=threads)
    embedded = model is None or is_embedded(model)
    info, spec = segmenter.backend.info, segmenter.backend.spec
    return {
        "extremecut": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "executable": sys.executable,
        "packages": {name: version for name in PACKAGES if (version := _version(name))},
        "device": segmenter.device,
        "available_devices": list(available_providers()),
        "threads": threads or _threads_of(segmenter.device),
        "model": {
            "name": info.name,
            "file": str(EMBEDDED_MODEL) if embedded else model,
            "embedded": embedded,
            "sha256": info.sha256,
            "size_px": spec.size_px,
            "threshold": spec.threshold,
            "second_look": spec.second_look,
            "weighs_colours": spec.colour_odds is not None,
            "follows_edges": spec.guided_filter is not None,
            "confidence": info.confidence is not None,
            "weights_licence": info.card.get("licence"),
        },
    }


def _threads_of(device: str) -> int:
    """Those that are used when nobody says how many."""
    if device.startswith("torch"):
        import torch

        return torch.get_num_threads()  # heeds OMP_NUM_THREADS
    from extremecut.runtime.backend import usable_cores

    return usable_cores()


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
