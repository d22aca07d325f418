"""A report's folder: report.md, objects.csv, report.json, worst.png and reliability.png."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from extremecut.datasets.sample import ObjectSet
from extremecut.evaluation.contact_sheet import Case, contact_sheet, worst_rows
from extremecut.evaluation.evaluate import ObjectRow, simulated_points, timed_segment
from extremecut.evaluation.methods import Method
from extremecut.evaluation.reliability_plot import reliability_plot
from extremecut.evaluation.report import Report
from extremecut.files import atomic_path, write_text


def write_report(
    folder: Path,
    report: Report,
    sets: Sequence[ObjectSet],
    model: Method,
    *,
    worst: int = 24,
) -> list[Path]:
    """Write all files of a report, each atomically, the first when all can be written.

    The folder is made where it is missing.

    Args:
        sets: those of the report, to draw the worst objects from.
        model: what to draw.
        worst: how many of the worst objects go onto the contact sheet.

    Returns:
        What was written.
    """
    texts = {
        "report.md": report.to_markdown(),
        "objects.csv": report.to_csv(),
        "report.json": report.to_json(),
    }
    sheet = contact_sheet(worst_cases(report.rows, sets, model, worst, seed=report.settings.seed))
    panels = [
        (f"{line.data}, noise {line.noise_px:g} px" if line.noise_px else line.data, found)
        for line in report.summaries
        if (found := line.reliability) is not None and line.count == line.count_in_set
    ]
    pictures = {"worst.png": sheet, "reliability.png": reliability_plot(panels)}
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        write_text(folder / name, text)
    for name, picture in pictures.items():
        _write_png(folder / name, picture)
    return [folder / name for name in (*texts, *pictures)]


def worst_cases(
    rows: Sequence[ObjectRow], sets: Sequence[ObjectSet], model: Method, count: int, *, seed: int
) -> list[Case]:
    """The model's objects of lowest IoU, segmented once more for drawing, worst first.

    Of the noises run the first is shown, usually none: the model's own mistakes.
    """
    by_name = {objects.name: objects for objects in sets}
    own = [row for row in rows if row.method == model.name]
    shown = [row for row in own if row.noise_px == own[0].noise_px]
    cases = []
    for row in worst_rows(shown, count):
        sample = by_name[row.data][row.index]
        points = simulated_points(sample, noise_px=row.noise_px, seed=seed)
        outcome, _, refused = timed_segment(model, sample, points)
        sure = "" if outcome.confidence is None else f"  confidence {100 * outcome.confidence:.0f}"
        said = "points refused" if refused else f"IoU {100 * row.iou:.0f}{sure}"
        captions = (said, f"{row.data} {row.name}")
        cases.append(Case(sample.image, sample.mask, outcome.mask, sample.void, points, captions))
    return cases


def _write_png(path: Path, picture: NDArray[np.uint8]) -> None:
    with atomic_path(path) as temporary:
        Image.fromarray(picture).save(temporary, format="PNG")
