from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from extremecut.errors import DataError
from extremecut.interchange import checks


def test_good_values_pass() -> None:
    assert checks.parsed_json(b'\xef\xbb\xbf{"a": [1, 2.5]}', "here") == {"a": [1, 2.5]}
    assert checks.whole("12", "here", low=0, high=12) == 12
    assert checks.whole(3.0, "here", low=0, high=12) == 3
    assert checks.finite("-1.5", "here") == -1.5 and checks.finite(2, "here") == 2.0
    assert checks.share(1, "here") == 1.0
    assert checks.points([[1, 2], (3.5, -4)], "here", (10, 10)) == ((1.0, 2.0), (3.5, -4.0))
    assert checks.name_text(" a ü ", "here") == " a ü "
    checks.size_hw("4", 6.0, "here", (4, 6))


@pytest.mark.parametrize(
    ("check", "value", "message"),
    [
        (checks.mapping, [], "must be an object with names, got"),
        (checks.listing, {}, "must be a list, got"),
        (checks.name_text, "", "must be text, got ''"),
        (checks.name_text, "  ", "must be text"),
        (checks.name_text, None, "must be text, got None"),
        (checks.name_text, "x" * 201, "at most 200 printable letters"),
        (checks.name_text, "a\nb", "printable letters"),
        (checks.file_text, "", "must be a file name"),
        (checks.file_text, "x" * 4097, "must be a file name"),
        (checks.file_text, 7, "must be a file name, got 7"),
        (checks.finite, float("nan"), "must be a finite number, got nan"),
        (checks.finite, "inf", "must be a finite number, got inf"),
        (checks.finite, 10**400, "must be a finite number"),
        (checks.finite, False, "must be a finite number, got False"),
        (checks.finite, "x", "must be a number, got 'x'"),
        (checks.finite, None, "must be a finite number, got None"),
        (checks.share, 1.01, "must be from 0 to 1, got 1.01"),
    ],
)
def test_bad_values_are_named_with_what_came(
    check: Callable[[Any, str], Any], value: Any, message: str
) -> None:
    with pytest.raises(DataError, match=f"here.*{message}"):
        check(value, "here")


@pytest.mark.parametrize("value", ["1.5", 1.5, True, None, 13, -1, "9" * 5000, "-1", [1]])
def test_whole_numbers_are_whole_and_in_range(value: Any) -> None:
    with pytest.raises(DataError, match="here must be a whole number"):
        checks.whole(value, "here", low=0, high=12)


@pytest.mark.parametrize(
    "value", [3, [3], [[1]], [[1, 2, 3]], ["ab"], [[1, "x"]], [[99, 1]], [[1, 1]] * 1001]
)
def test_points_are_pairs_near_the_photo(value: Any) -> None:
    with pytest.raises(DataError, match="here"):
        checks.points(value, "here", (10, 10))


def test_text_is_utf8() -> None:
    assert checks.utf8_text("\ufeffé".encode(), "here") == "é"
    with pytest.raises(DataError, match="here is not UTF-8"):
        checks.utf8_text("é".encode("cp1252"), "here")


@pytest.mark.parametrize("data", [b"", b"\xff", b"{", b"[NaN]", b"[" * 100_000, b"1" * 5000])
def test_what_is_not_json_is_refused(data: bytes) -> None:
    with pytest.raises(DataError, match="here is not JSON"):
        checks.parsed_json(data, "here")


def test_swapped_sizes_are_explained() -> None:
    with pytest.raises(DataError, match=r"photo of 4 x 6 pixels, the photo has 6 x 4; .*right way"):
        checks.size_hw(6, 4, "here", (4, 6))
    with pytest.raises(DataError, match=r"the photo has 6 x 4$"):
        checks.size_hw(6, 5, "here", (4, 6))
