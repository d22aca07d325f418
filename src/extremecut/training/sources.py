"""Where a run's objects come from: descriptions, the suite of a data folder, or a pack."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extremecut.datasets.sample import ObjectSet
from extremecut.errors import ConfigError, DataError

# The readers of data on disk are imported where they are used: a run from a pack needs none of
# what they need.


@dataclass(frozen=True, slots=True)
class SetChoice:
    """A data set in words, and how often its objects are drawn."""

    description: str
    """What `datasets.description.open_set` reads, such as "masks:photos/images,photos/masks"."""
    weight: float = 1.0
    """The set's share is its weight over the sum of all."""

    def __post_init__(self) -> None:
        if not 0 < self.weight < math.inf:
            raise ConfigError(
                f"the weight of {self.description} must be > 0 and finite, got {self.weight}"
            )

    @classmethod
    def parse(cls, text: str) -> SetChoice:
        """Read "DESCRIPTION" or "DESCRIPTION*WEIGHT".

        Example:
            >>> SetChoice.parse("coco:instances.json*0.4").weight
            0.4
        """
        description, star, ending = text.rpartition("*")
        try:
            weight = float(ending)
        except ValueError:  # a star that belongs to the description
            return cls(text)
        return cls(description, weight) if star else cls(text)


@dataclass(frozen=True, slots=True)
class DataConfig:
    """What to train and to validate on. One of `train`, `suite` and `pack` is given."""

    train: tuple[SetChoice, ...] = ()
    validation: tuple[str, ...] = ()
    """Descriptions, instead of the suite's or the pack's own validation sets. Without any,
    nothing is measured while training and the last weights are the result."""
    suite: str | None = None
    """A folder of data whose sets `datasets.suites` knows."""
    pack: str | None = None
    """A folder written by `extremecut train --pack`."""
    leave_out: tuple[str, ...] = ()
    """Names of sets of the suite or the pack neither to train nor, where the validation sets are
    the suite's or the pack's own, to validate on."""
    validation_objects: int = 130
    """Objects of each validation set that are measured during training, at most."""

    def __post_init__(self) -> None:
        if self.validation_objects < 1:
            raise ConfigError(f"validation_objects must be >= 1, got {self.validation_objects}")
        given = [name for name in ("train", "suite", "pack") if getattr(self, name)]
        if len(given) > 1:
            raise ConfigError(f"training data is given twice, as {' and '.join(given)}: choose one")
        if self.leave_out and self.train:
            raise ConfigError("leave_out goes with a suite or a pack; leave the set out of train")


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """An opened set with its weight."""

    objects: ObjectSet
    weight: float
    terms: str = ""
    """Under which terms its data stands, for the model's card; empty where unknown."""


def training_sets(config: DataConfig) -> list[TrainingSet]:
    """Open the training sets.

    Raises:
        DataError: a set cannot be read or is empty.
        ConfigError: no data is given, or `leave_out` is wrong.
    """
    if config.pack:
        from extremecut.training.packed import packed_sets

        sets = packed_sets(config.pack, "train", leave_out=config.leave_out)
    elif config.suite:
        from extremecut.datasets import suites

        sets = [
            TrainingSet(item.objects, item.weight, item.terms)
            for item in suites.training_sets(Path(config.suite), leave_out=config.leave_out)
        ]
    elif config.train:
        from extremecut.datasets.description import open_set

        sets = [TrainingSet(open_set(item.description), item.weight) for item in config.train]
    else:
        raise ConfigError("no training data: give data descriptions, a suite's folder or a pack")
    for item in sets:
        _refuse_empty(item.objects)
    return sets


def validation_sets(config: DataConfig) -> list[ObjectSet]:
    """Open the validation sets, possibly none; raises as `training_sets`."""
    sets: list[ObjectSet] = []
    if config.validation:
        from extremecut.datasets.description import open_set

        sets = [open_set(description) for description in config.validation]
    elif config.pack:
        from extremecut.training.packed import packed_sets

        sets = [
            item.objects
            for item in packed_sets(config.pack, "validation", leave_out=config.leave_out)
        ]
    elif config.suite:
        from extremecut.datasets import suites

        sets = suites.validation_sets(Path(config.suite), leave_out=config.leave_out)
    for objects in sets:
        _refuse_empty(objects)
    return sets


def _refuse_empty(objects: ObjectSet) -> None:
    if len(objects) == 0:
        raise DataError(f"the data set {objects.name} holds no objects: check its description")


def fingerprint(sets: Sequence[TrainingSet]) -> list[list[object]]:
    """Name, number of objects and weight of each set: what an exact resume relies on."""
    return [[item.objects.name, len(item.objects), item.weight] for item in sets]


def distinct_names(sets: Sequence[ObjectSet]) -> list[str]:
    """The sets' names, numbered where several share one.

    Two sets of labels read with the default name become "labels" and "labels-2". "mean" is left
    to the row of all sets together.
    """
    names: list[str] = []
    for objects in sets:
        name, number = objects.name, 1
        while name in (*names, "mean"):
            number += 1
            name = f"{objects.name}-{number}"
        names.append(name)
    return names


def spread_subset(count: int, limit: int) -> NDArray[np.intp]:
    """At most `limit` of `count` indices, ascending, the same at every call."""
    if count <= limit:
        return np.arange(count)
    return np.sort(np.random.default_rng(0).choice(count, limit, replace=False))
