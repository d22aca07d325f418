from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
import torch

from extremecut.errors import ModelError
from extremecut.training import snapshots
from extremecut.training.snapshots import Snapshot, load_snapshot, save_snapshot


def snapshot(step: int) -> Snapshot:
    return Snapshot({"weight": torch.full((2, 3), float(step))}, {"step": step})


def test_what_was_saved_is_read_back(tmp_path: Path) -> None:
    save_snapshot(tmp_path / "run", snapshot(5))
    back = load_snapshot(tmp_path / "run")
    assert torch.equal(back.tensors["weight"], torch.full((2, 3), 5.0))
    assert back.state["step"] == 5


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no umask")
def test_who_may_read_it_is_decided_by_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        save_snapshot(tmp_path, snapshot(1))
    finally:
        os.umask(before)
    for file in ("state.json", "tensors.safetensors"):
        assert (tmp_path / "last" / file).stat().st_mode & 0o777 == 0o640


def test_the_one_before_is_kept_and_no_older_one(tmp_path: Path) -> None:
    for step in (1, 2, 3):
        save_snapshot(tmp_path, snapshot(step))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["last", "previous"]
    assert json.loads((tmp_path / "previous" / "state.json").read_text())["step"] == 2
    assert load_snapshot(tmp_path).state["step"] == 3


def test_a_stop_between_the_renamings_loses_nothing(tmp_path: Path) -> None:
    save_snapshot(tmp_path, snapshot(1))
    (tmp_path / "last").rename(tmp_path / "previous")
    assert load_snapshot(tmp_path).state["step"] == 1
    save_snapshot(tmp_path, snapshot(2))
    assert load_snapshot(tmp_path).state["step"] == 2


@pytest.mark.parametrize("file", ["tensors.safetensors", "state.json"])
def test_a_cut_checkpoint_is_an_error_that_names_the_one_before(tmp_path: Path, file: str) -> None:
    for step in (1, 2):
        save_snapshot(tmp_path, snapshot(step))
    path = tmp_path / "last" / file
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(ModelError, match=r"damaged.*previous"):
        load_snapshot(tmp_path)
    assert json.loads((tmp_path / "previous" / "state.json").read_text())["step"] == 1


def test_a_failing_write_leaves_the_last_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_snapshot(tmp_path, snapshot(1))

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshots, "save_file", full)
    with pytest.raises(OSError, match="No space"):
        save_snapshot(tmp_path, snapshot(2))
    assert load_snapshot(tmp_path).state["step"] == 1
    assert [path.name for path in tmp_path.iterdir()] == ["last"]


def test_a_folder_without_a_run_and_a_later_format_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no checkpoint to resume from"):
        load_snapshot(tmp_path)
    save_snapshot(tmp_path, snapshot(1))
    path = tmp_path / "last" / "state.json"
    path.write_text(path.read_text().replace('"format": 1', '"format": 9'))
    with pytest.raises(ModelError, match="format 9"):
        load_snapshot(tmp_path)
