from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from extremecut.errors import ConfigError, ExtremecutError
from extremecut.training.devices import (
    ExecutionConfig,
    _cpu_flags,
    agreed,
    channels_last,
    failures_named,
    fastest_precision,
    make_fabric,
    sum_over_processes,
)

TWO_PROCESSES = """
import os
import sys
import torch
from torch import nn
from extremecut.training.batches import StepNumbers
from extremecut.training.devices import (
    ExecutionConfig, _leave_process_group, agreed, make_fabric, share_buffers,
    sum_over_processes,
)
from extremecut.errors import ExtremecutError
from extremecut.training.loss import LossWeights, loss_terms

def main():
    torch.set_num_threads(1)
    fabric = make_fabric(ExecutionConfig(accelerator="cpu", precision="32-true"))
    assert fabric.world_size == 2
    generator = torch.Generator().manual_seed(1)
    inputs = torch.randn(4, 2, 8, 8, generator=generator)
    target = (torch.rand(4, 1, 8, 8, generator=generator) > 0.8).float()
    shares = torch.tensor([0.1, 0.2, 0.9, 1.0]).view(4, 1, 1, 1)
    void = torch.rand(4, 1, 8, 8, generator=generator) > shares
    torch.manual_seed(0)
    net, alone = nn.Conv2d(2, 1, 3, padding=1), nn.Conv2d(2, 1, 3, padding=1)
    alone.load_state_dict(net.state_dict())
    weights = LossWeights()
    module, optimiser = fabric.setup(net, torch.optim.SGD(net.parameters(), lr=0.5))

    def loss(network, rows, **options):
        terms = loss_terms(network(inputs[rows]), target[rows], void[rows], weights, **options)
        return sum(getattr(weights, name) * value for name, value in terms.items())

    (rows,) = StepNumbers(0, 1, 4, fabric.global_rank, 2)
    mine = loss(module, rows, sum_over_processes=sum_over_processes(fabric))
    fabric.backward(mine)
    joint = loss(alone, [0, 1, 2, 3])
    joint.backward()
    together = fabric.all_reduce(mine.detach(), reduce_op="mean")
    assert torch.allclose(together, joint.detach(), rtol=1e-5), (together, joint)
    assert torch.allclose(net.weight.grad, alone.weight.grad, rtol=1e-4, atol=1e-7)
    assert agreed(fabric, fabric.global_rank == 1) and not agreed(fabric, False)
    try:
        agreed(fabric, False, OSError("the disk is full") if fabric.global_rank == 1 else None)
    except OSError:
        assert fabric.global_rank == 1
    except ExtremecutError as error:
        assert fabric.global_rank == 0 and "another process" in str(error)
    else:
        raise AssertionError
    norm = nn.BatchNorm2d(3)
    norm.running_mean.fill_(fabric.global_rank + 1.0)
    share_buffers(fabric, norm)
    assert norm.running_mean.tolist() == [1.0, 1.0, 1.0]
    if fabric.is_global_zero:
        open(sys.argv[1], "w").write("equal")

main()
_leave_process_group()
threads = "/proc/self/task"  # one of gloo's, left running, may abort the process as it ends
assert not os.path.isdir(threads) or len(os.listdir(threads)) == 1
"""


def test_one_process_is_its_own_sum_and_agrees_with_itself() -> None:
    fabric = make_fabric(ExecutionConfig(accelerator="cpu", precision="32-true"))
    values = torch.tensor([1.0, 2.0])
    assert sum_over_processes(fabric)(values) is values
    assert agreed(fabric, True) and not agreed(fabric, False)
    with pytest.raises(OSError, match="full"):
        agreed(fabric, False, OSError("the disk is full"))


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (torch.cuda.OutOfMemoryError("CUDA out of memory"), "smaller --batch"),
        (torch.distributed.DistBackendError("NCCL error"), "another process"),
        (RuntimeError("[third_party/gloo/x.cc:3] Connection closed by peer"), "another process"),
    ],
)
def test_what_only_the_user_can_help_is_said_in_words(error: Exception, message: str) -> None:
    with pytest.raises(ExtremecutError, match=message), failures_named():
        raise error
    with pytest.raises(RuntimeError, match="a mistake"), failures_named():
        raise RuntimeError("a mistake")


def test_a_gpu_that_only_imitates_bfloat16_takes_half_precision(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(
        torch.cuda, "is_bf16_supported", lambda including_emulation=True: including_emulation
    )
    assert fastest_precision("auto") == "16-mixed"
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation=True: True)
    assert fastest_precision("cuda") == "bf16-mixed"


def test_two_processes_have_the_loss_and_gradient_of_the_joint_batch(
    tmp_path: Path, two_processes: Callable[..., None]
) -> None:
    result = tmp_path / "result.txt"
    two_processes(TWO_PROCESSES, result)
    assert result.read_text() == "equal"


def test_channels_last_is_the_same_module() -> None:
    module = torch.nn.Conv2d(3, 4, 3)
    assert channels_last(module) is module
    assert module.weight.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"accelerator": "tpu"}, "accelerator must be one of"),
        ({"precision": "8"}, "precision must be one of"),
        ({"devices": 0}, "devices must be"),
        ({"workers": -1}, "workers >= 0"),
    ],
)
def test_bad_settings_are_refused(values: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        ExecutionConfig(**values)  # type: ignore[arg-type]


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_a_missing_accelerator_is_named() -> None:
    with pytest.raises(ConfigError, match="no CUDA device"):
        make_fabric(ExecutionConfig(accelerator="cuda"))


@pytest.mark.skipif(torch.backends.mps.is_available(), reason="there is an MPS device")
def test_a_missing_apple_gpu_is_named() -> None:
    with pytest.raises(ConfigError, match="no MPS device"):
        make_fabric(ExecutionConfig(accelerator="mps"))


@pytest.mark.parametrize(
    ("cpuinfo", "precision"),
    [
        ("processor : 0\nflags\t\t: fpu avx512f avx512_bf16\n", "bf16-mixed"),
        ("processor : 0\nFeatures\t: fp asimd bf16\n", "bf16-mixed"),
        ("processor : 0\nflags\t\t: fpu avx2\n", "32-true"),
        ("", "32-true"),
    ],
)
def test_a_cpu_trains_in_what_it_computes_in_itself(
    cpuinfo: str, precision: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cpuinfo"
    path.write_text(cpuinfo)
    flags = _cpu_flags(path)
    monkeypatch.setattr("extremecut.training.devices._cpu_flags", lambda: flags)
    assert fastest_precision("cpu") == precision


def test_where_the_system_tells_nothing_float32_is_taken(tmp_path: Path) -> None:
    assert _cpu_flags(tmp_path / "missing") == set()
