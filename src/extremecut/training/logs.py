"""What a run writes down: two CSV files and TensorBoard."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extremecut.errors import MissingExtraError
from extremecut.files import write_text
from extremecut.training.loss import TERMS

STEP_FIELDS = (
    "step", "loss", *TERMS, "gradient_norm", "learning_rate", "examples_per_second", "minutes",
)  # fmt: skip
VALIDATION_FIELDS = ("step", "set", "objects", "mean_iou")


class CsvLog:
    """A CSV file whose first column is the step; rows are flushed as they come."""

    def __init__(self, path: Path, fields: Sequence[str], *, after_step: int) -> None:
        """Open it; rows later than `after_step` and a cut last row are dropped.

        A resumed run writes those rows again, so no step stands in the file twice.
        """
        self.fields = list(fields)
        rows = _rows(path, self.fields, last_step=after_step) if path.exists() else []
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([self.fields, *rows])
        write_text(path, text.getvalue())
        self._file = open(path, "a", newline="", encoding="utf-8")  # noqa: SIM115  # see close
        self._writer = csv.DictWriter(self._file, self.fields, restval="", lineterminator="\n")

    def write(self, row: Mapping[str, Any]) -> None:
        self._writer.writerow(row)
        self._file.flush()

    def close(self) -> None:
        self._file.close()


def _rows(path: Path, fields: list[str], *, last_step: int) -> list[list[str]]:
    rows: list[list[str]] = []
    # Where the machine lost its power, anything may stand at the end.
    with open(path, newline="", encoding="utf-8", errors="replace") as handle, suppress(csv.Error):
        rows.extend(csv.reader(handle))
    return [
        row
        for row in rows[1:]
        if len(row) == len(fields) and row[0].isdecimal() and int(row[0]) <= last_step
    ]


class RunLog:
    """`log.csv`, `validation.csv` and `tensorboard/` of a run's folder; a context manager."""

    def __init__(self, run: Path, *, after_step: int) -> None:
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError:
            raise MissingExtraError("Training", "train") from None
        self._steps = CsvLog(run / "log.csv", STEP_FIELDS, after_step=after_step)
        self._validation = CsvLog(run / "validation.csv", VALIDATION_FIELDS, after_step=after_step)
        self._board = SummaryWriter(str(run / "tensorboard"), purge_step=after_step + 1)

    def __enter__(self) -> RunLog:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._steps.close()
        self._validation.close()
        self._board.close()

    def steps(self, step: int, values: Mapping[str, float]) -> None:
        """One row of `log.csv`: means since the row before."""
        self._steps.write({"step": step} | {name: f"{v:.6g}" for name, v in values.items()})
        for name, value in values.items():
            self._board.add_scalar(f"train/{name}", value, step)

    def validation(self, step: int, scores: Mapping[str, tuple[int, float]]) -> None:
        """Rows of `validation.csv`: (objects, mean IoU) by set."""
        for name, (objects, mean_iou) in scores.items():
            self._validation.write(
                {"step": step, "set": name, "objects": objects, "mean_iou": f"{mean_iou:.6f}"}
            )
            self._board.add_scalar(f"validation/{name}", mean_iou, step)

    def picture(self, step: int, image: NDArray[np.uint8]) -> None:
        """An (H, W, 3) RGB picture for TensorBoard."""
        self._board.add_image("validation", image, step, dataformats="HWC")
