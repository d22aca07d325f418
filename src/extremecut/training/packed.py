"""Reading packs, which `packing` writes; needs neither the original files nor their loaders."""

from __future__ import annotations

import json
import math
import os
import zipfile
import zlib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from extremecut.datasets.sample import ObjectSample, is_left_out
from extremecut.errors import ConfigError, DataError
from extremecut.training.augment import Augmentation
from extremecut.training.sources import TrainingSet

FORMAT = 1
INDEX = "pack.json"
OBJECTS = "objects.json"
VOID_LEVELS = {False: 64, True: 192}


class PackedSet:
    """The objects of one set of a pack; see `ObjectSet`."""

    def __init__(self, name: str, parts: Sequence[Path]) -> None:
        self.name = name
        self._parts = list(parts)
        self._about: list[tuple[int, int, dict[str, Any]]] = []
        self._open: dict[tuple[int, int], zipfile.ZipFile] = {}
        for index, path in enumerate(self._parts):
            try:
                with zipfile.ZipFile(path) as archive:
                    about = json.loads(archive.read(OBJECTS))
            except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
                raise DataError(f"cannot read the part {path} of a pack: {error}") from None
            self._about += [(index, number, entry) for number, entry in enumerate(about)]

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_open": {}}  # open files do not travel to other processes

    def __len__(self) -> int:
        return len(self._about)

    def lies_in(self, folder: Path) -> bool:
        return any(path.parent.resolve() == folder.resolve() for path in self._parts)

    def __getitem__(self, index: int) -> ObjectSample:
        part, number, about = self._about[index]
        try:
            archive = self._archive(part)
            png, jpeg = (archive.read(f"{number:06d}.{kind}") for kind in ("png", "jpg"))
        except (OSError, KeyError, zipfile.BadZipFile, zlib.error) as error:
            raise DataError(
                f"cannot read object {number} of {self._parts[part]}: {error}. Write the pack again"
            ) from None
        levels = _decode(png, cv2.IMREAD_GRAYSCALE)
        image = cv2.cvtColor(_decode(jpeg, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
        void = None
        if about["has_void"]:
            void = np.isin(levels, list(VOID_LEVELS.values()))
        return ObjectSample(image, levels > 127, void, about["name"], about["tags"])

    def _archive(self, part: int) -> zipfile.ZipFile:
        # A worker process must not share its parent's file position.
        key = (os.getpid(), part)
        if key not in self._open:
            self._open[key] = zipfile.ZipFile(self._parts[part])
        return self._open[key]


def _decode(data: bytes, flags: int) -> NDArray[np.uint8]:
    image = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    if image is None:
        raise DataError("a pack holds a damaged image: write it again")
    return image


def context_px_for(augmentation: Augmentation) -> int:
    """Pixels of surroundings that a run takes beside a share of the object.

    A margin in pixels of the photo reaches far beyond small objects; turning makes it reach
    farther, as it does `context`.
    """
    return max(16, math.ceil(1.6 * augmentation.context_px))


def check_context(folder: str | os.PathLike[str], augmentation: Augmentation) -> None:
    """Refuse a pack of too little surroundings: what is missing would be black in every crop.

    Args:
        folder: a pack that `packed_sets` can read.

    Raises:
        ConfigError: it was written for another recipe; says what to do.
    """
    path = Path(folder) / INDEX
    known = json.loads(path.read_text()).get("context_px")  # an early pack does not say
    needed = context_px_for(augmentation)
    if isinstance(known, int) and known < needed:
        raise ConfigError(
            f"{path} holds {known} px of surroundings beside a share of each object, this run's "
            f"margin needs {needed}: write the pack again with the recipe that it is to train"
        )


def packed_sets(
    folder: str | os.PathLike[str], role: str, *, leave_out: Collection[str] = ()
) -> list[TrainingSet]:
    """The sets of a pack.

    Args:
        role: "train" or "validation".
        leave_out: names of training sets not to use, nor their validation sets.

    Raises:
        DataError: the folder is no pack, or a part is missing or damaged.
        ConfigError: `leave_out` names a training set that is not there, or all of them.
    """
    path = Path(folder) / INDEX
    left_out = is_left_out if role == "validation" else lambda name, names: name in names
    try:
        index = json.loads(path.read_text())
        if index["format"] != FORMAT:
            raise DataError(f"{path} has format {index['format']}; this version reads {FORMAT}")
        entries = index[role]
        names = [entry["name"] for entry in index["train"]]
        unknown = sorted(set(leave_out) - set(names))
        if unknown or (names and set(names) <= set(leave_out)):
            raise ConfigError(f"cannot leave out {', '.join(leave_out)}: {path} holds {names}")
        return [
            TrainingSet(
                PackedSet(entry["name"], [Path(folder) / part["file"] for part in entry["parts"]]),
                float(entry["weight"]),
                entry["terms"],
            )
            for entry in entries
            if not left_out(entry["name"], leave_out)
        ]
    except FileNotFoundError:
        raise DataError(f"{folder} is no pack: it has no {INDEX}") from None
    except (KeyError, TypeError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path} is damaged: {error!r}") from None
