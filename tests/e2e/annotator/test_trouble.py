"""Two people at once, a server that dies: nothing accepted is lost."""

from __future__ import annotations

import signal
from collections.abc import Callable

import pytest
from annotating import CUP, Annotating, Server


def test_two_people_on_one_object_choose_whose_stays(
    new_page: Callable[..., Annotating],
) -> None:
    ada = new_page()
    ada.open_photo("cup-0.jpg")
    ada.place_object(CUP.points)
    ada.accept()
    before = ada.masks()[0].sum()
    bob = new_page()
    bob.open_photo("cup-0.jpg")
    bob.wait_until(lambda: bob.page.locator(".object-row").count() == 1)
    ada.press(".", "s")
    ada.wait_until(lambda: bool(ada.masks()[0].sum() < before))
    theirs = ada.masks()[0].sum()
    bob.press(".", "g")
    clash = bob.page.get_by_role("alert")
    bob.wait_until(lambda: "at the same time" in clash.inner_text())
    assert ada.masks()[0].sum() == theirs  # nothing overwritten so far
    assert bob.page.locator(".toast").count() == 0  # said once
    clash.get_by_role("button", name="Keep yours").click()
    bob.wait_until(lambda: bool(bob.masks()[0].sum() > before))
    bob.problems.clear()  # the refused version


def test_two_people_on_one_photo_keep_both_objects(new_page: Callable[..., Annotating]) -> None:
    ada, bob = new_page(), new_page()
    for person in (ada, bob):
        person.open_photo("cup-1.jpg")
    ada.place_object(CUP.points)
    bob.place_object([(x - 20, y) for x, y in CUP.points])
    ada.press("Enter")
    bob.press("Enter")
    ada.wait_until(lambda: len(ada.image["objects"]) == 2)
    for person in (ada, bob):
        person.problems.clear()  # one of the two came second


def test_who_comes_back_to_the_page_sees_what_was_done(new_page: Callable[..., Annotating]) -> None:
    ada, bob = new_page(), new_page()
    for person in (ada, bob):
        person.open_photo("cup-2.jpg")
    ada.place_object(CUP.points)
    ada.accept()
    rows = bob.page.locator(".object-row")
    assert rows.count() == 0
    bob.page.evaluate("dispatchEvent(new Event('focus'))")
    bob.wait_until(lambda: rows.count() == 1)


@pytest.mark.parametrize("kills", [2])
def test_a_killed_server_loses_nothing_that_was_accepted(
    annotating: Annotating, server: Server, kills: int
) -> None:
    annotating.open_photo("cup-3.jpg")
    saving, guide = annotating.page.locator(".save-state"), annotating.page.locator(".guide")
    for kill in range(kills):
        annotating.place_object([(x - 10 * kill, y) for x, y in CUP.points])
        annotating.accept()
        annotating.place_object([(x - 10 * kill - 5, y) for x, y in CUP.points])
        server.stop(signal.SIGKILL)
        annotating.press("Enter")
        annotating.wait_until(lambda: saving.inner_text() == "Not saved yet")
        annotating.wait_until(lambda: "The server does not answer" in guide.inner_text())
        server.start()
        annotating.wait_until(lambda: saving.inner_text() == "Saved")
        assert guide.inner_text().startswith("Click the left-most")
        assert len(annotating.image["objects"]) == 2 * (kill + 1)
    annotating.problems.clear()  # refused connections
    annotating.page.reload()
    annotating.wait_until(lambda: annotating.page.locator(".object-row").count() == 2 * kills)


def test_a_conflict_on_a_photo_left_behind_names_it_and_shows_it(
    new_page: Callable[..., Annotating],
) -> None:
    ada = new_page()
    ada.open_photo("cup-4.jpg")
    ada.place_object(CUP.points)
    ada.accept()
    before = ada.masks()[0].sum()
    bob = new_page()
    bob.open_photo("cup-4.jpg")
    bob.wait_until(lambda: bob.page.locator(".object-row").count() == 1)
    ada.press(".", "s")
    ada.wait_until(lambda: bool(ada.masks()[0].sum() < before))
    bob.press(".", "g", "n")
    clash = bob.page.get_by_role("alert")
    bob.wait_until(lambda: "on cup-4.jpg at the same time" in clash.inner_text())
    clash.get_by_role("button", name="Show").click()
    bob.wait_until(lambda: bob.page.locator(".object-row.chosen").count() == 1)
    assert bob.page.locator(".image-name").inner_text() == "cup-4.jpg"
    assert "cup-4.jpg" not in clash.inner_text()
    clash.get_by_role("button", name="Keep theirs").click()
    bob.problems.clear()  # the refused version
