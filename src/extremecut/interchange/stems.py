"""Names for the files beside a photo that differ from it in the ending."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath


class Stems:
    """`sub/a` for `sub/a.jpg`; the whole name where that could mean another photo."""

    def __init__(self, others: Iterable[str] = ()) -> None:
        """
        Args:
            others: the folder's photos that get no file.
        """
        self._taken: set[str] = set()
        self._ambiguous = {name for other in others for name in (other, _stem(other))}

    def of(self, file_name: str) -> str:
        """A name that no photo before has got; each photo asks once."""
        stem = _stem(file_name)
        name = file_name if stem in self._taken or stem in self._ambiguous else stem
        while name in self._taken:  # `a.jpg.png` may come before `a.jpg` and `a.png`
            name += "_"
        self._taken.add(name)
        self._ambiguous.add(file_name)
        return name

    def may_mean(self, name: str) -> bool:
        """Whether a photo, or the file of one, is called so."""
        return name in self._taken or name in self._ambiguous

    def is_short(self, name: str, file_name: str) -> bool:
        """Whether programs that replace the ending of the photo's name find the file."""
        return _stem(file_name) == name


def _stem(file_name: str) -> str:
    return PurePosixPath(file_name).with_suffix("").as_posix()
