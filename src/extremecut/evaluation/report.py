"""Results as markdown, CSV and JSON, with what is needed to get them again."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from extremecut.evaluation.evaluate import ObjectRow, Settings
from extremecut.evaluation.metrics import FILLS, SIZES
from extremecut.evaluation.summary import Summary, summaries, sweep_means


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the numbers come from."""

    command: str
    """What was typed."""
    version: str
    """Of this package."""
    model: str
    """The model's name."""
    sha256: str | None
    """Of the model file."""
    device: str
    """What ran the model."""
    split: str
    """Name of the suite, or "as described" for data given one by one."""


@dataclass(frozen=True, slots=True)
class DataInfo:
    """One data set of the report."""

    name: str
    description: str
    objects: int


@dataclass(frozen=True)  # without slots, for what is kept
class Report:
    """All results of one evaluation."""

    provenance: Provenance
    data: Sequence[DataInfo]
    settings: Settings
    rows: Sequence[ObjectRow]

    @cached_property
    def summaries(self) -> list[Summary]:
        """The lines of the table, see `summary.summaries`."""
        return summaries(self.rows)

    def to_dict(self) -> dict[str, Any]:
        """Everything but the rows, ready for JSON; shares, IoU and errors in [0, 1]."""
        return {
            "provenance": dataclasses.asdict(self.provenance),
            "data": [dataclasses.asdict(item) for item in self.data],
            "settings": dataclasses.asdict(self.settings),
            "summaries": [dataclasses.asdict(line) for line in self.summaries],
            "sweep": sweep_means(self.rows),
        }

    def to_json(self) -> str:
        """`to_dict` as text."""
        return json.dumps(self.to_dict(), indent=2, allow_nan=False) + "\n"

    def to_csv(self) -> str:
        """One line an object; the columns are `ObjectRow`'s fields without the sweep."""
        columns = [item.name for item in dataclasses.fields(ObjectRow) if item.name != "sweep"]
        text = io.StringIO()
        # All text in quotes: else a lone carriage return stands bare, which readers refuse.
        writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
        writer.writerow(columns)
        for row in self.rows:
            writer.writerow([_cell(getattr(row, column)) for column in columns])
        return text.getvalue()

    def to_markdown(self) -> str:
        """The tables for people; shares, IoU and errors in %."""
        lines = self.summaries
        parts = [
            "# Evaluation",
            _provenance(self.provenance),
            _table(
                ("data", "objects", "description"),
                [(item.name, str(item.objects), f"`{item.description}`") for item in self.data],
            ),
            "IoU, shares and errors in %; [95 % bootstrap interval]; S, M, L: mean IoU of objects "
            "below 32 x 32 and 96 x 96 pixels and above; error: wrong pixels in the object's box; "
            "F: boundary F; ms: median from the image in memory to the full-size mask. Void "
            "pixels count nowhere.",
            _result_table(lines),
            "## How much of its box an object fills",
            "Mean IoU (objects) of those that fill less than 0.4 of the tight box, less than 0.6, "
            "and more: where it is little, something else in the box could be meant as well.",
            _fill_table(lines),
        ]
        if any(line.reliability for line in lines):
            parts += ["## Confidence", _confidence_table(lines)]
        swept = sweep_means(self.rows)
        if swept:
            parts += ["## Thresholds", _sweep_table(swept, self.settings.thresholds)]
        return "\n\n".join(parts) + "\n"


def _provenance(known: Provenance) -> str:
    items = [
        ("model", f"{known.model}, sha256 {known.sha256 or 'unknown'}"),
        ("runs on", known.device),
        ("split", known.split),
        ("version", f"extremecut {known.version}"),
        ("command", f"`{known.command}`"),
    ]
    return "\n".join(f"- {key}: {value}" for key, value in items if value)


def _result_table(lines: Sequence[Summary]) -> str:
    header = (
        "data", "points", "method", "objects", "mean IoU", "S", "M", "L",
        ">= 85", ">= 90", "error", "F", "ms",
    )  # fmt: skip
    return _table(header, [_result_cells(line) for line in lines])


def _result_cells(line: Summary) -> tuple[str, ...]:
    low, high = line.interval
    part = line.count < line.count_in_set
    sizes = [
        _percent(line.by_size[size].mean_iou) if size in line.by_size else "" for size in SIZES
    ]
    refused = f" ({line.refused} refused)" if line.refused else ""
    return (
        line.data,
        _points(line.noise_px),
        line.method,
        (f"({line.count} of {line.count_in_set})" if part else str(line.count)) + refused,
        f"{_percent(line.mean_iou)} [{_percent(low)}, {_percent(high)}]",
        *sizes,
        _percent(line.share_85),
        _percent(line.share_90),
        _percent(line.error),
        _percent(line.boundary_f),
        f"{line.median_seconds * 1000:.1f}",
    )


def _fill_table(lines: Sequence[Summary]) -> str:
    cells = [
        (
            line.data,
            _points(line.noise_px),
            line.method,
            *[
                f"{_percent(found.mean_iou)} ({found.count})"
                if (found := line.by_fill.get(name))
                else ""
                for name in FILLS
            ],
        )
        for line in lines
        if line.count == line.count_in_set
    ]
    return _table(("data", "points", "method", *FILLS), cells)


def _confidence_table(lines: Sequence[Summary]) -> str:
    cells = []
    for line in lines:
        found = line.reliability
        if found is not None and line.count == line.count_in_set:
            rank = "" if found.spearman is None else f"{found.spearman:.2f}"
            cells.append(
                (
                    line.data,
                    _points(line.noise_px),
                    str(found.count),
                    rank,
                    f"{found.mean_difference:.3f}",
                    f"{found.bias:+.3f}",
                    " ".join(
                        f"{b.mean_confidence:.2f}→{b.mean_iou:.2f} ({b.count})" for b in found.bins
                    ),
                )
            )
    header = (
        "data", "points", "objects", "Spearman", "mean abs(confidence - IoU)",
        "mean confidence - mean IoU", "confidence→IoU (objects), by tenths of confidence",
    )  # fmt: skip
    return _table(header, cells)


def _sweep_table(swept: Mapping[str, tuple[float, ...]], thresholds: Sequence[float]) -> str:
    cells = [(data, *[_percent(value) for value in values]) for data, values in swept.items()]
    if len(swept) > 1:
        means = [sum(column) / len(column) for column in zip(*swept.values(), strict=True)]
        cells.append(("mean of the sets", *[_percent(value) for value in means]))
    return _table(("mean IoU at", *[f"{threshold:g}" for threshold in thresholds]), cells)


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def _points(noise_px: float) -> str:
    return "exact" if noise_px == 0 else f"noise {noise_px:g} px"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return float(f"{value:.6g}") if isinstance(value, float) else value
