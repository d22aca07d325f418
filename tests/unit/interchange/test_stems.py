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


def test_no_name_means_a_photo_that_gets_no_file() -> None:
    stems = Stems(["x/a.jpg", "b.jpg"])
    names = ["x/a.jpeg", "a.jpeg", "b.jpg.png"]
    assert [stems.of(name) for name in names] == ["x/a.jpeg", "a", "b.jpg.png"]
    stems = Stems()
    assert [stems.of(name) for name in ("b.jpg", "b.jpg.png")] == ["b", "b.jpg.png"]


def test_names_that_may_mean_a_photo() -> None:
    stems = Stems(["b/c.jpg"])
    assert stems.of("a.jpg") == "a"
    assert [
        name for name in ("a", "a.jpg", "b/c", "b/c.jpg", "c", "b") if stems.may_mean(name)
    ] == [*("a", "a.jpg", "b/c", "b/c.jpg")]
