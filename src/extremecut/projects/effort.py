"""How far a project is and what a mask costs: medians over the objects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from statistics import median

import sqlalchemy as sa

from extremecut.projects.records import EffortRecord, Statistics
from extremecut.projects.schema import image, object_, object_class


def read_statistics(connection: sa.Connection) -> Statistics:
    """Over all images that are in the folder and all objects."""
    present = image.c.missing.is_(False)
    images, done, reviewed = connection.execute(
        sa.select(
            sa.func.count(),
            sa.func.count().filter(image.c.status == "done"),
            sa.func.count().filter(image.c.reviewed_by.is_not(None)),
        ).where(present)
    ).one()
    by_author: dict[str, list[tuple[float, int]]] = defaultdict(list)
    by_class: dict[str, list[tuple[float, int]]] = defaultdict(list)
    every: list[tuple[float, int]] = []
    rows = connection.execute(
        sa.select(
            object_.c.author, object_class.c.name, object_.c.seconds, object_.c.inputs
        ).join_from(object_, object_class)
    )
    for author, class_name, seconds, inputs in rows:
        for group in (by_author[author], by_class[class_name], every):
            group.append((seconds, inputs))
    return Statistics(
        images=images,
        done=done,
        reviewed=reviewed,
        total=effort("", every),
        by_author=tuple(effort(name, by_author[name]) for name in sorted(by_author)),
        by_class=tuple(effort(name, by_class[name]) for name in sorted(by_class)),
    )


def effort(name: str, spent: Sequence[tuple[float, int]]) -> EffortRecord:
    """
    Args:
        spent: seconds and inputs of each object; both 0 where nothing was measured.
    """
    timed = [(seconds, inputs) for seconds, inputs in spent if seconds > 0 or inputs > 0]
    return EffortRecord(
        name=name,
        objects=len(spent),
        timed=len(timed),
        median_seconds=median(seconds for seconds, _ in timed) if timed else None,
        median_inputs=median(inputs for _, inputs in timed) if timed else None,
        total_seconds=sum(seconds for seconds, _ in timed),
    )
