"""`extremecut calibrate`: threshold and confidence of a model, from validation data."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import tempfile
from pathlib import Path

from extremecut.cli.arguments import check_output, not_negative
from extremecut.cli.model_files import need_torch
from extremecut.errors import ConfigError
from extremecut.files import check_place

HELP = "fit a model's threshold and confidence on validation data"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = (
        "Choose the one threshold that is best over all validation sets, fit the confidence\n"
        "(estimated IoU) at it, and write both into a copy of the model, a checkpoint."
    )
    parser.epilog = (
        "example:\n  extremecut calibrate runs/mine/best.safetensors -o mine.safetensors \\\n"
        "      --data 'labels:photos,labels?last=40'"
    )
    parser.add_argument("model", help="a checkpoint, an exported ONNX file, or small")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the new checkpoint")
    parser.add_argument(
        "--data", action="append", default=[], metavar="DESCRIPTION", help="a validation set"
    )
    parser.add_argument(
        "--root", type=Path, help="folder of the project's own data: adds its validation sets"
    )
    parser.add_argument(
        "--second-look",
        type=not_negative,
        metavar="U",
        help="look at objects again in the mirror where the answer's uncertainty is greater than "
        "this (default: as the model says)",
    )
    parser.add_argument(
        "--follow-edges",
        action=argparse.BooleanOptionalAction,
        help="let masks take over the edges of the photo by a guided filter (default: as the "
        "model says)",
    )
    parser.add_argument(
        "--weigh-colours",
        action=argparse.BooleanOptionalAction,
        help="let colours like those at the points make masks surer (default: as the model says)",
    )
    parser.add_argument("--half", action="store_true", help="store the weights as float16")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(arguments: argparse.Namespace) -> int:
    need_torch("Calibrating a model")
    from tqdm import tqdm

    from extremecut.datasets.description import open_set
    from extremecut.datasets.suites import validation_sets
    from extremecut.evaluation.calibration import NOISE_SHARES, calibrate
    from extremecut.geometry.colour_odds import ColourOdds
    from extremecut.geometry.guided_filter import GuidedFilter
    from extremecut.networks.checkpoints import save_checkpoint
    from extremecut.predictor import Segmenter
    from extremecut.runtime.export import export_onnx
    from extremecut.runtime.model_store import locate
    from extremecut.training.start import read_model

    check_place(arguments.output)  # before the long run
    check_output(arguments.output, [locate(arguments.model)])
    if not arguments.data and arguments.root is None:
        raise ConfigError("nothing to calibrate on: give --data DESCRIPTION, or --root DIR")
    checkpoint = read_model(arguments.model)
    spec = checkpoint.spec
    if arguments.second_look is not None:
        spec = dataclasses.replace(spec, second_look=arguments.second_look)
    if arguments.follow_edges is not None:
        guided_filter = GuidedFilter() if arguments.follow_edges else None
        spec = dataclasses.replace(spec, guided_filter=guided_filter)
    if arguments.weigh_colours is not None:
        colour_odds = ColourOdds() if arguments.weigh_colours else None
        spec = dataclasses.replace(spec, colour_odds=colour_odds)
    sets = [open_set(text) for text in arguments.data]
    if arguments.root is not None:
        sets += validation_sets(arguments.root)
    with tempfile.TemporaryDirectory() as folder:
        # What will be shipped is measured, and ONNX Runtime is several times faster on a CPU.
        exported = Path(folder) / "exported.onnx"
        export_onnx(checkpoint.net, exported, spec, card=checkpoint.card)
        segmenter = Segmenter(exported)
    total = len(NOISE_SHARES) * sum(map(len, sets))
    with tqdm(total=total, unit="object", disable=not sys.stderr.isatty()) as bar:
        found = calibrate(segmenter, sets, on_object=bar.update)
    save_checkpoint(
        arguments.output,
        checkpoint.net,
        found.spec,
        card=checkpoint.card,
        confidence=found.confidence,
        half=arguments.half,
    )
    if arguments.json:
        answer = {
            "threshold": found.spec.threshold,
            "mean_ious": {str(value): mean for value, mean in found.mean_ious.items()},
            "objects": found.objects,
            "refused": found.refused,
            "output": str(arguments.output),
        }
        print(json.dumps(answer))
    else:
        for value, mean in found.mean_ious.items():
            chosen = "  <- chosen" if value == found.spec.threshold else ""
            print(f"threshold {value:.2f}: mean IoU {100 * mean:.2f} %{chosen}")
        if found.refused:
            print(f"{found.refused} times points were refused, as those of a single pixel are")
        print(f"wrote {arguments.output}")
    return 0
