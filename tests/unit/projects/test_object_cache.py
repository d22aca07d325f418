"""Decoded objects that are kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from extremecut.annotations.packed_mask import PackedMask
from extremecut.projects.object_cache import OBJECT_BYTES, POINT_BYTES, ObjectCache
from extremecut.projects.project import Project
from extremecut.projects.records import ImageRecord, ObjectRecord

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def an_object(object_id: int, size: int) -> ObjectRecord:
    """One that takes so many bytes."""
    points = ((0.5, 1.5),)
    mask = PackedMask((0, 0, 9, 9), "1" * (size - OBJECT_BYTES - POINT_BYTES))
    return ObjectRecord(object_id, mask, points, 1, None, True, False, "Ann", 0.0, 0, NOW, NOW, 1)


def test_the_image_not_used_longest_makes_room() -> None:
    cache = ObjectCache(most_bytes=2000)
    cache.keep(1, [an_object(1, 1000)])
    cache.keep(2, [an_object(2, 1000)])
    assert cache.of_image(1) == {1: an_object(1, 1000)}
    cache.keep(3, [an_object(3, 1000)])
    assert (set(cache.of_image(1)), set(cache.of_image(2)), set(cache.of_image(3))) == (
        {1},
        set(),
        {3},
    )


def test_one_large_image_is_kept_up_to_four_times_the_limit() -> None:
    cache = ObjectCache(most_bytes=1000)
    cache.keep(1, [an_object(1, 4000)])
    assert set(cache.of_image(1)) == {1}
    cache.keep(1, [an_object(1, 4001)])
    assert cache.of_image(1) == {}


def test_another_programs_change_is_seen(
    open_project: Callable[[], Project], project: Project, draw: Callable[..., ImageRecord]
) -> None:
    """The object is in this project's cache; its version tells that it is outdated."""
    other = open_project()
    drawn = draw(project)
    undone = other.undo(1, version=drawn.version, author="Bob")
    again = other.redo(1, version=undone.version, author="Bob")
    assert project.image(1).objects == again.objects != drawn.objects


def test_a_refused_change_leaves_nothing_in_the_cache(
    project: Project, draw: Callable[..., ImageRecord]
) -> None:
    from extremecut.projects import reading

    drawn = draw(project)
    read, failing = reading.read_image, RuntimeError("stopped before the end")

    def stop(*arguments: object) -> ImageRecord:
        read(*arguments)
        raise failing

    reading.read_image = stop
    try:
        draw(project)
    except RuntimeError as error:
        assert error is failing
    finally:
        reading.read_image = read
    assert project.image(1) == drawn
