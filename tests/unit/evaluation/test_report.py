from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence

import pytest

from extremecut.evaluation.evaluate import ObjectRow, Settings
from extremecut.evaluation.report import DataInfo, Provenance, Report

Make = Callable[..., ObjectRow]


def report(rows: Sequence[ObjectRow], **settings: tuple[float, ...]) -> Report:
    provenance = Provenance(
        command="extremecut evaluate --data 'masks:a,b'",
        version="0.1.0",
        model="small",
        sha256="ab" * 32,
        device="onnxruntime CPUExecutionProvider",
        split="test",
    )
    return Report(provenance, [DataInfo("set", "masks:a,b", 3)], Settings(**settings), rows)


@pytest.fixture
def rows(make_row: Make) -> list[ObjectRow]:
    return [
        make_row(index=0, iou=0.9, confidence=0.8),
        make_row(index=1, iou=0.7, confidence=0.7, name="b, c"),
        make_row(index=2, iou=0.8, confidence=0.9, refused=True),
        make_row(index=0, iou=0.5, method="ellipse"),
    ]


def table_lines(text: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in text.splitlines()
        if line.startswith("|")
    ]


def test_the_markdown_says_what_was_run(rows: list[ObjectRow]) -> None:
    text = report(rows).to_markdown()

    for part in ("small, sha256 abab", "- split: test", "masks:a,b", "--data 'masks:a,b'"):
        assert part in text
    assert "extremecut 0.1.0" in text


def test_the_table_has_a_line_for_each_group(rows: list[ObjectRow]) -> None:
    lines = [line for line in table_lines(report(rows).to_markdown()) if len(line) == 13]

    assert lines[0][:5] == ["data", "points", "method", "objects", "mean IoU"]
    assert [line[2:4] for line in lines[2:]] == [
        ["model", "3 (1 refused)"],
        ["model", "(1 of 3)"],
        ["ellipse", "(1 of 3)"],
    ]
    assert lines[2][4].startswith("80.0 [")
    assert lines[2][8:] == ["33.3", "33.3", "10.0", "70.0", "10.0"]


def test_confidence_and_thresholds_have_their_tables(make_row: Make) -> None:
    rows = [
        make_row(index=0, iou=0.9, confidence=0.9, sweep=(0.5, 0.9)),
        make_row(index=1, iou=0.5, confidence=0.6, sweep=(0.7, 0.5)),
        make_row(data="b", sweep=(0.2, 0.3)),
    ]

    text = report(rows, thresholds=(0.4, 0.5)).to_markdown()

    assert "| set | exact | 2 | 1.00 | 0.050 | +0.050 | 0.60→0.50 (1) 0.90→0.90 (1) |" in text
    assert "| mean IoU at | 0.4 | 0.5 |" in text
    assert "| set | 60.0 | 70.0 |" in text
    assert "| mean of the sets | 40.0 | 50.0 |" in text


def test_confidence_is_compared_on_whole_sets_alone(rows: list[ObjectRow]) -> None:
    text = report(rows).to_markdown().split("## Confidence")[1]

    assert [line[:3] for line in table_lines(text)[2:]] == [["set", "exact", "3"]]


def test_sparse_objects_stand_apart(make_row: Make) -> None:
    rows = [
        make_row(index=0, iou=0.5, fill="sparse"),
        make_row(index=1, iou=0.7, fill="sparse"),
        make_row(index=2, iou=0.9),
        make_row(index=0, iou=0.1, method="ellipse"),
    ]

    lines = table_lines(report(rows).to_markdown())

    assert ["data", "points", "method", "sparse", "half", "full"] in lines
    assert ["set", "exact", "model", "60.0 (2)", "", "90.0 (1)"] in lines
    # Where a method saw only a part of the set, classes are too few to compare.
    assert not any(line[2] == "ellipse" for line in lines if len(line) == 6)


def test_tables_that_would_be_empty_are_left_out(make_row: Make) -> None:
    text = report([make_row()]).to_markdown()

    assert "Confidence" not in text
    assert "Thresholds" not in text


def test_pipes_in_names_do_not_break_the_table(make_row: Make) -> None:
    assert "a\\|b" in report([make_row(data="a|b")]).to_markdown()


def test_the_csv_has_a_line_for_each_object(rows: list[ObjectRow]) -> None:
    lines = list(csv.DictReader(io.StringIO(report(rows).to_csv())))

    assert len(lines) == 4
    assert lines[1]["name"] == "b, c"
    assert [line["iou"] for line in lines] == ["0.9", "0.7", "0.8", "0.5"]
    assert [line["refused"] for line in lines] == ["0", "0", "1", "0"]
    assert lines[3]["confidence"] == ""
    assert "sweep" not in lines[0]


def test_numbers_in_the_csv_have_six_digits(make_row: Make) -> None:
    text = report([make_row(iou=1 / 3, area_px=12345678)]).to_csv()
    [line] = csv.DictReader(io.StringIO(text))

    assert (line["iou"], line["area_px"]) == ("0.333333", "12345678")


def test_any_name_comes_back_from_the_csv(make_row: Make) -> None:
    names = ["a\rb", "a\nb", "a\r\nb", 'a"b', "a,b", ""]
    text = report([make_row(name=name) for name in names]).to_csv()

    assert [line["name"] for line in csv.DictReader(io.StringIO(text, newline=""))] == names


def test_summaries_are_made_once(rows: list[ObjectRow]) -> None:
    found = report(rows)

    assert found.summaries is found.summaries


def test_the_json_can_be_read_back(rows: list[ObjectRow]) -> None:
    content = json.loads(report(rows, noise_px=(0.0,)).to_json())

    assert content["provenance"]["sha256"] == "ab" * 32
    assert content["settings"]["noise_px"] == [0.0]
    assert content["data"] == [{"name": "set", "description": "masks:a,b", "objects": 3}]
    first = content["summaries"][0]
    assert (first["count"], first["mean_iou"]) == (3, pytest.approx(0.8))
    assert first["reliability"]["spearman"] == pytest.approx(0.5)
    assert content["sweep"] == {}
