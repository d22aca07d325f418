"""Masks and states as bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extremecut.errors import StoreError
from extremecut.projects.encoding import (
    STATE_COLUMNS,
    bytes_to_runs,
    bytes_to_state,
    judgement_to_text,
    points_to_text,
    runs_to_bytes,
    state_to_bytes,
    text_to_judgement,
    text_to_points,
)

ROW = {**dict.fromkeys(STATE_COLUMNS), "class_id": 3, "author": "Ann", "points": "[]"}


@given(st.lists(st.integers(0, 2**32 - 1)))
def test_runs_come_back_as_they_were(runs: list[int]) -> None:
    assert bytes_to_runs(runs_to_bytes(runs)) == tuple(runs)


@pytest.mark.parametrize(("longest", "kind"), [(0xFFFF, b"2"), (0x10000, b"4")])
def test_long_runs_take_four_bytes(longest: int, kind: bytes) -> None:
    assert runs_to_bytes([longest])[:1] == kind


@pytest.mark.parametrize("data", [b"", b"2", b"3abc", b"2nothing compressed"])
def test_damaged_runs_are_said(data: bytes) -> None:
    with pytest.raises(StoreError, match="a mask in the database is damaged"):
        bytes_to_runs(data)


def test_points_come_back_as_they_were() -> None:
    points = ((-3.5, 1e-9), (2, 0.1))
    assert text_to_points(points_to_text(points)) == points


def test_a_state_is_the_row_without_its_id() -> None:
    state = bytes_to_state(state_to_bytes({**ROW, "id": 9, "version": 4, "runs": b"2xyz"}))
    assert state == {**ROW, "runs": b"2xyz"}


def test_a_state_of_an_older_version_lacks_what_was_not_there() -> None:
    head = b'{"class_id":3}'
    state = bytes_to_state(len(head).to_bytes(4, "little") + head + b"2x")
    assert (state["class_id"], state["identity"], state["runs"]) == (3, None, b"2x")


@pytest.mark.parametrize("head", [b"not json", b'{"xlass_id":3}', b"[1]"])
def test_a_damaged_state_is_said(head: bytes) -> None:
    with pytest.raises(StoreError, match="a step of the history in the database is damaged"):
        bytes_to_state(len(head).to_bytes(4, "little") + head)


@pytest.mark.parametrize("text", ["[[1,2", "7", "[[1,2,3]]", "[4]"])
def test_damaged_points_are_said(text: str) -> None:
    with pytest.raises(StoreError, match="points in the database are damaged"):
        text_to_points(text)


def test_a_judgement_comes_back_as_it_was() -> None:
    judgement = {"status": "done", "reviewed_by": None, "former_content": "ab"}
    assert text_to_judgement(judgement_to_text(judgement)) == judgement


@pytest.mark.parametrize("text", ["{", "7", '{"status":"done"}', '{"status":"","reviewed_bx":""}'])
def test_a_damaged_judgement_is_said(text: str) -> None:
    with pytest.raises(StoreError, match="a step of the history in the database is damaged"):
        text_to_judgement(text)
