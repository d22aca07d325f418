from __future__ import annotations

import csv
import json
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from extremecut.errors import ConfigError, DataError, ExtremecutError, ModelError
from extremecut.networks.checkpoints import load_checkpoint
from extremecut.training import loop, reports
from extremecut.training.batches import StepNumbers
from extremecut.training.config import TrainConfig
from extremecut.training.learner import Learner
from extremecut.training.loop import resume, train
from extremecut.training.sources import DataConfig, SetChoice
from extremecut.training.stream import Example, ExampleStream

MakeConfig = Callable[..., TrainConfig]


TWO_PROCESSES = """
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
import torch
from extremecut.errors import ExtremecutError
from extremecut.training import learner
from extremecut.training.learner import Learner
from extremecut.training.loop import resume, train
from extremecut.training.recipes import tiny_test
from extremecut.training.stream import ExampleStream

torch.set_num_threads(1)
rank, folder = os.environ["RANK"], Path(sys.argv[1])
config = replace(tiny_test().with_size(32), corrections=0.5, steps=4)
config = replace(config, intervals=replace(config.intervals, log_every=4, validate_every=4))
answers = []
add_corrections = learner.add_corrections

def noting(inputs, logits, *others):
    answers.append(float(logits.double().sum()))
    add_corrections(inputs, logits, *others)

learner.add_corrections = noting
train(config, folder / "whole")
of_whole, answers[:] = list(answers), []
learn, read = Learner.learn, ExampleStream.__getitem__

def stopped(self, *batch):
    learn(self, *batch)
    if self.state.counters.step == 1 and rank == "1":
        os.kill(os.getpid(), signal.SIGTERM)

def damaged(self, number):
    if number == 11:  # the second process's, of the third step
        raise ExtremecutError("image 11 is damaged")
    return read(self, number)

Learner.learn = stopped
assert train(config, folder / "parts").step == 1
Learner.learn, ExampleStream.__getitem__ = learn, damaged
try:
    resume(folder / "parts")
except ExtremecutError as error:
    assert str(error).startswith("image 11" if rank == "1" else "another process"), error
else:
    raise AssertionError
ExampleStream.__getitem__ = read
assert resume(folder / "parts").finished
assert len(answers) == 6 and answers == of_whole, (answers, of_whole)
"""


def interrupt_after(monkeypatch: pytest.MonkeyPatch, step: int, number: signal.Signals) -> None:
    """Send this process a signal when the step with this number is done."""
    learn = Learner.learn

    def interrupted(self: Learner, *batch: torch.Tensor) -> None:
        learn(self, *batch)
        if self.state.counters.step == step:
            os.kill(os.getpid(), number)

    monkeypatch.setattr(Learner, "learn", interrupted)


