from __future__ import annotations

from extremecut.interchange.stems import Stems


def test_a_photo_gets_its_name_without_the_ending_or_all_of_it() -> None:
    stems = Stems()
    names = ["x/a.jpg", "x/a.png", "a.jpg", "x/a.png.jpg", "b"]
    assert [stems.of(name) for name in names] == ["x/a", "x/a.png", "a", "x/a.png.jpg", "b"]
    assert stems.is_short("x/a", "x/a.jpg") and not stems.is_short("x/a.png", "x/a.png")


def test_no_name_is_given_twice() -> None:
    stems = Stems()
    names = [stems.of(name) for name in ("a.png.jpg", "a.jpg", "a.png", "a.png.jpg")]
    assert len(set(names)) == 4
