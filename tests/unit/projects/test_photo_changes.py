"""Moved, changed, new and missing photos, told apart without any files."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from extremecut.projects.photo_changes import (
    KnownPhoto,
    PhotoChanges,
    only_additions,
    photo_changes,
    unread,
)
from extremecut.projects.photo_folder import FoundPhoto


def known(
    image_id: int, path: str, content: str, *, missing: bool = False, former: str | None = None
) -> KnownPhoto:
    return KnownPhoto(image_id, path, content, 10, 1, missing, former)


def changes(known_photos: list[KnownPhoto], **contents: str) -> dict[str, list[str]]:
    """The folder as path=content (`_png` for `.png`, `__` for a folder), all read anew; what
    became of the photos in short."""
    there = {name.replace("__", "/").replace("_", "."): text for name, text in contents.items()}
    found = [FoundPhoto(path, 10, 2) for path in there]
    result = photo_changes(known_photos, found, there)
    short: dict[str, list[str]] = {}
    for kind in PhotoChanges.__slots__:
        if entries := getattr(result, kind):
            short[kind] = [
                f"{entry[0].image_id} {entry[1].path}"
                if isinstance(entry, tuple)
                else str(getattr(entry, "image_id", entry.path))
                for entry in entries
            ]
    return short


A = known(1, "a.png", "AAA")
B = known(2, "b.png", "BBB")


def test_photos_that_stay_are_unchanged() -> None:
    assert changes([A], a_png="AAA") == {"unchanged": ["1 a.png"]}


def test_a_new_file_is_added_and_a_lost_one_missing() -> None:
    assert changes([A], c_png="CCC") == {"added": ["c.png"], "missing": ["1"]}


def test_the_same_content_elsewhere_has_moved() -> None:
    assert changes([A], sub__a_png="AAA") == {"moved": ["1 sub/a.png"]}


def test_a_copy_is_a_new_photo() -> None:
    assert changes([A], a_png="AAA", c_png="AAA") == {"unchanged": ["1 a.png"], "added": ["c.png"]}


def test_other_content_at_the_same_path_has_changed() -> None:
    assert changes([A], a_png="XXX") == {"changed": ["1 a.png"]}


def test_two_files_that_swapped_names_have_moved() -> None:
    assert changes([A, B], a_png="BBB", b_png="AAA") == {"moved": ["2 a.png", "1 b.png"]}


def test_a_file_moved_over_another_replaces_it() -> None:
    assert changes([A, B], b_png="AAA") == {"moved": ["1 b.png"], "missing": ["2"]}


def test_a_name_that_moved_on_and_was_given_to_a_new_photo() -> None:
    assert changes([A], a_png="CCC", old_png="AAA") == {"moved": ["1 old.png"], "added": ["a.png"]}


def test_a_missing_photo_returns_or_turns_up_elsewhere() -> None:
    lost = known(1, "a.png", "AAA", missing=True)
    assert changes([lost], a_png="AAA") == {"returned": ["1 a.png"]}
    assert changes([lost], c_png="AAA") == {"moved": ["1 c.png"]}
    assert changes([lost]) == {}


def test_of_equal_photos_the_one_with_the_same_name_moved() -> None:
    twins = [A, known(2, "b.png", "AAA")]
    assert changes(twins, sub__b_png="AAA") == {"moved": ["2 sub/b.png"], "missing": ["1"]}


def test_an_unreadable_file_has_not_moved_anywhere() -> None:
    """Its content is unknown, and so equal to no other's."""
    lost = known(1, "a.png", "", missing=True)
    assert changes([lost], c_png="") == {"added": ["c.png"]}


@pytest.mark.parametrize("content", ["XXX", ""])
@pytest.mark.parametrize("missing", [False, True])
def test_a_damaged_photo_moves_to_what_it_was_before(content: str, missing: bool) -> None:
    damaged = known(1, "a.png", content, missing=missing, former="AAA")
    assert changes([damaged], c_png="AAA") == {"moved": ["1 c.png"]}
    assert changes([damaged, B], b_png="BBB", c_png="AAA") == {
        "unchanged": ["2 b.png"],
        "moved": ["1 c.png"],
    }