def tensors(run: Path) -> dict[str, torch.Tensor]:
    return load_file(run / "last" / "tensors.safetensors")


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a log without what depends on the clock."""
    with open(path, newline="") as handle:
        return [
            {key: row[key] for key in row if key not in ("examples_per_second", "minutes")}
            for row in csv.DictReader(handle)
        ]


def test_a_run_leaves_weights_logs_pictures_and_a_checkpoint(
    tiny_config: MakeConfig, tmp_path: Path
) -> None:
    result = train(tiny_config(), tmp_path / "run")
    assert result.finished and not result.interrupted and result.step == 6
    assert {path.name for path in (tmp_path / "run").iterdir()} == {
        "best.safetensors", "config.json", "final.safetensors", "last", "log.csv", "pictures",
        "previous", "tensorboard", "validation.csv",
    }  # fmt: skip
    assert [row["step"] for row in rows(tmp_path / "run" / "log.csv")] == list("123456")
    validated = rows(tmp_path / "run" / "validation.csv")
    assert [(row["step"], row["set"]) for row in validated] == [
        ("3", "synthetic"), ("3", "mean"), ("6", "synthetic"), ("6", "mean"),
    ]  # fmt: skip
    best = load_checkpoint(tmp_path / "run" / "best.safetensors")
    assert best.spec == tiny_config().spec
    assert best.card["trained_on"][0]["objects"] == 64
    stored = TrainConfig.from_json((tmp_path / "run" / "config.json").read_text())
    assert stored == tiny_config()


@pytest.mark.parametrize(("kind", "workers"), [("adamw", 0), ("sgd", 1)])
def test_three_and_three_steps_are_six_bit_for_bit(
    tiny_config: MakeConfig,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    workers: int,
) -> None:
    config = tiny_config(corrections=0.5)
    config = replace(config, optimiser=replace(config.optimiser, kind=kind))
    train(config, tmp_path / "whole")
    with monkeypatch.context() as patch:
        interrupt_after(patch, 3, signal.SIGINT)
        config = replace(config, execution=replace(config.execution, workers=workers))
        first = train(config, tmp_path / "parts")
    assert first.interrupted and first.step == 3
    second = resume(tmp_path / "parts", execution={"workers": 1 - workers})
    assert second.finished and not second.interrupted
    whole, parts = tensors(tmp_path / "whole"), tensors(tmp_path / "parts")
    assert whole.keys() == parts.keys()
    assert any(name.startswith("average/") for name in whole)
    assert any(name.startswith("optimiser/") for name in whole)
    for name, tensor in whole.items():
        assert torch.equal(tensor, parts[name]), name
    for log in ("log.csv", "validation.csv"):
        assert rows(tmp_path / "whole" / log) == rows(tmp_path / "parts" / log)
    for file in ("best.safetensors", "final.safetensors"):
        whole, parts = (load_file(tmp_path / run / file) for run in ("whole", "parts"))
        assert all(torch.equal(tensor, parts[name]) for name, tensor in whole.items())


def test_two_processes_stop_fail_and_go_on_together_bit_for_bit(
    tmp_path: Path, two_processes: Callable[..., None]
) -> None:
    two_processes(TWO_PROCESSES, tmp_path)
    whole, parts = tensors(tmp_path / "whole"), tensors(tmp_path / "parts")
    for name, tensor in whole.items():
        assert torch.equal(tensor, parts[name]), name
    for log in ("log.csv", "validation.csv"):
        assert rows(tmp_path / "whole" / log) == rows(tmp_path / "parts" / log)


def test_a_killed_run_goes_on_from_its_last_checkpoint_without_double_rows(
    tiny_config: MakeConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(tiny_config(), tmp_path / "whole")
    learn = Learner.learn

    def killed(self: Learner, *batch: torch.Tensor) -> None:
        if self.state.counters.step == 5:
            raise MemoryError  # after step 5; the last checkpoint is of step 4
        learn(self, *batch)

    with monkeypatch.context() as patch:
        patch.setattr(Learner, "learn", killed)
        with pytest.raises(MemoryError):
            train(tiny_config(), tmp_path / "run")
    assert [row["step"] for row in rows(tmp_path / "run" / "log.csv")] == list("12345")
    assert json.loads((tmp_path / "run/last/state.json").read_text())["counters"]["step"] == 4
    assert resume(tmp_path / "run").finished
    assert rows(tmp_path / "run" / "log.csv") == rows(tmp_path / "whole" / "log.csv")
    whole, run = tensors(tmp_path / "whole"), tensors(tmp_path / "run")
    assert all(torch.equal(tensor, run[name]) for name, tensor in whole.items())


def test_a_validation_that_was_cut_short_comes_first_after_resuming(
    tiny_config: MakeConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(tiny_config(), tmp_path / "whole")
    with monkeypatch.context() as patch:
        # Step 3 is validated; the signal comes before its validation ends.
        interrupt_after(patch, 3, signal.SIGTERM)
        assert train(tiny_config(), tmp_path / "parts").interrupted
    assert rows(tmp_path / "parts" / "validation.csv") == []
    resume(tmp_path / "parts")
    log = "validation.csv"
    assert rows(tmp_path / "parts" / log) == rows(tmp_path / "whole" / log)


def test_a_run_whose_last_validation_was_cut_short_is_not_finished(
    tiny_config: MakeConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        interrupt_after(patch, 6, signal.SIGINT)
        result = train(tiny_config(), tmp_path / "run")
    assert result.interrupted and result.step == result.steps and not result.finished
    assert not (tmp_path / "run" / "final.safetensors").exists()
    assert resume(tmp_path / "run").finished
    assert (tmp_path / "run" / "final.safetensors").exists()


def test_time_can_run_out_at_once_and_the_run_can_be_resumed(
    tiny_config: MakeConfig, tmp_path: Path
) -> None:
    result = train(tiny_config(), tmp_path / "run", max_minutes=0.0)
    assert (result.step, result.finished, result.interrupted) == (0, False, False)
    assert resume(tmp_path / "run").finished
    again = resume(tmp_path / "run")
    assert again.finished and again.step == 6


@pytest.mark.parametrize("workers", [0, 1])
def test_data_that_cannot_be_read_ends_a_run_with_all_it_has_learned(
    tiny_config: MakeConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    train(tiny_config(), tmp_path / "whole")
    read = ExampleStream.__getitem__

    def damaged(self: ExampleStream, number: int) -> Example:
        if number == 21:  # of the sixth step
            raise DataError("the image 21.png cannot be read")
        return read(self, number)

    config = tiny_config()
    config = replace(config, execution=replace(config.execution, workers=workers))
    with monkeypatch.context() as patch:
        patch.setattr(ExampleStream, "__getitem__", damaged)
        with pytest.raises(DataError, match=r"21\.png"):
            train(config, tmp_path / "run")
    assert json.loads((tmp_path / "run/last/state.json").read_text())["counters"]["step"] == 5
    assert resume(tmp_path / "run").finished
    whole, run = tensors(tmp_path / "whole"), tensors(tmp_path / "run")
    assert all(torch.equal(tensor, run[name]) for name, tensor in whole.items())


def test_a_worker_that_is_killed_is_named(
    tiny_config: MakeConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(self: ExampleStream, number: int) -> Example:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    config = tiny_config()
    config = replace(config, execution=replace(config.execution, workers=1))
    monkeypatch.setattr(ExampleStream, "__getitem__", killed)
    with pytest.raises(ExtremecutError, match="fewer --workers"):
        train(config, tmp_path / "run")


def test_another_seed_gives_another_run(tiny_config: MakeConfig, tmp_path: Path) -> None:
    for seed in (1, 2):
        train(tiny_config(seed=seed, steps=1), tmp_path / str(seed))
    first, second = (rows(tmp_path / seed / "log.csv") for seed in ("1", "2"))
    assert first[0]["loss"] != second[0]["loss"]


def test_without_validation_the_last_weights_are_the_best(
    tiny_config: MakeConfig, tmp_path: Path
) -> None:
    data = DataConfig(train=(SetChoice("synthetic:?count=5"),))
    result = train(tiny_config(data=data, steps=None, epochs=2.0), tmp_path / "run")
    assert result.best_iou is None
    assert result.steps == 3  # two passes over five objects by fours
    best, final = (
        load_file(tmp_path / "run" / f"{name}.safetensors") for name in ("best", "final")
    )
    assert all(torch.equal(best[name], tensor) for name, tensor in final.items())


def test_a_folder_that_holds_a_run_is_not_overwritten(
    tiny_config: MakeConfig, tmp_path: Path
) -> None:
    train(tiny_config(steps=1), tmp_path / "run")
    with pytest.raises(ConfigError, match="already holds a run"):
        train(tiny_config(steps=1), tmp_path / "run")


def test_a_run_that_cannot_begin_leaves_no_folder(tiny_config: MakeConfig, tmp_path: Path) -> None:
    data = DataConfig(train=(SetChoice(f"masks:{tmp_path}/none,{tmp_path}/none"),))
    with pytest.raises(DataError, match="there is no folder"):
        train(tiny_config(data=data), tmp_path / "runs" / "mine")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "mine").mkdir()  # somebody's own folder stays
    with pytest.raises(DataError):
        train(tiny_config(data=data), tmp_path / "mine")
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_run_that_could_not_save_once_can_begin_again_in_its_folder(
    tiny_config: MakeConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(reports, "save_snapshot", full)
        with pytest.raises(OSError, match="no space left"):
            train(tiny_config(), tmp_path / "run")
    assert train(tiny_config(), tmp_path / "run").finished


def test_a_batch_that_the_devices_cannot_share_leaves_no_folder(
    tiny_config: MakeConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def of_three(*arguments: object) -> StepNumbers:
        return StepNumbers(*arguments[:4], 3)  # type: ignore[arg-type]

    monkeypatch.setattr(loop, "StepNumbers", of_three)
    with pytest.raises(ConfigError, match="cannot be shared by 3 processes"):
        train(tiny_config(), tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_a_run_is_not_resumed_on_other_data_or_from_a_cut_checkpoint(
    tiny_config: MakeConfig, tmp_path: Path
) -> None:
    train(tiny_config(), tmp_path / "run", max_minutes=0.0)
    state = tmp_path / "run" / "last" / "state.json"
    text = state.read_text()
    state.write_text(text.replace('"synthetic",\n   64', '"synthetic",\n   65'))
    with pytest.raises(DataError, match="training data changed"):
        resume(tmp_path / "run")
    state.write_text(text.replace("tiny-test", "tiny"))
    assert resume(tmp_path / "run", max_minutes=0.0).step == 0
    for name in ("data", "origin", "precision"):
        state.write_text(text.replace(f'"{name}":', '"other":'))
        with pytest.raises(ModelError, match=f"lacks {name}"):
            resume(tmp_path / "run")
    state.write_text(text[:-20])
    with pytest.raises(ModelError, match="damaged"):
        resume(tmp_path / "run")
