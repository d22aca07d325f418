"""What a reader of a format hands back, and the images made from it when they are asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath
from typing import overload

from extremecut.interchange.annotated import AnnotatedImage, AnnotatedObject, AnnotatedSet
from extremecut.interchange.limits import Allowance
from extremecut.interchange.matching import in_doubt, match
from extremecut.interchange.tally import EXAMPLES, Tally, listed, printable

Photos = Mapping[str, tuple[int, int]]
"""Relative path with forward slashes -> (height, width) of every photo."""

Load = Callable[[tuple[int, int], Allowance], Sequence[AnnotatedObject]]
"""Makes the objects of one photo of this size, checking everything."""

_RIVALS = "Ambiguous, since several files mean the same photo, and left out"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a file has for one photo."""

    photo: str
    where: str
    load: Load


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file has for all photos; nothing is decoded yet."""

    entries: list[Entry]
    classes: list[str]
    tally: Tally
    """Also counts what `load` leaves out."""

    def annotated(self, photos: Photos) -> AnnotatedSet:
        """The set, whose classes lack those that only objects name.

        Args:
            photos: those that were matched.
        """
        return AnnotatedSet(
            ImagesOnDemand(self.entries, photos), tuple(dict.fromkeys(self.classes))
        )


def matched(
    names: Sequence[str], photos: Photos, tally: Tally, *, by_stem: bool = False
) -> dict[str, str]:
    """From the names in a file to photos; what has none is said."""
    found = match(names, photos, by_stem=by_stem)
    missing = [name for name in names if name not in found]
    doubtful = in_doubt(missing, photos.keys() - found.values(), by_stem=by_stem)
    several = {name: fitting for name, fitting in doubtful.items() if len(fitting) > 1}
    rivals = [name for name in doubtful if name not in several]
    unknown = [name for name in missing if name not in doubtful]
    if several:
        examples = [
            f"{printable(name)} ({listed(fitting, len(fitting))})"
            for name, fitting in islice(several.items(), EXAMPLES)
        ]
        more = f" and {len(several) - EXAMPLES} more" if len(several) > EXAMPLES else ""
        tally.say(
            f"Ambiguous, since several photos are called so, and left out: {', '.join(examples)}"
            f"{more} ({len(several)} of {len(names)}). Give such a file its photo's whole name, "
            "with folders and ending."
        )
    for start, left_out in (
        (_RIVALS, rivals),
        ("Not among the photos and left out", unknown),
    ):
        if left_out:
            tally.say(
                f"{start}: {listed(left_out, len(left_out))} ({len(left_out)} of {len(names)})."
            )
    return found


def without_ending(name: str) -> str:
    return PurePosixPath(name).with_suffix("").as_posix()


def one_each(files: Iterable[tuple[str, str]], tally: Tally) -> dict[str, str]:
    """Files by the name that each has for its photo; several of one name are left out and said.

    Args:
        files: that name and the file's own.
    """
    files_of: defaultdict[str, list[str]] = defaultdict(list)
    for name, file in files:
        files_of[name].append(file)
    rivals = [file for several in files_of.values() if len(several) > 1 for file in several]
    if rivals:
        tally.say(f"{_RIVALS}: {listed(rivals, len(rivals))}.")
    return {name: several[0] for name, several in files_of.items() if len(several) == 1}


class ImagesOnDemand(Sequence[AnnotatedImage]):
    """Images that are decoded each time they are asked for: memory stays that of one."""

    def __init__(self, entries: Sequence[Entry], photos: Photos) -> None:
        self._entries = entries
        self._sizes = [photos[entry.photo] for entry in entries]

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, index: int) -> AnnotatedImage: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[AnnotatedImage]: ...
    def __getitem__(self, index: int | slice) -> AnnotatedImage | Sequence[AnnotatedImage]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        entry, size_hw = self._entries[index], self._sizes[index]
        objects = entry.load(size_hw, Allowance(size_hw, entry.where))
        return AnnotatedImage(entry.photo, size_hw, tuple(objects))


def checked_set(reading: Reading, photos: Photos) -> tuple[AnnotatedSet, tuple[str, ...]]:
    """Decode everything once and keep none of it, so that errors come before anything is used.

    Raises:
        DataError: as the format's reader has it.
    """
    images = ImagesOnDemand(reading.entries, photos)
    classes = dict.fromkeys(reading.classes)
    for image in images:
        classes.update(dict.fromkeys(each.label for each in image.objects))
    # Before the second time, which counts everything again.
    notes = reading.tally.sentences()
    return AnnotatedSet(images, tuple(classes)), notes
