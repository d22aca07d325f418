from __future__ import annotations

import pytest
from scripted_annotator.costs import Costs, Tally, vertex_price


def test_the_papers_four_clicks_take_7_2_seconds() -> None:
    tally = Tally(Costs())
    tally.add("extreme", 4)
    assert tally.seconds == pytest.approx(7.2)


def test_everything_unnamed_is_a_key() -> None:
    tally = Tally(Costs())
    for kind in ("brush", "brush-size", "stroke", "boundary", "undo", "accept"):
        tally.add(kind)
    assert tally.actions == 6
    assert tally.seconds == pytest.approx(3 + 5 * 0.5)


def test_a_full_polygon_takes_79_seconds_on_average() -> None:
    price = vertex_price(25.0, 1.2, 0.5)
    assert 25 * price + 1.2 * 0.5 == pytest.approx(79)
