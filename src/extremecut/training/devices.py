"""Lightning Fabric for the wanted devices, alone or as one of several processes."""

from __future__ import annotations

import atexit
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from extremecut.errors import ConfigError, ExtremecutError, MissingExtraError

try:
    from lightning_fabric import Fabric
except ImportError:
    # The same code, as the all-in-one distribution "lightning" brings it.
    try:
        from lightning.fabric import Fabric
    except ImportError:
        raise MissingExtraError("Training", "train") from None

Module = TypeVar("Module", bound=nn.Module)

ACCELERATORS = ("auto", "cpu", "cuda", "mps")
PRECISIONS = ("auto", "bf16-mixed", "16-mixed", "32-true")

CPU_BF16_FLAGS = {"avx512_bf16", "amx_bf16", "bf16"}
"""What Linux calls a processor's own arithmetic in bfloat16, on x86 and Arm."""


@dataclass(frozen=True, slots=True)
class ExecutionConfig:
    """On what a run is computed."""

    accelerator: str = "auto"
    """One of `ACCELERATORS`; "auto" takes a GPU where there is one."""
    devices: int = 1
    """Processes on this machine, one a device. Under torchrun its own number counts."""
    precision: str = "auto"
    """One of `PRECISIONS`; "auto" takes the fastest that the device computes in itself, see
    `fastest_precision`."""
    workers: int = 1
    """Processes that prepare examples, for each device; 0 prepares them in the loop itself."""

    def __post_init__(self) -> None:
        if self.accelerator not in ACCELERATORS:
            raise ConfigError(
                f"the accelerator must be one of {ACCELERATORS}, got {self.accelerator!r}"
            )
        if self.precision not in PRECISIONS:
            raise ConfigError(f"precision must be one of {PRECISIONS}, got {self.precision!r}")
        if self.devices < 1 or self.workers < 0:
            raise ConfigError(
                f"devices must be >= 1 and workers >= 0, got {self.devices} and {self.workers}"
            )


def make_fabric(config: ExecutionConfig) -> Any:
    """A launched Fabric: every process of the run comes out of this call.

    Raises:
        ConfigError: the accelerator is not there.
    """
    devices, nodes = config.devices, 1
    if "LOCAL_WORLD_SIZE" in os.environ:  # started by torchrun
        devices = int(os.environ["LOCAL_WORLD_SIZE"])
        nodes = int(os.environ["WORLD_SIZE"]) // devices
    accelerator = config.accelerator
    if accelerator == "cuda" and not torch.cuda.is_available():
        raise ConfigError("no CUDA device is available; use --accelerator cpu or auto")
    if accelerator == "mps" and not torch.backends.mps.is_available():
        raise ConfigError("no MPS device is available; use --accelerator cpu or auto")
    strategy = "ddp" if devices * nodes > 1 else "auto"
    precision = config.precision
    if precision == "auto":
        precision = fastest_precision(accelerator)
    fabric = Fabric(
        accelerator=accelerator,
        devices=devices,
        num_nodes=nodes,
        precision=precision,
        strategy=strategy,
    )
    fabric.launch()
    if fabric.world_size > 1:
        atexit.register(_leave_process_group)
    if fabric.device.type == "cuda":
        torch.backends.cudnn.benchmark = True
        torch.set_float32_matmul_precision("high")
    return fabric


def _leave_process_group() -> None:
    """Ends the talk with the other processes while the interpreter still lives.

    A thread of gloo's that lets go of a tensor while the interpreter ends aborts the process after
    all its work is done, and torchrun calls the run failed. Networks that are no longer used
    hold the group in cycles; once they are gone, it waits for its threads as it is destroyed.
    """
    if torch.distributed.is_initialized():
        gc.collect()
        torch.distributed.destroy_process_group()
        gc.collect()


def fastest_precision(accelerator: str) -> str:
    """What "auto" means on this machine.

    bfloat16 is as good as float32 for training and twice as fast where the hardware has it. A CPU
    that lacks it imitates it, many times slower than float32.

    Args:
        accelerator: one of `ACCELERATORS`.
    """
    if accelerator in ("auto", "cuda") and torch.cuda.is_available():
        supported = torch.cuda.is_bf16_supported(including_emulation=False)
        return "bf16-mixed" if supported else "16-mixed"
    on_cpu = accelerator == "cpu" or not torch.backends.mps.is_available()
    return "bf16-mixed" if on_cpu and CPU_BF16_FLAGS & _cpu_flags() else "32-true"


def _cpu_flags(cpuinfo: Path = Path("/proc/cpuinfo")) -> set[str]:
    """What the first processor says that it can do; nothing on other systems than Linux."""
    try:
        lines = cpuinfo.read_text().splitlines()
    except OSError:
        return set()
    names = ("flags", "Features")
    return next((set(line.split()) for line in lines if line.startswith(names)), set())


def channels_last(module: Module) -> Module:
    """The module itself, its weights laid out for the fastest convolutions."""
    return module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def sum_over_processes(fabric: Any) -> Any:
    """A function from a small tensor to its sum over all processes."""

    def total(values: Tensor) -> Tensor:
        if fabric.world_size == 1:
            return values
        return fabric.all_reduce(values, reduce_op="sum")

    return total


def agreed(fabric: Any, wish: bool, failure: Exception | None = None) -> bool:
    """Whether any process wishes it: all of them must stop at the same step.

    Args:
        failure: why this process cannot go on.

    Raises:
        Exception: the failure.
        ExtremecutError: another process cannot go on; nobody is to wait for it.
    """
    if fabric.world_size == 1:  # without waiting for the GPU
        if failure is not None:
            raise failure
        return wish
    votes = torch.tensor([float(wish), float(failure is not None)], device=fabric.device)
    wishes, failures = sum_over_processes(fabric)(votes).tolist()
    if failure is not None:
        raise failure
    if failures:
        raise ExtremecutError("another process of this run cannot go on; it says why")
    return bool(wishes)


@contextmanager
def failures_named() -> Iterator[None]:
    """Where PyTorch says "RuntimeError" for what only its user can help: that, in words.

    Raises:
        ExtremecutError: too little memory, or another process was lost.
    """
    try:
        yield
    except torch.cuda.OutOfMemoryError:
        raise ExtremecutError(
            "the GPU's memory does not suffice: take a smaller --batch or --size"
        ) from None
    except RuntimeError as error:
        if "DataLoader worker" in str(error):
            raise ExtremecutError(
                "a process that prepares examples was lost, most often for want of memory: resume "
                "with fewer --workers, 0 needs none"
            ) from None
        if isinstance(error, torch.distributed.DistError) or "gloo" in str(error):
            raise ExtremecutError("another process of this run was lost; it says why") from None
        raise


def share_buffers(fabric: Any, module: nn.Module) -> None:
    """Give every process the first one's buffers, such as batch norm's statistics."""
    if fabric.world_size > 1:
        for buffer in module.buffers():
            torch.distributed.broadcast(buffer, 0)
