from __future__ import annotations

from extremecut.interchange.tally import Tally, listed, printable, shown


def test_sentences_count_and_give_examples() -> None:
    tally = Tally()
    tally.count("Lost", "a.jpg", 0)
    tally.say("Always.")
    for name in ("a", "a", "b", "c", "d", "e"):
        tally.count("Lost", name, 2)
    tally.say("Always.")
    tally.count("Gone", "a\n\x1b[31m")
    assert tally.sentences() == (
        "Always.",
        "Lost: 12 (in a, b, c, ...).",
        "Gone: 1 (in a\ufffd\ufffd[31m).",
    )


def test_text_of_strangers_is_short_and_on_one_line() -> None:
    assert printable("x" * 99) == "x" * 77 + "..."
    assert printable("a\ud800\n") == "a\ufffd\ufffd"
    assert len(shown(["x" * 10**6] * 10**5)) <= 80
    assert listed(["a", "b"]) == "a, b" and listed(["a"] * 5, 5) == "a, a, a and 2 more"
