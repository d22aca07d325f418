"""What a file cannot hold, counted, and said in plain sentences."""

from __future__ import annotations

import reprlib

EXAMPLES = 3
"""How many names a sentence gives."""


class Tally:
    """Sentences in the order in which they first came up, each with how often and where."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._names: dict[str, list[str]] = {}

    def say(self, sentence: str) -> None:
        """A sentence that holds for the whole file; said once."""
        self._counts.setdefault(sentence, 0)

    def count(self, sentence: str, name: str, number: int = 1) -> None:
        """A sentence with a number and the names of the images it happened in.

        Args:
            sentence: without its full stop.
            name: of the image or file.
            number: how many there; nothing is said of 0.
        """
        if number < 1:
            return
        self._counts[sentence] = self._counts.get(sentence, 0) + number
        names = self._names.setdefault(sentence, [])
        if len(names) <= EXAMPLES and name not in names:
            names.append(name)

    def sentences(self) -> tuple[str, ...]:
        """All of them, ready to be read."""
        return tuple(
            f"{sentence}: {number} (in {listed(self._names[sentence])})." if number else sentence
            for sentence, number in self._counts.items()
        )


def listed(names: list[str], total: int | None = None) -> str:
    """The first names, and that there are more."""
    shown = ", ".join(printable(name) for name in names[:EXAMPLES])
    if total is not None and total > EXAMPLES:
        return f"{shown} and {total - EXAMPLES} more"
    return f"{shown}, ..." if len(names) > EXAMPLES else shown


def printable(text: object, limit: int = 80) -> str:
    """Text of a stranger as it may stand in a message: short, one line, no control characters."""
    clean = "".join(c if c.isprintable() else "\ufffd" for c in str(text)[: limit + 1])
    return clean if len(clean) <= limit else clean[: limit - 3] + "..."


def shown(value: object) -> str:
    """A value of a stranger as it may stand in a message, however large it is."""
    return printable(reprlib.repr(value))
