from __future__ import annotations

import pytest

from extremecut.interchange.matching import match


@pytest.mark.parametrize(
    ("name", "photo"),
    [
        ("sub/a.jpg", "sub/a.jpg"),
        ("./sub//a.jpg", "sub/a.jpg"),
        ("sub\\a.jpg", "sub/a.jpg"),
        ("images/sub/a.jpg", "sub/a.jpg"),
        ("C:\\data\\sub\\a.jpg", "sub/a.jpg"),
        ("../../sub/a.jpg", "sub/a.jpg"),
        ("b.jpg", "x/y/b.jpg"),
        ("y/b.jpg", "x/y/b.jpg"),
        ("elsewhere/b.jpg", "x/y/b.jpg"),
        ("a.jpg", None),
        ("elsewhere/a.jpg", None),
        ("c.jpg", None),
        ("b.png", None),
        ("", None),
        ("../..", None),
        ("/", None),
    ],
)
def test_by_path_then_by_its_end_then_by_unique_name(name: str, photo: str | None) -> None:
    photos = ["sub/a.jpg", "sub2/a.jpg", "x/y/b.jpg"]
    assert match([name], photos) == ({} if photo is None else {name: photo})


def test_a_photo_is_given_once_and_to_the_better_name() -> None:
    assert match(["x/a.jpg", "a.jpg"], ["a.jpg"]) == {"a.jpg": "a.jpg"}
    assert match(["x/a.jpg", "y/a.jpg"], ["z/a.jpg"]) == {}
    assert match(["i/x/a.jpg", "i/y/a.jpg"], ["x/a.jpg", "y/a.jpg"]) == {
        "i/x/a.jpg": "x/a.jpg",
        "i/y/a.jpg": "y/a.jpg",
    }


def test_by_stem_the_ending_may_be_there_or_not() -> None:
    photos = ["sub/a.jpg", "sub/a.png", "sub/b.tif"]
    assert match(["sub/b"], photos, by_stem=True) == {"sub/b": "sub/b.tif"}
    assert match(["x/b"], photos, by_stem=True) == {"x/b": "sub/b.tif"}
    assert match(["sub/a"], photos, by_stem=True) == {}
    both = match(["sub/a", "sub/a.png"], photos, by_stem=True)
    assert both == {"sub/a.png": "sub/a.png", "sub/a": "sub/a.jpg"}
    assert match(["sub/b"], photos) == {}


def test_many_photos_of_one_name_take_no_square_of_time() -> None:
    photos = [f"{number}/image.jpg" for number in range(2_000)]
    names = [f"images/{photo}" for photo in photos]
    assert match(names, photos) == dict(zip(names, photos, strict=True))
    assert match([f"x{name}" for name in photos], photos) == {}


def test_accents_are_the_same_together_and_apart() -> None:
    apart, together = "cafe\u0301", "caf\u00e9"
    assert match([f"x/{apart}.jpg"], [f"x/{together}.jpg", "x/a.jpg"]) == {
        f"x/{apart}.jpg": f"x/{together}.jpg"
    }
    assert match([together], [f"{apart}.jpg"], by_stem=True) == {together: f"{apart}.jpg"}
    both = [f"{apart}.jpg", f"{together}.jpg"]
    assert match(both, both) == dict(zip(both, both, strict=True))
