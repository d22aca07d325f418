"""`extremecut train`: train a network, on your own data or with a recipe of this project."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extremecut.cli.arguments import not_negative
from extremecut.errors import ConfigError, MissingExtraError

if TYPE_CHECKING:
    from extremecut.training.config import TrainConfig
    from extremecut.training.loop import TrainResult
    from extremecut.training.sources import DataConfig

HELP = "train a network on your own data, or with a named recipe"

RECIPES = (
    "small", "small-start", "small-middle", "small-finish", "small-further", "small-crowded",
    "small-separable", "paper", "large", "finetune", "tiny-test",
)  # fmt: skip
ACCELERATORS = ("auto", "cpu", "cuda", "mps")
PRECISIONS = ("auto", "bf16-mixed", "16-mixed", "32-true")
OPTIONAL_PACKAGES = {"torch", "safetensors", "lightning", "lightning_fabric", "tensorboard"}

DESCRIPTION = """\
Train a network. Everything about the run is kept in one folder: settings, log.csv,
validation.csv, tensorboard/, pictures/, best.safetensors (the weights to use) and what --resume
needs. Ctrl-C finishes the step, saves and exits; --resume goes on as if nothing had happened.

A data set is described as for `extremecut evaluate`, with *WEIGHT after it where sets are mixed:
masks:IMAGES,MASKS*0.7. Points are taken from the masks.
"""

EPILOG = """\
examples:
  extremecut train --recipe finetune --init small \\
      --data "labels:cells/images,cells/labels?skip_last=20" \\
      --val "labels:cells/images,cells/labels?last=20" --out runs/cells
  extremecut train --recipe small --root data --backbone-weights mobilenet_v2.safetensors
  extremecut train --resume runs/cells
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = DESCRIPTION
    parser.epilog = EPILOG
    _configure_data(parser.add_argument_group("data"))
    run = parser.add_argument_group("run")
    run.add_argument("--recipe", choices=RECIPES, help="settings to start from (default: small)")
    run.add_argument("--out", type=Path, metavar="DIR", help="run folder (default: runs/RECIPE)")
    run.add_argument("--resume", type=Path, metavar="DIR", help="go on with this run folder")
    run.add_argument("--minutes", type=not_negative, metavar="M", help="stop after M minutes")
    run.add_argument("--init", metavar="MODEL", help="fine-tune: start from this file, or small")
    run.add_argument(
        "--recipe-network", action="store_true",
        help="with --init: the recipe's network, not the model's; its new layers start at random",
    )  # fmt: skip
    run.add_argument("--backbone-weights", metavar="FILE", help="start from ImageNet weights")
    run.add_argument("--teacher", metavar="MODEL", help="also follow this model's masks")
    run.add_argument("--json", action="store_true", help="print the result as JSON")
    settings = parser.add_argument_group("settings in place of the recipe's")
    settings.add_argument("--steps", type=int, metavar="N", help="optimiser steps")
    settings.add_argument("--batch", type=int, metavar="N", help="examples of a step")
    settings.add_argument("--size", type=int, metavar="PX", help="side of the crops")
    settings.add_argument("--lr", type=float, metavar="X", help="learning rate of the head")
    settings.add_argument("--seed", type=int, metavar="N", help="of examples and first weights")
    settings.add_argument("--validate-every", type=int, metavar="N", help="steps")
    settings.add_argument(
        "--distillation", type=float, metavar="W", help="weight of the teacher (default: 1)"
    )
    machine = parser.add_argument_group("machine")
    machine.add_argument("--accelerator", "--device", choices=ACCELERATORS, help="default: auto")
    machine.add_argument("--devices", type=int, metavar="N", help="how many, one process each")
    machine.add_argument("--precision", choices=PRECISIONS, help="default: the recipe's")
    machine.add_argument("--workers", type=int, metavar="N", help="processes preparing examples")


