from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from extremecut.datasets.synthetic import SyntheticObjects
from extremecut.evaluation.baselines import EllipseThroughPoints
from extremecut.evaluation.evaluate import Settings, evaluate_all
from extremecut.evaluation.methods import Method, Outcome
from extremecut.evaluation.output import worst_cases, write_report
from extremecut.evaluation.reliability_plot import PANEL_PX
from extremecut.evaluation.report import DataInfo, Provenance, Report

SETS = [SyntheticObjects(5, name="shapes")]


class Sure:
    """The ellipse with a confidence."""

    name = "sure"

    def segment(self, image: NDArray[np.uint8], points_xy: NDArray[np.float64]) -> Outcome:
        return Outcome(EllipseThroughPoints().segment(image, points_xy).mask, 0.8)


def report(model: Method, baseline_limit: int | None = None) -> Report:
    settings = Settings(noise_px=(0.0, 3.0), baseline_limit=baseline_limit)
    rows = evaluate_all(SETS, model, [EllipseThroughPoints()], settings)
    provenance = Provenance("extremecut evaluate", "0", "sure", None, "cpu", "as described")
    return Report(provenance, [DataInfo("shapes", "synthetic:", 5)], settings, rows)


def test_all_files_are_written(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"

    written = write_report(folder, report(Sure()), SETS, Sure(), worst=2)

    names = ["report.md", "objects.csv", "report.json", "worst.png", "reliability.png"]
    assert [path.name for path in written] == names
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)
    for name in ("worst.png", "reliability.png"):
        with Image.open(folder / name) as picture:
            assert picture.mode == "RGB"


def test_each_noise_of_a_whole_set_has_its_panel(tmp_path: Path) -> None:
    found = report(Sure(), baseline_limit=2)
    assert [(line.method, line.count) for line in found.summaries[2:]] == [
        ("sure", 2),
        ("ellipse through the points", 2),
    ]

    write_report(tmp_path, found, SETS, Sure(), worst=1)

    with Image.open(tmp_path / "reliability.png") as picture:
        assert picture.size == (2 * PANEL_PX, PANEL_PX)


def test_the_worst_cases_are_the_models_exact_ones() -> None:
    found = report(Sure())
    cases = worst_cases(found.rows, SETS, Sure(), 3, seed=0)

    exact = sorted(row.iou for row in found.rows if row.method == "sure" and row.noise_px == 0)
    assert [case.captions[0] for case in cases] == [
        f"IoU {100 * value:.0f}  confidence 80" for value in exact[:3]
    ]
    assert all(case.captions[1].startswith("shapes ") for case in cases)


def test_a_failure_leaves_no_half_written_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)

    with pytest.raises(OSError, match="No space"):
        write_report(tmp_path, report(Sure()), SETS, Sure())
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".csv", ".json", ".md"]


def test_nothing_is_written_before_all_is_drawn(tmp_path: Path) -> None:
    class Gone(Sure):
        def segment(self, image: NDArray[np.uint8], points_xy: NDArray[np.float64]) -> Outcome:
            raise OSError("the model went away")

    with pytest.raises(OSError, match="went away"):
        write_report(tmp_path / "new", report(Sure()), SETS, Gone())
    assert list(tmp_path.iterdir()) == []
