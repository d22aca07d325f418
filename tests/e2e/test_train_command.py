"""`extremecut train` as a shell sees it: exit codes, files, interruption, resuming."""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from extremecut.cli import train
from extremecut.errors import ConfigError
from extremecut.networks.checkpoints import load_checkpoint

COMMAND = [sys.executable, "-m", "extremecut", "train"]
ONE_THREAD = os.environ | {"OMP_NUM_THREADS": "1"}
TINY = ["--recipe", "tiny-test", "--device", "cpu"]


def arguments(*texts: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    train.configure(parser)
    return parser.parse_args(texts)


def call(*texts: str) -> int:
    return train.run(arguments(*texts))


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    torch.set_num_threads(1)
    return tmp_path


def test_a_tiny_run_then_fine_tuning_from_its_weights(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(*TINY, "--steps", "2", "--json") == 0
    about = json.loads(capsys.readouterr().out)
    assert about["finished"] and about["step"] == 2 and about["run"] == "runs/tiny-test"
    weights = here / "runs" / "tiny-test" / "best.safetensors"
    assert load_checkpoint(weights).card["recipe"] == "tiny-test"

    assert call(
        "--recipe", "finetune", "--init", str(weights), "--data", "synthetic:?count=8*0.5",
        "--data", "synthetic:?count=4&seed=3&name=more", "--val", "synthetic:?count=2&seed=9",
        "--steps", "1", "--batch", "2", "--workers", "0", "--precision", "32-true",
        "--teacher", str(weights), "--device", "cpu", "--out", "runs/fine",
    ) == 0  # fmt: skip
    assert "runs/fine/best.safetensors" in capsys.readouterr().out
    tuned = load_checkpoint(here / "runs" / "fine" / "best.safetensors")
    assert tuned.spec.size_px == 64
    assert tuned.card["started_from"]["card"]["recipe"] == "tiny-test"
    assert tuned.card["taught_by"]["file"] == "best.safetensors"
    assert tuned.card["taught_by"]["card"]["recipe"] == "tiny-test"
    assert [item["weight"] for item in tuned.card["trained_on"]] == [0.5, 1.0]
    header = (here / "runs" / "fine" / "log.csv").read_text().splitlines()
    assert dict(zip(header[0].split(","), header[1].split(","), strict=True))["distillation"]


def test_ctrl_c_saves_and_exits_130_and_resume_goes_on(here: Path) -> None:
    command = [*COMMAND, *TINY, "--steps", "4000", "--validate-every", "5000"]
    # In a session of its own, so that the signal reaches what a terminal's Ctrl-C would reach.
    process = subprocess.Popen(
        [*command, "--workers", "1"],
        env=ONE_THREAD,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    log = here / "runs" / "tiny-test" / "log.csv"
    deadline = time.monotonic() + 120
    while not (log.exists() and len(log.read_text().splitlines()) > 1):
        assert process.poll() is None and time.monotonic() < deadline, process.communicate()
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert "go on with: extremecut train --resume runs/tiny-test" in out
    assert "Traceback" not in err
    stopped = load_file("runs/tiny-test/last/tensors.safetensors")
    assert stopped
    state = json.loads(Path("runs/tiny-test/last/state.json").read_text())
    assert state["counters"]["step"] >= 2
    assert call("--resume", "runs/tiny-test", "--minutes", "0") == 0


def test_settings_cannot_change_when_resuming() -> None:
    with pytest.raises(ConfigError, match=r"remove --batch, --lr \(allowed beside it"):
        call("--resume", "runs/x", "--lr", "0.1", "--batch", "4")


@pytest.mark.parametrize("option", ["--seed", "--steps", "--lr", "--distillation"])
def test_a_setting_of_zero_is_refused_when_resuming_too(option: str) -> None:
    with pytest.raises(ConfigError, match=f"remove {option} "):
        call("--resume", "runs/x", option, "0")


@pytest.mark.parametrize("minutes", ["nan", "inf", "-1"])
def test_minutes_that_are_no_time_are_refused(
    minutes: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        call("--recipe", "tiny-test", "--minutes", minutes)
    assert "must be 0 or more" in capsys.readouterr().err
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["--recipe", "small"], "no training data"),
        (["--recipe", "finetune", "--data", "synthetic:"], "give --init"),
        (["--recipe", "small-finish", "--data", "synthetic:"], "give --init MODEL or --backbone"),
        (["--data", "synthetic:", "--root", "d"], "given twice"),
        (["--data", "synthetic:*0"], "must be > 0"),
        (["--data", "synthetic:", "--distillation", "1"], "belong together"),
        (["--data", "synthetic:", "--lr", "-1"], "must be positive"),
        (["--data", "synthetic:", "--size", "3"], "size_px"),
        (["--data", "synthetic:", "--init", "a", "--backbone-weights", "b"], "exclude"),
    ],
)
def test_contradictions_are_named_before_anything_starts(
    here: Path, texts: list[str], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        call(*texts)
    assert list(here.iterdir()) == []


def test_options_reach_the_configuration() -> None:
    config = train._config(
        arguments(
            "--recipe", "small", "--data", "synthetic:", "--size", "128", "--lr", "0.01",
            "--steps", "7", "--batch", "4", "--seed", "9", "--workers", "2",
            "--accelerator", "cpu", "--precision", "32-true", "--validate-every", "3",
            "--backbone-weights", "w",
        )
    )  # fmt: skip
    assert (config.spec.size_px, config.optimiser.learning_rate) == (128, 0.01)
    assert (config.steps, config.batch_size, config.seed) == (7, 4, 9)
    assert (config.execution.workers, config.execution.precision) == (2, "32-true")
    assert config.intervals.validate_every == 3 and config.backbone_weights == "w"
    assert config.augmentation.long_side_px == pytest.approx((0.45 * 128, 1.5 * 128))


def test_the_weight_of_a_recipes_own_teacher_can_be_changed() -> None:
    separable = ("--recipe", "small-separable", "--data", "synthetic:", "--backbone-weights", "w")
    config = train._config(arguments(*separable, "--distillation", "0.5"))
    assert (config.teacher, config.loss.distillation) == ("small", 0.5)
    config = train._config(arguments(*separable, "--distillation", "0.5", "--teacher", "large"))
    assert (config.teacher, config.loss.distillation) == ("large", 0.5)


def test_a_pack_is_written_and_trained_from(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ["--data", "synthetic:?count=6*0.5", "--val", "synthetic:?count=2&seed=5"]
    assert call(*TINY, *data, "--pack", "packed") == 0
    assert json.loads((here / "packed" / "pack.json").read_text())["train"][0]["weight"] == 0.5
    assert call(*TINY, "--packed", "packed", "--steps", "1", "--json") == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["best_mean_iou"] is not None


@pytest.mark.parametrize("missing", ["torch", "lightning_fabric"])
def test_missing_packages_give_the_line_to_type(missing: str) -> None:
    blocked = "".join(f"sys.modules[{name!r}] = None; " for name in {missing, "lightning"})
    code = f"import sys; {blocked}from extremecut.cli.main import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, "train", *TINY], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 1
    assert "pip install 'extremecut[train]'" in done.stderr


def test_starting_from_onnx_without_it_gives_the_line_to_type() -> None:
    code = (
        "import sys; sys.modules['onnx'] = None; "
        "from extremecut.cli.main import main; sys.exit(main())"
    )
    command = [sys.executable, "-c", code, "train", "--recipe", "finetune", "--init", "small"]
    done = subprocess.run(
        [*command, "--data", "synthetic:"], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr and "pip install 'extremecut[train]'" in done.stderr


def test_every_command_in_the_documentation_parses() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "training.md").read_text()
    blocks = re.findall(r"```sh\n(.*?)```", text, re.S)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    commands = [
        shlex.split(line.partition("extremecut train")[2], comments=True)
        for line in lines
        if "extremecut train " in line
    ]
    assert len(commands) >= 9
    for command in commands:
        arguments(*command)
