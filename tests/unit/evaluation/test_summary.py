from __future__ import annotations

from collections.abc import Callable

import pytest

from extremecut.evaluation.evaluate import ObjectRow
from extremecut.evaluation.summary import ClassSummary, summaries, summarise, sweep_means

Make = Callable[..., ObjectRow]


def test_a_summary_is_made_of_means_and_shares(make_row: Make) -> None:
    line = summarise(
        [
            make_row(iou=0.9, size="large", error=0.02, boundary_f=1.0, seconds=0.03),
            make_row(iou=0.85, size="large", error=0.04, boundary_f=0.5, seconds=0.01),
            make_row(iou=0.2, size="small", error=0.3, boundary_f=0.0, seconds=0.02, refused=True),
        ]
    )

    assert line.mean_iou == pytest.approx(0.65)
    assert line.interval[0] < 0.65 < line.interval[1]
    assert line.by_size["large"].count == 2
    assert line.by_size["large"].mean_iou == pytest.approx(0.875)
    assert line.by_size["small"] == ClassSummary(1, 0.2)
    assert "medium" not in line.by_size
    assert line.by_fill == {"full": ClassSummary(3, pytest.approx(0.65))}
    assert line.share_85 == pytest.approx(2 / 3)
    assert line.share_90 == pytest.approx(1 / 3)
    assert line.error == pytest.approx(0.12)
    assert line.boundary_f == pytest.approx(0.5)
    assert line.median_seconds == 0.02
    assert line.refused == 1
    assert line.reliability is None


def test_only_rows_with_a_confidence_are_compared(make_row: Make) -> None:
    line = summarise([make_row(confidence=0.7, iou=0.8), make_row(confidence=None, iou=0.1)])

    assert line.reliability is not None
    assert line.reliability.count == 1
    assert line.reliability.mean_difference == pytest.approx(0.1)


def test_rows_of_different_tables_are_not_mixed(make_row: Make) -> None:
    with pytest.raises(ValueError, match="exactly one data set"):
        summarise([make_row(data="a"), make_row(data="b")])
    with pytest.raises(ValueError, match="exactly one data set"):
        summarise([])


def test_a_partial_baseline_is_preceded_by_the_model_on_the_same_objects(make_row: Make) -> None:
    rows = [make_row(index=k, iou=0.9 - 0.1 * k) for k in range(4)]
    rows += [make_row(index=k, iou=0.5, noise_px=5.0) for k in range(4)]
    rows += [make_row(index=k, iou=0.1, method="base") for k in (0, 3)]
    rows += [make_row(index=k, iou=0.2, method="other") for k in (0, 3)]

    lines = summaries(rows)

    found = [(x.method, x.noise_px, x.count, x.count_in_set, round(x.mean_iou, 3)) for x in lines]
    assert found == [
        ("model", 0.0, 4, 4, 0.75),
        ("model", 5.0, 4, 4, 0.5),
        ("model", 0.0, 2, 4, 0.75),
        ("base", 0.0, 2, 4, 0.1),
        ("other", 0.0, 2, 4, 0.2),
    ]


def test_the_model_s_exact_points_are_compared_whatever_was_run_first(make_row: Make) -> None:
    rows = [make_row(index=k, iou=0.5, noise_px=5.0) for k in range(4)]
    rows += [make_row(index=k, iou=0.9) for k in range(4)]
    rows += [make_row(index=k, iou=0.1, method="base") for k in (0, 3)]

    lines = summaries(rows)

    assert [(x.method, x.noise_px, x.count) for x in lines] == [
        ("model", 5.0, 4),
        ("model", 0.0, 4),
        ("model", 0.0, 2),
        ("base", 0.0, 2),
    ]


def test_sweeps_are_averaged_by_data_set(make_row: Make) -> None:
    rows = [
        make_row(sweep=(0.2, 0.4)),
        make_row(sweep=(0.4, 0.8)),
        make_row(data="b", sweep=(1.0, 0.0)),
        make_row(data="c"),
    ]

    means = sweep_means(rows)

    assert list(means) == ["set", "b"]
    assert means["set"] == pytest.approx((0.3, 0.6))