def _configure_data(group: Any) -> None:
    group.add_argument(
        "--data", action="append", metavar="DESC[*W]", help="a training set; may be repeated"
    )
    group.add_argument(
        "--val", action="append", metavar="DESC", help="a validation set; may be repeated"
    )
    group.add_argument("--root", metavar="DIR", help="folder of this project's own data sets")
    group.add_argument("--packed", metavar="DIR", help="a folder written by --pack")
    group.add_argument(
        "--leave-out", action="append", metavar="NAME",
        help="do not train or validate on this set of --root or --packed; may be repeated",
    )  # fmt: skip
    group.add_argument(
        "--pack", type=Path, metavar="DIR",
        help="do not train: pack the data into parts of at most 60 MB for another machine",
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    try:
        from extremecut.training.loop import resume, train
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in OPTIONAL_PACKAGES:
            raise MissingExtraError("Training", "train") from None
        raise
    for library in ("lightning_fabric", "lightning"):
        logging.getLogger(library).setLevel(logging.WARNING)
    progress = sys.stderr.isatty()
    if arguments.resume is not None:
        _refuse_settings(arguments)
        result = resume(
            arguments.resume,
            execution=_execution(arguments),
            max_minutes=arguments.minutes,
            progress=progress,
        )
        return _report(result, arguments)
    config = _config(arguments)
    if arguments.pack is not None:
        return _pack(config, arguments)
    if not (config.init or config.backbone_weights) and config.recipe != "tiny-test":
        print("note: without --init or --backbone-weights all starts at random", file=sys.stderr)
    folder = arguments.out or Path("runs") / config.recipe
    result = train(config, folder, max_minutes=arguments.minutes, progress=progress)
    return _report(result, arguments)


def _config(arguments: argparse.Namespace) -> TrainConfig:
    """The recipe with what the command line changes."""
    from extremecut.training.recipes import recipe
    from extremecut.training.start import starting_from

    config = recipe(arguments.recipe or "small")
    if config.recipe == "finetune" and arguments.init is None:
        raise ConfigError("the recipe finetune starts from a model: give --init")
    config = replace(config, data=_data(arguments, config.data))
    if arguments.backbone_weights is not None:
        config = replace(config, backbone_weights=arguments.backbone_weights)
    if arguments.recipe_network and arguments.init is None:
        raise ConfigError("--recipe-network says what to do with a model: give --init")
    if arguments.init is not None:
        if arguments.backbone_weights is not None:
            raise ConfigError("--init and --backbone-weights exclude each other: give one")
        config = starting_from(config, arguments.init, recipe_network=arguments.recipe_network)
    learned = config.init or config.backbone_weights
    if config.network.frozen != "nothing" and not learned and arguments.pack is None:
        raise ConfigError(
            f"the recipe {config.recipe} goes on from learned layers and leaves some as they are: "
            "give --init MODEL or --backbone-weights FILE"
        )
    if arguments.size is not None:
        config = config.with_size(arguments.size)
    if arguments.lr is not None:
        config = replace(config, optimiser=replace(config.optimiser, learning_rate=arguments.lr))
    if arguments.steps is not None:
        config = replace(config, steps=arguments.steps, epochs=None)
    if arguments.validate_every is not None:
        intervals = replace(config.intervals, validate_every=arguments.validate_every)
        config = replace(config, intervals=intervals)
    if arguments.teacher is not None or arguments.distillation is not None:
        weight = 1.0 if arguments.distillation is None else arguments.distillation
        teacher = arguments.teacher or (config.teacher if weight else None)
        config = replace(config, loss=replace(config.loss, distillation=weight), teacher=teacher)
    named = {"batch_size": arguments.batch, "seed": arguments.seed}
    config = replace(config, **{key: value for key, value in named.items() if value is not None})
    return replace(config, execution=replace(config.execution, **_execution(arguments)))


def _data(arguments: argparse.Namespace, default: DataConfig) -> DataConfig:
    from extremecut.training.sources import DataConfig, SetChoice

    if not (arguments.data or arguments.root or arguments.packed):
        if default.train and not (arguments.val or arguments.leave_out):
            return default
        raise ConfigError("no training data: give --data DESC, --root DIR or --packed DIR")
    return DataConfig(
        train=tuple(SetChoice.parse(text) for text in arguments.data or ()),
        validation=tuple(arguments.val or ()),
        suite=arguments.root,
        pack=arguments.packed,
        leave_out=tuple(arguments.leave_out or ()),
    )


def _execution(arguments: argparse.Namespace) -> dict[str, Any]:
    """The fields of `ExecutionConfig` that were given."""
    names = ("accelerator", "devices", "precision", "workers")
    given = {name: getattr(arguments, name) for name in names}
    return {name: value for name, value in given.items() if value is not None}


def _refuse_settings(arguments: argparse.Namespace) -> None:
    """A resumed run keeps its settings; only where it runs, and how long, may change.

    Raises:
        ConfigError: names the options that cannot be given.
    """
    allowed = {"minutes", "json", "accelerator", "devices", "workers"}
    names = (
        "data", "val", "root", "packed", "leave_out", "pack", "recipe", "out", "init",
        "backbone_weights", "teacher", "steps", "batch", "size", "lr", "seed", "validate_every",
        "distillation", "precision", "recipe_network",
    )  # fmt: skip
    # A zero is a setting too: `--seed 0` must not be passed over in silence.
    given = [
        f"--{name.replace('_', '-')}"
        for name in names
        if (value := getattr(arguments, name)) is not None and value is not False
    ]
    if given:
        raise ConfigError(
            f"--resume goes on with the run's own settings; remove {', '.join(given)} "
            f"(allowed beside it: {', '.join('--' + name for name in sorted(allowed))})"
        )


def _pack(config: TrainConfig, arguments: argparse.Namespace) -> int:
    from extremecut.training import packed, packing
    from extremecut.training.sources import training_sets, validation_sets

    index = packing.write_pack(
        training_sets(config.data),
        validation_sets(config.data),
        arguments.pack,
        # Of longer objects training would see a reduced copy anyway.
        long_side_px=round(1.25 * config.spec.size_px),
        context_px=packed.context_px_for(config.augmentation),
        validation_objects=config.data.validation_objects,
    )
    print(json.dumps(index) if arguments.json else f"packed into {arguments.pack}")
    return 0


def _report(result: TrainResult, arguments: argparse.Namespace) -> int:
    best = None if result.best_iou is None else round(result.best_iou, 4)
    about = {
        "run": str(result.run),
        "step": result.step,
        "steps": result.steps,
        "finished": result.finished,
        "best_mean_iou": best,
    }
    if not result.is_first:
        pass  # one process speaks for all
    elif arguments.json:
        print(json.dumps(about))
    elif result.finished:
        score = "" if best is None else f", validation mean IoU {100 * best:.2f} %"
        print(f"done: {result.run / 'best.safetensors'}{score}")
    else:
        print(
            f"stopped after step {result.step} of {result.steps}; "
            f"go on with: extremecut train --resume {result.run}"
        )
    return 130 if result.interrupted else 0
