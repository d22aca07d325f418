"""The actions of `extremecut models` that make model files; all need PyTorch."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from extremecut.cli.arguments import check_output
from extremecut.files import check_place


def import_released(arguments: argparse.Namespace) -> int:
    """A released .pth file into a checkpoint."""
    need_torch("Importing a model")
    from extremecut.networks.checkpoints import save_checkpoint
    from extremecut.networks.official import import_official
    from extremecut.runtime.model_store import locate

    path = locate(arguments.file)
    check_output(arguments.output, [path])
    checkpoint = import_official(path, ceil_pooling=arguments.ceil_pooling)
    save_checkpoint(
        arguments.output,
        checkpoint.net,
        checkpoint.spec,
        card=checkpoint.card,
        half=arguments.half,
    )
    parameters = sum(parameter.numel() for parameter in checkpoint.net.parameters())
    found = {
        "output": str(arguments.output),
        "size_bytes": arguments.output.stat().st_size,
        "parameters": parameters,
        "network": checkpoint.net.config.to_dict(),
        "licence": checkpoint.card["licence"],
    }
    if arguments.json:
        print(json.dumps(found, indent=2))
    else:
        print(f"{arguments.output}: {parameters:,} parameters; {checkpoint.card['licence_note']}")
    return 0


def export(arguments: argparse.Namespace) -> int:
    """A checkpoint into an ONNX file."""
    need_torch("Exporting a model")
    from extremecut.networks.checkpoints import load_checkpoint
    from extremecut.runtime.export import export_onnx
    from extremecut.runtime.model_card import read_card

    inputs = [arguments.checkpoint, arguments.card]
    check_output(arguments.output, [path for path in inputs if path is not None])
    checkpoint = load_checkpoint(arguments.checkpoint)
    card = dict(checkpoint.card)
    if arguments.card is not None:
        card |= read_card(arguments.card)
    report = export_onnx(
        checkpoint.net,
        arguments.output,
        checkpoint.spec,
        card=card,
        confidence=checkpoint.confidence,
        eight_bit=arguments.eight_bit,
    )
    if arguments.json:
        found = {
            "output": str(arguments.output),
            "sha256": report.sha256,
            "size_bytes": report.size_bytes,
            "eight_bit": report.eight_bit,
            "largest_difference": report.difference,
        }
        print(json.dumps(found, indent=2))
    else:
        print(
            f"{arguments.output}: {report.size_bytes / 1e6:.1f} MB; probabilities differ from "
            f"PyTorch's by at most {report.difference:.2g}"
        )
    return 0


def mix_checkpoints(arguments: argparse.Namespace) -> int:
    """Several checkpoints into one."""
    need_torch("Mixing models")
    from extremecut.networks.checkpoints import save_checkpoint
    from extremecut.networks.mixing import Ingredient, mix

    ingredients = [Ingredient.parse(text) for text in arguments.models]
    check_output(arguments.output, [Path(ingredient.model) for ingredient in ingredients])
    mixed = mix(ingredients)
    save_checkpoint(arguments.output, mixed.net, mixed.spec, card=mixed.card, half=arguments.half)
    if arguments.json:
        found = {"output": str(arguments.output), "mixed_from": mixed.card["mixed_from"]}
        print(json.dumps(found, indent=2))
    else:
        print(f"{arguments.output}: threshold and confidence want `extremecut calibrate` anew")
    return 0


def slim(arguments: argparse.Namespace) -> int:
    """A model with narrower blocks."""
    need_torch("Slimming a model")
    from extremecut.networks.checkpoints import save_checkpoint
    from extremecut.runtime.model_store import locate
    from extremecut.training.slim_model import slim_model
    from extremecut.training.sources import DataConfig, SetChoice

    check_place(arguments.output)  # before the long run
    check_output(arguments.output, [locate(arguments.model)])
    train = tuple(SetChoice.parse(text) for text in arguments.data)
    slimmed = slim_model(
        arguments.model, DataConfig(train=train, suite=arguments.root), arguments.keep
    )
    save_checkpoint(
        arguments.output, slimmed.net, slimmed.spec, card=slimmed.card, half=arguments.half
    )
    widths = slimmed.net.config.inner_channels
    if arguments.json:
        print(json.dumps({"output": str(arguments.output), "inner_channels": widths}, indent=2))
    else:
        print(f"inner channels of the {len(widths)} blocks: {' '.join(map(str, widths))}")
        print(f"{arguments.output}: threshold and confidence want `extremecut calibrate` anew")
    return 0


def need_torch(feature: str) -> None:
    """Say what to install, before an import of PyTorch fails on its own.

    Raises:
        MissingExtraError: the extra "train" is not installed.
    """
    from extremecut.errors import MissingExtraError

    try:
        import onnx  # noqa: F401
        import safetensors  # noqa: F401
        import torch  # noqa: F401
    except ImportError:
        raise MissingExtraError(feature, "train") from None
