"""`extremecut evaluate`: how good a model is on data with known masks."""

from __future__ import annotations

import argparse
import contextlib
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from extremecut.cli.arguments import add_model_options, count, not_negative
from extremecut.files import check_writable, missing_folders, remove_folders

if TYPE_CHECKING:
    from extremecut.datasets.description import Description
    from extremecut.datasets.sample import ObjectSet
    from extremecut.evaluation.methods import Method
    from extremecut.evaluation.report import DataInfo, Provenance
    from extremecut.predictor import Segmenter

HELP = "measure a model on data with known masks, beside baselines"

BASELINES = ("grabcut-box", "grabcut-points", "ellipse")
SUITES = ("test", "validation")
MAX_NOISE_PX = 1000.0
"""More would miss every object of most photos."""

DESCRIPTION = """\
Give the extreme points of every object to the model and compare its masks with the true ones.
Prints mean IoU with 95 % bootstrap intervals, by object size, the shares of objects with an IoU of
at least 85 % and 90 %, the GrabCut error, boundary F and latency; with exact points and with noisy
ones.

A data set is described by one line, KIND:PATHS?option=value&...:
  masks:IMAGES,MASKS      one object a mask [void=128, above=127, strict=1, min_area, list]
  labels:IMAGES,LABELS    one object a label [merge=1, void, strict=1, min_area, names,
                          list]
  coco:ANNOTATIONS.json   [images=FOLDER, ids=even|odd, min_area, max_area]
  davis:ROOT              [list=val.txt, year=2016|2017, resolution=480p, min_area,
                          sequence_every, sequence_except_every]
  grabcut:ROOT   ecssd:ROOT [list=test.txt]   synthetic:?count=100&seed=0&size_px=96
All take name=NAME, all but synthetic first=N, last=N, skip_last=N, every=N and except_every=N (of
the sorted images). A plain folder or COCO file is enough where only one layout fits.
"""

EPILOG = """\
example:
  extremecut evaluate --data masks:photos/images,photos/masks --baselines ellipse -o report
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = DESCRIPTION
    parser.epilog = EPILOG
    source = parser.add_argument_group("data")
    source.add_argument(
        "--data", action="append", default=[], metavar="DESC", help="a data set; may be repeated"
    )
    source.add_argument("--suite", choices=SUITES, help="this project's own sets, with --root")
    source.add_argument("--root", type=Path, metavar="DIR", help="folder of the suite's data")
    source.add_argument(
        "--limit", type=count, metavar="N", help="at most N objects of each set, evenly spread"
    )
    add_model_options(parser)
    parser.add_argument(
        "--noise", type=_noise_px, default=5.0, metavar="PX",
        help="besides exact points, points with uniform noise of PX pixels; 0: exact ones only "
        "(default: 5)",
    )  # fmt: skip
    parser.add_argument(
        "--baselines", type=_baselines, default=[], metavar="NAMES",
        help=f"of {','.join(BASELINES)}; on exact points",
    )  # fmt: skip
    parser.add_argument(
        "--baseline-limit", type=count, metavar="N", help="baselines on N objects of each set"
    )
    parser.add_argument("--sweep", action="store_true", help="IoU at thresholds from 0.2 to 0.8")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="DIR",
        help="write report.md, objects.csv, report.json, worst.png and reliability.png",
    )  # fmt: skip
    parser.add_argument(
        "--worst", type=count, default=24, metavar="N", help="objects in worst.png (default: 24)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")


def run(arguments: argparse.Namespace) -> int:
    from tqdm import tqdm

    from extremecut.evaluation.baselines import BASELINES as METHODS
    from extremecut.evaluation.evaluate import SWEEP, Settings, count_rows, evaluate_all
    from extremecut.evaluation.methods import SegmenterMethod
    from extremecut.evaluation.output import write_report
    from extremecut.evaluation.report import Report
    from extremecut.predictor import Segmenter

    segmenter = Segmenter(arguments.model, device=arguments.device, threads=arguments.threads)
    sets, data = _open_data(arguments)
    model = SegmenterMethod(segmenter, name=segmenter.backend.info.name)
    baselines: list[Method] = [METHODS[name]() for name in arguments.baselines]
    settings = Settings(
        noise_px=(0.0, arguments.noise) if arguments.noise > 0 else (0.0,),
        thresholds=SWEEP if arguments.sweep else (),
        limit=arguments.limit,
        baseline_limit=arguments.baseline_limit,
    )
    with _report_folder(arguments.output):
        total = count_rows(sets, model, baselines, settings)
        with tqdm(total=total, unit="object", disable=not sys.stderr.isatty()) as bar:
            rows = evaluate_all(sets, model, baselines, settings, on_row=lambda row: bar.update())
        report = Report(_provenance(segmenter, arguments), data, settings, rows)
        if arguments.output is not None:
            write_report(arguments.output, report, sets, model, worst=arguments.worst)
    print(report.to_json() if arguments.json else report.to_markdown(), end="")
    return 0


def _open_data(arguments: argparse.Namespace) -> tuple[list[ObjectSet], list[DataInfo]]:
    """The sets asked for, and what the report says about them.

    Raises:
        DataError: none, one without objects, or two of one name.
        ConfigError: one of --suite and --root without the other.
    """
    from extremecut.datasets.description import parse
    from extremecut.datasets.sample import check_names
    from extremecut.datasets.suites import SUITES as ROWS
    from extremecut.errors import ConfigError, DataError
    from extremecut.evaluation.report import DataInfo

    if (arguments.suite is None) != (arguments.root is None):
        raise ConfigError("--suite and --root belong together: give both or neither")
    described: list[tuple[Description, str | None]]
    described = [(parse(text), None) for text in arguments.data]
    if arguments.suite is not None:
        described += [(row.description(arguments.root), row.name) for row in ROWS[arguments.suite]]
    if not described:
        raise DataError("nothing to evaluate on: give --data, or --suite with --root")
    sets: list[ObjectSet] = []
    data = []
    for description, name in described:
        objects = description.open(name=name)
        if len(objects) == 0:
            raise DataError(f"{description} has no objects")
        sets.append(objects)
        data.append(DataInfo(objects.name, str(description), len(objects)))
    check_names(sets)
    return sets, data


@contextlib.contextmanager
def _report_folder(folder: Path | None) -> Iterator[None]:
    """Around the run: the folder is made and tried first; when the run fails, what was made goes.

    Raises:
        OSError: the folder cannot be made or takes no files.
    """
    if folder is None:
        yield
        return
    made = missing_folders(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        check_writable(folder)
        yield
    except BaseException:
        remove_folders(made)
        raise


def _provenance(segmenter: Segmenter, arguments: argparse.Namespace) -> Provenance:
    from extremecut import __version__
    from extremecut.evaluation.report import Provenance

    info = segmenter.backend.info
    return Provenance(
        command=shlex.join(["extremecut", *arguments.argv]),
        version=__version__,
        model=info.name,
        sha256=info.sha256,
        device=segmenter.device,
        split=arguments.suite or "as described",
    )


def _noise_px(text: str) -> float:
    noise_px = not_negative(text)
    if noise_px > MAX_NOISE_PX:
        raise argparse.ArgumentTypeError(f"must be at most {MAX_NOISE_PX:g}, got {text}")
    return noise_px


def _baselines(text: str) -> list[str]:
    names = [name for name in text.split(",") if name]
    unknown = [name for name in names if name not in BASELINES]
    if unknown:
        raise argparse.ArgumentTypeError(
            f"unknown {', '.join(unknown)}; there are {', '.join(BASELINES)}"
        )
    return list(dict.fromkeys(names))
