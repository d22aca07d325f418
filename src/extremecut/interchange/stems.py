"""Names for the files beside a photo that differ from it in the ending."""

from __future__ import annotations

from pathlib import PurePosixPath


class Stems:
    """`sub/a` for `sub/a.jpg`; the whole name where another photo took that already."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, file_name: str) -> str:
        """A name that no photo before has got; each photo asks once."""
        stem = PurePosixPath(file_name).with_suffix("").as_posix()
        name = file_name if stem in self._taken else stem
        while name in self._taken:  # `a.jpg.png` may come after `a.jpg` and `a.png`
            name += "_"
        self._taken.add(name)
        return name

    def is_short(self, name: str, file_name: str) -> bool:
        """Whether programs that replace the ending of the photo's name find the file."""
        return PurePosixPath(file_name).with_suffix("").as_posix() == name
