"""What each action costs, the same for the tool and for drawing by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

FULL_POLYGON_S = 79.0
"""Seconds for one object's full COCO polygon on average; fixes the price of a vertex."""


@dataclass(frozen=True)
class Costs:
    """Seconds an action takes."""

    extreme_click_s: float = 1.8
    other_click_s: float = 0.5
    key_s: float = 0.5
    stroke_s: float = 3.0
    vertex_s: float = 0.0
    """See `vertex_price`."""

    def of(self, kind: str) -> float:
        """Seconds of one action.

        Args:
            kind: "extreme", "boundary", "stroke", "edge", "vertex"; everything else is a key
                (or the wheel).
        """
        return {
            "extreme": self.extreme_click_s,
            "boundary": self.other_click_s,
            "stroke": self.stroke_s,
            "edge": self.stroke_s,
            "vertex": self.vertex_s,
        }.get(kind, self.key_s)


def vertex_price(mean_vertices: float, mean_polygons: float, key_s: float) -> float:
    """Seconds a vertex, so that full polygons, each closed by one key, take 79 s on average."""
    return (FULL_POLYGON_S - mean_polygons * key_s) / mean_vertices


@dataclass
class Tally:
    """What one object has cost so far."""

    costs: Costs
    kinds: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, count: int = 1) -> None:
        self.kinds[kind] += count

    @property
    def actions(self) -> int:
        return self.kinds.total()

    @property
    def seconds(self) -> float:
        return sum(self.costs.of(kind) * count for kind, count in self.kinds.items())