def test_content_as_it_is_goes_before_what_it_was() -> None:
    replaced = known(1, "a.png", "XXX", former="AAA")
    assert changes([replaced], a_png="XXX", c_png="AAA") == {
        "unchanged": ["1 a.png"],
        "added": ["c.png"],
    }
    twin = known(2, "b.png", "AAA", missing=True)
    assert changes([known(1, "a.png", "", missing=True, former="AAA"), twin], c_png="AAA") == {
        "moved": ["2 c.png"]
    }


def test_what_a_photo_was_before_is_back_at_its_path() -> None:
    damaged = known(1, "a.png", "XXX", former="AAA")
    assert changes([damaged], a_png="AAA") == {"changed": ["1 a.png"]}
    lost = known(2, "sub/a.png", "YYY", missing=True, former="AAA")
    assert changes([damaged, lost], a_png="AAA") == {"changed": ["1 a.png"]}
    assert changes([damaged], a_png="AAA", b_png="AAA") == {
        "changed": ["1 a.png"],
        "added": ["b.png"],
    }
    assert changes([lost], sub__a_png="AAA") == {"returned": ["2 sub/a.png"]}


def test_size_and_time_save_reading() -> None:
    there = FoundPhoto("a.png", 10, 1)
    assert unread([A], [there]) == []
    others = [FoundPhoto("a.png", 11, 1), FoundPhoto("a.png", 10, 2), FoundPhoto("b.png", 10, 1)]
    assert unread([A], others) == others
    assert photo_changes([A], [there], {}).unchanged == [(A, there)]


def test_only_additions_means_that_nothing_else_happened() -> None:
    there, new = FoundPhoto("a.png", 10, 1), FoundPhoto("c.png", 10, 1)
    assert only_additions([A], [there, new])
    assert not only_additions([A, B], [there, new])
    assert not only_additions([known(1, "a.png", "AAA", missing=True)], [there])


def test_objects_go_with_the_photo_they_were_drawn_on_not_with_its_replacement() -> None:
    """Edited in its place and seen so; then that got another name, and the old photo came back."""
    edited = known(1, "a.png", "EDITED", former="AAA")
    assert changes([edited], a_png="AAA", edited_png="EDITED") == {
        "changed": ["1 a.png"],
        "added": ["edited.png"],
    }
    assert changes([edited], old_png="AAA", edited_png="EDITED") == {
        "moved": ["1 old.png"],
        "added": ["edited.png"],
    }
    assert changes([edited], old_png="AAA", a_png="EDITED") == {
        "unchanged": ["1 a.png"],
        "added": ["old.png"],
    }


def test_a_photo_is_not_taken_from_the_one_that_is_it() -> None:
    edited, copy = known(1, "a.png", "EDITED", former="AAA"), known(2, "copy.png", "AAA")
    assert changes([edited, copy], new_png="AAA", edited_png="EDITED") == {
        "moved": ["2 new.png", "1 edited.png"]
    }


def test_equal_photos_move_by_name_then_in_order() -> None:
    equal = [known(n, f"{n}.png", "AAA") for n in range(1, 5)]
    there = {"x/3.png": "AAA", "x/a.png": "AAA", "x/b.png": "AAA"}
    found = [FoundPhoto(path, 10, 2) for path in there]
    moved = photo_changes(equal, found, there).moved
    # "Newer before older": the fourth is the first that has no name of its own here.
    assert [(photo.image_id, at.path) for photo, at in moved] == [
        (3, "x/3.png"),
        (4, "x/a.png"),
        (2, "x/b.png"),
    ]


def test_thousands_of_equal_photos_are_not_compared_with_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_at: list[str] = []

    def path_of(text: str) -> PurePosixPath:
        looked_at.append(text)
        return PurePosixPath(text)

    monkeypatch.setattr("extremecut.projects.photo_changes.PurePosixPath", path_of)
    black = [known(n, f"film/{n:04}.png", "BLACK") for n in range(300)]
    found = [FoundPhoto(f"moved/{n:04}.png", 10, 2) for n in range(300)]
    result = photo_changes(black, found, {photo.path: "BLACK" for photo in found})
    assert len(result.moved) == 300
    assert all(photo.path[5:] == at.path[6:] for photo, at in result.moved[::50])
    assert len(looked_at) < 2000
