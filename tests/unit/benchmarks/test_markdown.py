from __future__ import annotations

from scripted_annotator.costs import Costs
from scripted_annotator.markdown import to_markdown
from scripted_annotator.results import POLYGONS, Drawn, ObjectResult, SetResult


def test_the_page_has_a_row_for_the_tool_and_for_each_way_of_drawing() -> None:
    item = ObjectResult(
        "a", 100, 0.9, 0.9, 5, 7.7, {"extreme": 4, "accept": 1}, {w: Drawn(1, 9) for w in POLYGONS}
    )
    text = to_markdown([SetResult("tiny", 0.85, Costs(vertex_s=3.0), [item])], {"model": "m"})
    assert "| extremecut | 100 % | 5.0 (5) | 7.7 (7.7) |  |  |" in text
    for way in POLYGONS:
        assert f"| {way} | 100 % | 10.0 (10) | 27.5 (27.5) | 2.00 [2.00, 2.00] |" in text
    assert "vertex 3.00 s" in text
