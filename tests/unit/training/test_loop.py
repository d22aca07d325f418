from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from extremecut.errors import ConfigError, DataError, ExtremecutError
from extremecut.networks.checkpoints import load_checkpoint
from extremecut.training import loop, reports
from extremecut.training.batches import StepNumbers
from extremecut.training.config import TrainConfig
from extremecut.training.loop import train
from extremecut.training.sources import DataConfig, SetChoice
from extremecut.training.stream import Example, ExampleStream

MakeConfig = Callable[..., TrainConfig]
ReadRows = Callable[[Path], list[dict[str, str]]]


def test_a_run_leaves_weights_logs_pictures_and_a_checkpoint(
    tiny_config: MakeConfig, tmp_path: Path, rows: ReadRows
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


def test_another_seed_gives_another_run(
    tiny_config: MakeConfig, tmp_path: Path, rows: ReadRows
) -> None:
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
