"""This project's own training, validation and test sets over a folder of data.

The folder holds `coco`, `ecssd`, `davis/DAVIS`, `ccp`, `pennfudan` and `grabcut`, each in its
own layout. Test sets are never trained on, tuned on, or used to choose anything.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from extremecut.datasets.description import Description
from extremecut.datasets.sample import ObjectSet, is_left_out
from extremecut.errors import ConfigError

COCO_TERMS = "COCO 2017: annotations CC BY 4.0, each photo under its own licence"
ECSSD_TERMS = "ECSSD: academic use"
DAVIS_TERMS = "DAVIS 2016: CC BY-NC 4.0 and others by sequence"
CCP_TERMS = "Clothing Co-Parsing: Apache-2.0 file in its repository"
PENNFUDAN_TERMS = "Penn-Fudan pedestrian database"
GRABCUT_TERMS = "Microsoft GrabCut set, 20 images from BSDS"


@dataclass(frozen=True, slots=True)
class SuiteRow:
    """One data set of a suite."""

    name: str
    kind: str
    paths: tuple[str, ...]
    """Relative to the data folder."""
    options: dict[str, str]
    terms: str
    """Under which terms the data stands, for model cards."""
    weight: float = 1.0
    """Share of training examples drawn from it."""

    def description(self, root: Path) -> Description:
        """The data description; the options `images` and `names` are relative to `root` too."""
        options = {
            key: str(root / value) if key in ("images", "names") else value
            for key, value in self.options.items()
        }
        return Description(self.kind, tuple(str(root / path) for path in self.paths), options)


@dataclass(frozen=True, slots=True)
class WeightedSet:
    """A training set and its share of the mix."""

    objects: ObjectSet
    weight: float
    terms: str


def _coco(name: str, split: str, weight: float = 1.0, **options: str) -> SuiteRow:
    images = {"images": f"coco/images/{split}"}
    paths = (f"coco/annotations/instances_{split}.json",)
    return SuiteRow(name, "coco", paths, images | options, COCO_TERMS, weight)


def _ecssd(weight: float = 1.0, **options: str) -> SuiteRow:
    return SuiteRow("ecssd", "ecssd", ("ecssd",), options, ECSSD_TERMS, weight)


def _davis(weight: float = 1.0, **options: str) -> SuiteRow:
    # More than 300 pixels, as results are quoted.
    chosen = {"min_area": "301"} | options
    return SuiteRow("davis", "davis", ("davis/DAVIS",), chosen, DAVIS_TERMS, weight)


def _ccp(name: str, weight: float = 1.0, **options: str) -> SuiteRow:
    chosen = {"min_area": "400", "names": "ccp/labels.json"} | options
    return SuiteRow(name, "labels", ("ccp/images", "ccp/labels"), chosen, CCP_TERMS, weight)


def _pennfudan(weight: float = 1.0, **options: str) -> SuiteRow:
    chosen = {"min_area": "400"} | options
    paths = ("pennfudan/images", "pennfudan/masks")
    return SuiteRow("pennfudan", "labels", paths, chosen, PENNFUDAN_TERMS, weight)


TEST = (
    SuiteRow("grabcut", "grabcut", ("grabcut",), {}, GRABCUT_TERMS),
    _coco("coco", "val", ids="odd", min_area="1000"),
    _coco("coco-small", "val", ids="odd", max_area="1000"),
    _ecssd(list="test.txt"),
    _davis(list="val.txt", every="10"),
)

# Of CCP the last 120 names are the test split of another experiment; the 80 before them and
# every 6th pedestrian image, every 8th ECSSD image and every 5th DAVIS sequence are held back.
VALIDATION = (
    _coco("coco", "val", ids="even", min_area="1000"),
    _coco("coco-small", "val", ids="even", max_area="1000"),
    _ecssd(list="train.txt", every="8"),
    _davis(list="train.txt", sequence_every="5"),
    _ccp("ccp-parts", skip_last="120", last="80"),
    _ccp("ccp-whole", skip_last="120", last="80", merge="1"),
    _pennfudan(every="6"),
)

TRAINING = (
    _coco("coco", "train", 0.41, min_area="300"),
    _ecssd(0.22, list="train.txt", except_every="8"),
    _davis(0.10, list="train.txt", sequence_except_every="5"),
    _ccp("ccp-parts", 0.13, skip_last="200"),
    _ccp("ccp-whole", 0.05, skip_last="200", merge="1"),
    _pennfudan(0.09, except_every="6"),
)

SUITES = {"test": TEST, "validation": VALIDATION}


def test_sets(root: Path) -> list[ObjectSet]:
    """The held-out sets that results are quoted on."""
    return [row.description(root).open(name=row.name) for row in TEST]


def validation_sets(root: Path, *, leave_out: Collection[str] = ()) -> list[ObjectSet]:
    """The sets that thresholds and checkpoints are chosen on.

    Args:
        leave_out: names of training sets that are not used, see `is_left_out`.

    Raises:
        DataError: wrong or missing files.
    """
    rows = [row for row in VALIDATION if not is_left_out(row.name, leave_out)]
    return [row.description(root).open(name=row.name) for row in rows]


def training_sets(root: Path, *, leave_out: Collection[str] = ()) -> list[WeightedSet]:
    """The training sets with their shares.

    Args:
        leave_out: names of sets not to use, for the sake of their terms.

    Raises:
        ConfigError: an unknown name, or nothing left.
        DataError: wrong or missing files.
    """
    names = [row.name for row in TRAINING]
    unknown = sorted(set(leave_out) - set(names))
    if unknown:
        raise ConfigError(f"no training set is called {', '.join(unknown)}; there are {names}")
    rows = [row for row in TRAINING if row.name not in leave_out]
    if not rows:
        raise ConfigError(f"all training sets ({', '.join(names)}) are left out")
    return [
        WeightedSet(row.description(root).open(name=row.name), row.weight, row.terms)
        for row in rows
    ]
