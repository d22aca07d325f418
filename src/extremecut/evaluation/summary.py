"""Rows -> the numbers of a table: means, intervals, shares, by data set, method and points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extremecut.evaluation.evaluate import ObjectRow
from extremecut.evaluation.metrics import FILLS, SIZES
from extremecut.evaluation.statistics import (
    Reliability,
    bootstrap_interval,
    reliability,
    share_at_least,
)


@dataclass(frozen=True, slots=True)
class ClassSummary:
    """The objects of one class, of size or of fill."""

    count: int
    mean_iou: float


@dataclass(frozen=True, slots=True)
class Summary:
    """One line of the table. Shares, IoU and errors are in [0, 1]."""

    data: str
    method: str
    noise_px: float
    count: int
    count_in_set: int
    """Objects that the model ran on; more than `count` where a method got fewer."""
    mean_iou: float
    interval: tuple[float, float]
    """95 % bootstrap interval of the mean IoU."""
    by_size: dict[str, ClassSummary]
    """COCO's size classes; only those that occur."""
    by_fill: dict[str, ClassSummary]
    """By how much of its box an object fills; only classes that occur."""
    share_85: float
    share_90: float
    error: float
    """Mean GrabCut error."""
    boundary_f: float
    median_seconds: float
    refused: int
    """Objects whose points the method refused; they count as empty masks."""
    reliability: Reliability | None
    """None for methods without a confidence."""


def summarise(rows: Sequence[ObjectRow], *, count_in_set: int | None = None) -> Summary:
    """One line from the rows of one data set, method and noise.

    Raises:
        ValueError: no rows, or rows of several tables.
    """
    if len({(row.data, row.method, row.noise_px) for row in rows}) != 1:
        raise ValueError("rows of exactly one data set, method and noise are needed")
    ious = np.array([row.iou for row in rows])
    sure = [row for row in rows if row.confidence is not None]
    return Summary(
        data=rows[0].data,
        method=rows[0].method,
        noise_px=rows[0].noise_px,
        count=len(rows),
        count_in_set=len(rows) if count_in_set is None else count_in_set,
        mean_iou=float(ious.mean()),
        interval=bootstrap_interval(ious),
        by_size=_by_class(SIZES, [row.size for row in rows], ious),
        by_fill=_by_class(FILLS, [row.fill for row in rows], ious),
        share_85=share_at_least(ious, 0.85),
        share_90=share_at_least(ious, 0.90),
        error=float(np.mean([row.error for row in rows])),
        boundary_f=float(np.mean([row.boundary_f for row in rows])),
        median_seconds=float(np.median([row.seconds for row in rows])),
        refused=sum(row.refused for row in rows),
        reliability=reliability(
            np.array([row.confidence for row in sure], np.float64),
            np.array([row.iou for row in sure]),
        ),
    )


def _by_class(
    names: Sequence[str], classes: Sequence[str], ious: NDArray[np.float64]
) -> dict[str, ClassSummary]:
    members = {name: ious[[each == name for each in classes]] for name in names}
    return {
        name: ClassSummary(len(chosen), float(chosen.mean()))
        for name, chosen in members.items()
        if len(chosen)
    }


def summaries(rows: Iterable[ObjectRow]) -> list[Summary]:
    """All lines of the table, in the order in which the groups first occur.

    Where a baseline saw only a part of a set, a line with the model's result on that same part
    comes before it, with exact points where these were run, so that like stands beside like.
    """
    groups: dict[tuple[str, str, float], list[ObjectRow]] = {}
    for row in rows:
        groups.setdefault((row.data, row.method, row.noise_px), []).append(row)
    largest: dict[str, list[ObjectRow]] = {}
    # Baselines see exact points: of the groups of a whole set, those with the least noise first.
    for (data, _, _), group in sorted(groups.items(), key=lambda item: item[0][2]):
        if len(group) > len(largest.get(data, [])):
            largest[data] = group
    lines = []
    compared: set[tuple[str, int]] = set()
    for (data, _, _), group in groups.items():
        whole = largest[data]
        if len(group) < len(whole) and (data, len(group)) not in compared:
            compared.add((data, len(group)))
            chosen = {row.index for row in group}
            same = [row for row in whole if row.index in chosen]
            lines.append(summarise(same, count_in_set=len(whole)))
        lines.append(summarise(group, count_in_set=len(whole)))
    return lines


def sweep_means(rows: Iterable[ObjectRow]) -> dict[str, tuple[float, ...]]:
    """Data set -> mean IoU at each threshold; only sets whose rows were swept."""
    swept: dict[str, list[tuple[float, ...]]] = {}
    for row in rows:
        if row.sweep:
            swept.setdefault(row.data, []).append(row.sweep)
    return {
        data: tuple(float(value) for value in np.mean(values, axis=0))
        for data, values in swept.items()
    }
