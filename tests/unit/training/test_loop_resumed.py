"""Runs that stop on their way and go on as if they had not."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from extremecut.errors import DataError, ModelError
from extremecut.training.config import TrainConfig
from extremecut.training.learner import Learner
from extremecut.training.loop import resume, train
from extremecut.training.stream import Example, ExampleStream

MakeConfig = Callable[..., TrainConfig]
ReadRows = Callable[[Path], list[dict[str, str]]]


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


@pytest.mark.parametrize(("kind", "workers"), [("adamw", 0), ("sgd", 1)])
def test_three_and_three_steps_are_six_bit_for_bit(
    tiny_config: MakeConfig,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    workers: int,
    rows: ReadRows,
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
    tmp_path: Path, two_processes: Callable[..., None], rows: ReadRows
) -> None:
    two_processes(TWO_PROCESSES, tmp_path)
    whole, parts = tensors(tmp_path / "whole"), tensors(tmp_path / "parts")
    for name, tensor in whole.items():
        assert torch.equal(tensor, parts[name]), name
    for log in ("log.csv", "validation.csv"):
        assert rows(tmp_path / "whole" / log) == rows(tmp_path / "parts" / log)


def test_a_killed_run_goes_on_from_its_last_checkpoint_without_double_rows(
    tiny_config: MakeConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: ReadRows
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
    tiny_config: MakeConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: ReadRows
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
