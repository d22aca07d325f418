from __future__ import annotations

import pytest

from extremecut.annotator import stored_secret
from extremecut.annotator.stored_secret import StoredSecret, new_token
from extremecut.errors import ConfigError

CHEAP = 1 << 4  # scrypt's cost; a server's takes a tenth of a second on purpose


def test_only_the_secret_itself_matches() -> None:
    stored = StoredSecret.of("correct horse battery", cost=CHEAP)
    assert stored.matches("correct horse battery")
    assert not stored.matches("correct horse batterz")
    assert not stored.matches("")


def test_the_stored_line_knows_the_secret_but_does_not_hold_it() -> None:
    stored = StoredSecret.of("correct horse battery", cost=CHEAP)
    assert "correct" not in stored.line
    assert StoredSecret.read(stored.line + "\n") == stored
    assert StoredSecret.of("correct horse battery", cost=CHEAP).line != stored.line


def test_a_file_may_hold_the_secret_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_secret, "_COST", CHEAP)
    assert StoredSecret.read(" correct horse battery\n").matches("correct horse battery")


@pytest.mark.parametrize("text", ["", "short", "scrypt$1$2$3$x$y", "scrypt$", "scrypt$3$8$3$" + "A" * 8 + "$" + "A" * 8])  # fmt: skip  # noqa: E501
def test_short_secrets_and_damaged_lines_are_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        StoredSecret.read(text).matches("anything at all")


@pytest.mark.parametrize(
    "text",
    [
        "two lines of\ntext",
        "scrypt$32768$8$3$AAAAAAAAA$AAAAAAAAA",  # no base64
        "scrypt$16$8$3$AAAAAAAA$AAAAAAAA",  # cut short
        f"scrypt$15$8$3$AAAAAAAA${'A' * 43}=",  # no power of two
    ],
)
def test_what_nobody_could_log_in_with_is_refused_when_it_is_read(text: str) -> None:
    with pytest.raises(ConfigError):
        StoredSecret.read(text)


def test_tokens_are_long_and_never_the_same() -> None:
    assert len(new_token()) == 43 and new_token() != new_token()
