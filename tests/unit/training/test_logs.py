from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from extremecut.training.logs import CsvLog, RunLog

FIELDS = ("step", "loss")


def test_a_resumed_log_drops_later_rows_and_a_cut_one(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    log = CsvLog(path, FIELDS, after_step=0)
    for step in (10, 20, 30):
        log.write({"step": step, "loss": step / 10})
    log.close()
    with open(path, "a") as handle:
        handle.write("4")  # stopped while writing
    log = CsvLog(path, FIELDS, after_step=20)
    log.write({"step": 30, "loss": 9})
    log.close()
    assert path.read_text() == "step,loss\n10,1.0\n20,2.0\n30,9\n"


@pytest.mark.parametrize("end", [b"\xff\xfe,\x00\n", b"\x00" * 5000, b"9" * 200_000])
def test_what_a_loss_of_power_left_at_the_end_is_dropped(tmp_path: Path, end: bytes) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(b"step,loss\n10,1.0\n" + end)
    CsvLog(path, FIELDS, after_step=20).close()
    assert path.read_text() == "step,loss\n10,1.0\n"


def test_a_fresh_log_forgets_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("step,loss\n5,1\n")
    CsvLog(path, FIELDS, after_step=0).close()
    assert path.read_text() == "step,loss\n"


def test_a_run_writes_rows_scores_and_tensorboard(tmp_path: Path) -> None:
    with RunLog(tmp_path, after_step=0) as log:
        log.steps(100, {"loss": 0.123456789, "plain": 0.5})
        log.validation(100, {"coco": (130, 0.8), "mean": (130, 0.8)})
        log.picture(100, np.zeros((4, 4, 3), np.uint8))
    rows = (tmp_path / "log.csv").read_text().splitlines()
    assert rows[0].startswith("step,loss,balanced,plain")
    assert rows[1].startswith("100,0.123457,,0.5,")
    assert (tmp_path / "validation.csv").read_text().splitlines()[1:] == [
        "100,coco,130,0.800000",
        "100,mean,130,0.800000",
    ]
    assert list((tmp_path / "tensorboard").iterdir())
