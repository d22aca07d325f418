"""What was measured on each object, and its summary over a set."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extremecut.evaluation.statistics import BOOTSTRAP_SAMPLES
from scripted_annotator.costs import Costs

POLYGONS = {
    "on the outline, 3 px, same IoU": "fewest vertices on the outline, which miss as the tool's "
    "clicks do, up to the IoU that the tool reached",
    "on the outline, same IoU": "the same, but no vertex misses",
    "best, 3 px, same IoU": "fewest vertices, put by an optimiser that knows the truth, which miss",
    "best, same IoU": "the same, but no vertex misses",
    "on the outline, 3 px, wanted IoU": "as above, up to the IoU at which the tool stops",
    "on the outline, wanted IoU": "",
    "best, 3 px, wanted IoU": "",
    "best, wanted IoU": "",
    "full polygon": "all vertices of the ground truth",
}
"""The ways of drawing compared with, and what they are."""


@dataclass(frozen=True)
class Drawn:
    """One object drawn by hand."""

    polygons: int
    vertices: int
    reached: bool = True
    """False: not within the vertices that were tried, whose number this is."""

    @property
    def actions(self) -> int:
        """A click a vertex, and a key to close each polygon."""
        return self.vertices + self.polygons

    def seconds(self, costs: Costs) -> float:
        return self.vertices * costs.vertex_s + self.polygons * costs.key_s


@dataclass(frozen=True)
class ObjectResult:
    """One object by the tool and by each way of drawing."""

    name: str
    area_px: int
    first_iou: float
    """After the four clicks."""
    iou: float
    actions: int
    seconds: float
    kinds: dict[str, int]
    drawn: dict[str, Drawn]
    """By the keys of `POLYGONS`."""


@dataclass(frozen=True)
class Effort:
    """Actions and seconds an object over a set."""

    mean_actions: float
    median_actions: float
    mean_seconds: float
    median_seconds: float
    reached: float
    """Share of the objects."""
    action_ratio: tuple[float, float, float] | None = None
    """Mean actions over the tool's, with the 95 % bootstrap interval over objects."""
    second_ratio: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class SetResult:
    """All objects of one set."""

    name: str
    target_iou: float
    costs: Costs
    objects: Sequence[ObjectResult]

    def effort(self, way: str | None = None) -> Effort:
        """Of one of `POLYGONS`, or of the tool."""
        tool = np.array([[item.actions, item.seconds] for item in self.objects], np.float64)
        if way is None:
            reached = np.mean([item.iou >= self.target_iou for item in self.objects])
            return _effort(tool, float(reached))
        drawn = [item.drawn[way] for item in self.objects]
        values = np.array([[item.actions, item.seconds(self.costs)] for item in drawn], np.float64)
        return dataclasses.replace(
            _effort(values, float(np.mean([item.reached for item in drawn]))),
            action_ratio=ratio_of_means(values[:, 0], tool[:, 0]),
            second_ratio=ratio_of_means(values[:, 1], tool[:, 1]),
        )

    def kinds(self) -> dict[str, float]:
        """Actions of each kind an object, the most frequent first."""
        total: Counter[str] = Counter()
        for item in self.objects:
            total.update(item.kinds)
        return {kind: count / len(self.objects) for kind, count in total.most_common()}

    def to_dict(self) -> dict[str, Any]:
        return {
            "set": self.name,
            "target_iou": self.target_iou,
            "costs": dataclasses.asdict(self.costs),
            "tool": dataclasses.asdict(self.effort())
            | {
                "mean_iou": float(np.mean([item.iou for item in self.objects])),
                "reached_by_four_clicks": float(
                    np.mean([item.first_iou >= self.target_iou for item in self.objects])
                ),
                "actions_by_kind": self.kinds(),
            },
            "polygons": {way: dataclasses.asdict(self.effort(way)) for way in POLYGONS},
            "objects": [dataclasses.asdict(item) for item in self.objects],
        }


def ratio_of_means(
    theirs: NDArray[np.float64], ours: NDArray[np.float64], *, seed: int = 0
) -> tuple[float, float, float]:
    """The ratio of two means over the same objects, and its 95 % bootstrap interval.

    Args:
        theirs, ours: (N,) positive, N >= 1.
    """
    rng = np.random.default_rng(seed)
    rows = rng.integers(len(ours), size=(BOOTSTRAP_SAMPLES, len(ours)))
    ratios = theirs[rows].mean(axis=1) / ours[rows].mean(axis=1)
    low, high = np.quantile(ratios, (0.025, 0.975))
    return float(theirs.mean() / ours.mean()), float(low), float(high)


def _effort(values: NDArray[np.float64], reached: float) -> Effort:
    """Of (N, 2) actions and seconds."""
    mean, median = values.mean(axis=0), np.median(values, axis=0)
    return Effort(float(mean[0]), float(median[0]), float(mean[1]), float(median[1]), reached)
