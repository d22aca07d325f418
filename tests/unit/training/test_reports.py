from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from extremecut.datasets.synthetic import SyntheticObjects
from extremecut.errors import ExtremecutError
from extremecut.networks.checkpoints import load_checkpoint
from extremecut.networks.dextr_net import DextrNet
from extremecut.training import reports
from extremecut.training.config import Intervals, TrainConfig
from extremecut.training.devices import ExecutionConfig, make_fabric
from extremecut.training.interruption import StopRequest
from extremecut.training.learner import Learner
from extremecut.training.logs import RunLog
from extremecut.training.reports import Reporter
from extremecut.training.snapshots import load_snapshot
from extremecut.training.sources import TrainingSet
from extremecut.training.validation import Validation

MakeReporter = Callable[..., tuple[Reporter, Learner]]


@pytest.fixture
def make_reporter(
    tiny_config: Callable[..., TrainConfig], tmp_path: Path, request: pytest.FixtureRequest
) -> MakeReporter:
    """A reporter on a learner of ten steps that never really learns."""

    def make(**intervals: Any) -> tuple[Reporter, Learner]:
        config = tiny_config(steps=10)
        config = replace(config, intervals=replace(Intervals(pictures=0), **intervals))
        fabric = make_fabric(ExecutionConfig(accelerator="cpu", precision="32-true"))
        learner = Learner(DextrNet(config.network), config, 10, fabric)
        log = RunLog(tmp_path, after_step=0)
        request.addfinalizer(lambda: log.__exit__(None, None, None))
        sets = [TrainingSet(SyntheticObjects(2), 1.0, "free")]
        reporter = Reporter(
            tmp_path,
            learner,
            sets,
            [SyntheticObjects(2)],
            log,
            StopRequest(max_minutes=60),
            origin={"terms": "inherited"},
            progress=False,
        )
        request.addfinalizer(reporter.close)
        return reporter, learner

    return make


def steps_saved(reporter: Reporter, learner: Learner, run: Path) -> list[int]:
    """Go through all steps; which of them left a checkpoint."""
    found = set()
    reporter.begin()
    for step in range(1, 11):
        learner.state.counters.step = step
        learner.state.counters.row_steps += 1
        reporter.after_step()
        found.add(load_snapshot(run).state["counters"]["step"])
    return sorted(found)


def fixed_scores(monkeypatch: pytest.MonkeyPatch, scores: list[float]) -> None:
    values = iter(scores)

    def validate(*arguments: object, **options: object) -> Validation:
        return Validation({"synthetic": (2, next(values))}, [])

    monkeypatch.setattr(reports, "validate", validate)


def test_checkpoints_come_by_steps_and_after_validations(
    make_reporter: MakeReporter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixed_scores(monkeypatch, [0.5, 0.6])
    reporter, learner = make_reporter(checkpoint_every=4, validate_every=7)
    assert steps_saved(reporter, learner, tmp_path) == [0, 4, 7, 8, 10]


def test_a_checkpoint_comes_after_ten_minutes_anyway(
    make_reporter: MakeReporter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixed_scores(monkeypatch, [0.5])
    reporter, learner = make_reporter()
    clock = time.monotonic()
    moments = iter(range(10_000))
    monkeypatch.setattr(time, "monotonic", lambda: clock + 100.0 * next(moments))
    saved = steps_saved(reporter, learner, tmp_path)
    assert len(saved) > 2 and saved[-1] == 10


def test_the_best_weights_are_those_of_the_best_validation(
    make_reporter: MakeReporter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixed_scores(monkeypatch, [0.5, 0.7, 0.6, 0.7, 0.1])
    reporter, learner = make_reporter(validate_every=2)
    steps_saved(reporter, learner, tmp_path)
    reporter.end()
    card = load_checkpoint(tmp_path / "best.safetensors").card
    assert card["step"] == 4 and card["validation_mean_iou"]["mean"] == 0.7
    assert card["trained_on"] == [
        {"name": "synthetic", "objects": 2, "weight": 1.0, "terms": "free"}
    ]
    assert card["started_from"] == {"file": None, "card": {"terms": "inherited"}}
    assert learner.state.counters.best_step == 4
    assert load_checkpoint(tmp_path / "final.safetensors").card["step"] == 10


def test_a_lost_loss_is_never_saved(make_reporter: MakeReporter, tmp_path: Path) -> None:
    reporter, learner = make_reporter()
    reporter.begin()
    learner.state.sums.fill_(torch.nan)
    learner.state.counters.step = 5
    with pytest.raises(Exception, match="not finite"):
        reporter.end()
    assert load_snapshot(tmp_path).state["counters"]["step"] == 0


def test_a_lost_loss_is_said_before_its_network_is_asked(make_reporter: MakeReporter) -> None:
    reporter, learner = make_reporter(validate_every=1)
    learner.state.sums.fill_(torch.nan)
    for tensor in learner.state.average.tensors.values():
        tensor.fill_(torch.nan if tensor.is_floating_point() else 0)
    learner.state.counters.step = 1
    with pytest.raises(ExtremecutError, match="not finite at step 1"):
        reporter.after_step()


def test_time_that_is_over_cuts_a_validation_short_but_not_the_first_of_a_sitting(
    make_reporter: MakeReporter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def validate(*arguments: object, should_stop: Callable[[], bool], **options: object) -> None:
        asked.append(should_stop())
        assert load_snapshot(tmp_path).state["counters"]["step"] == 1  # saved before

    monkeypatch.setattr(reports, "validate", validate)
    reporter, learner = make_reporter(validate_every=1)
    reporter.begin()
    learner.state.counters.step = 1
    monkeypatch.setattr(time, "monotonic", lambda: 1e12)
    reporter.after_step()
    reporter.begin()
    assert asked == [True, False]
