"""A network of a few thousand weights, runs of a few steps, and an object to augment."""

from __future__ import annotations

import csv
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from extremecut.datasets.sample import ObjectSample
from extremecut.inputs import InputSpec
from extremecut.networks import dextr_net
from extremecut.networks.dextr_net import NetworkConfig
from extremecut.training.config import Intervals, TrainConfig
from extremecut.training.recipes import tiny_test


class TinyBackbone(nn.Module):
    """Features at strides 4, 8 and 16 by three convolutions with batch norm; the last twice."""

    channels = (4, 6, 8, 8)

    def __init__(self) -> None:
        super().__init__()
        self.first = self._stage(4, 4, stride=4)
        self.second = self._stage(4, 6, stride=2)
        self.third = self._stage(6, 8, stride=2)

    @staticmethod
    def _stage(in_channels: int, out_channels: int, *, stride: int) -> nn.Sequential:
        return nn.Sequential(
            nn.Conv2d(in_channels, out_channels, 5, stride, padding=2, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
        )

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        stride_4 = self.first(x)
        stride_8 = self.second(stride_4)
        stride_16 = self.third(stride_8)
        return stride_4, stride_8, stride_16, stride_16


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def tiny_network(monkeypatch: pytest.MonkeyPatch) -> NetworkConfig:
    monkeypatch.setitem(dextr_net.BACKBONES, "tiny", lambda config: TinyBackbone())
    return NetworkConfig(backbone="tiny")


@pytest.fixture
def tiny_config(tiny_network: NetworkConfig) -> Callable[..., TrainConfig]:
    """A run of six steps at 32 px; keywords replace fields."""

    def make(**changes: Any) -> TrainConfig:
        return replace(
            replace(
                tiny_test().with_size(32),
                network=tiny_network,
                spec=InputSpec(size_px=32),
                intervals=Intervals(log_every=1, validate_every=3, checkpoint_every=2, pictures=1),
            ),
            **changes,
        )

    return make


@pytest.fixture
def rows() -> Callable[[Path], list[dict[str, str]]]:
    """Reads the rows of a log without what depends on the clock."""

    def read(path: Path) -> list[dict[str, str]]:
        with open(path, newline="") as handle:
            return [
                {key: row[key] for key in row if key not in ("examples_per_second", "minutes")}
                for row in csv.DictReader(handle)
            ]

    return read


@pytest.fixture
def two_processes(tmp_path: Path) -> Callable[..., None]:
    """Runs a script, with its arguments, in two processes of one run; both must end well."""

    def run(code: str, *arguments: object) -> None:
        script = tmp_path / "two.py"
        script.write_text(code)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        # What torchrun sets, without its own start-up.
        shared = {
            "TORCHELASTIC_RUN_ID": "test", "OMP_NUM_THREADS": "1", "WORLD_SIZE": "2",
            "LOCAL_WORLD_SIZE": "2", "GROUP_RANK": "0", "MASTER_ADDR": "127.0.0.1",
            "MASTER_PORT": str(port),
        }  # fmt: skip
        processes = [
            subprocess.Popen(
                [sys.executable, str(script), *map(str, arguments)],
                env=os.environ | shared | {"RANK": str(rank), "LOCAL_RANK": str(rank)},
                stderr=subprocess.PIPE,
                text=True,
            )
            for rank in (0, 1)
        ]
        errors = [process.communicate(timeout=120)[1] for process in processes]
        assert [process.returncode for process in processes] == [0, 0], "".join(errors)[-3000:]

    return run


@pytest.fixture
def sample() -> ObjectSample:
    """A white 20 x 10 rectangle, wider than high, on grey; its left half is void above it."""
    image = np.full((60, 80, 3), 90, np.uint8)
    mask = np.zeros((60, 80), bool)
    mask[25:35, 30:50] = True
    image[mask] = 255
    void = np.zeros((60, 80), bool)
    void[20:25, 30:40] = True
    return ObjectSample(image, mask, void, "rectangle")
