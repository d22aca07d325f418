"""Example numbers -> minibatches, prepared ahead by worker processes."""

from __future__ import annotations

import multiprocessing
import signal
import warnings
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import cv2
import torch
from torch import Tensor
from torch.utils.data import DataLoader, default_collate

from extremecut.end_signals import SIGNALS
from extremecut.errors import ConfigError, InputError
from extremecut.training.stream import Example, ExampleStream


@dataclass(frozen=True, slots=True)
class StepNumbers:
    """The example numbers of each step: step n takes n * B to n * B + B - 1.

    Of several processes each takes its own run of them, so that together they see the batch that
    one process alone would see.
    """

    first_step: int
    steps: int
    batch_size: int
    """Of all processes together."""
    rank: int = 0
    processes: int = 1

    def __post_init__(self) -> None:
        share, rest = divmod(self.batch_size, self.processes)
        if rest or share < 2:
            raise ConfigError(
                f"a batch of {self.batch_size} cannot be shared by {self.processes} processes: "
                "each needs the same number of examples, at least 2 (batch norm)"
            )

    def __len__(self) -> int:
        return self.steps - self.first_step

    def __iter__(self) -> Iterator[list[int]]:
        share = self.batch_size // self.processes
        for step in range(self.first_step, self.steps):
            start = step * self.batch_size + self.rank * share
            yield list(range(start, start + share))


def batches(
    stream: ExampleStream, numbers: StepNumbers, *, workers: int, pin_memory: bool
) -> Generator[tuple[Tensor, Tensor, Tensor]]:
    """Minibatches in the order of their numbers, whatever the number of workers.

    Close it when no more are wanted: its workers leave at no signal.

    Yields:
        (B, 4, S, S) float32 inputs, (B, 1, S, S) float32 targets, (B, 1, S, S) bool void.

    Raises:
        InputError: an example's data cannot be read.
    """
    fork = "fork" in multiprocessing.get_all_start_methods()
    loader: DataLoader[Example | InputError] = DataLoader(
        _Reporting(stream),  # type: ignore[arg-type]  # a loader with a sampler needs no more
        batch_sampler=numbers,
        num_workers=workers,
        collate_fn=_collated,
        prefetch_factor=4 if workers else None,
        persistent_workers=workers > 0,
        multiprocessing_context="fork" if fork and workers else None,
        worker_init_fn=_start_worker,
        pin_memory=pin_memory,
        # The loader seeds its workers from a generator of its own: nothing here draws from it,
        # and PyTorch's global one stays where a checkpoint left it.
        generator=torch.Generator(),
    )
    with warnings.catch_warnings():
        # Python 3.12 warns of forking with threads about; the workers use none of theirs.
        warnings.filterwarnings("ignore", message=".*fork", category=DeprecationWarning)
        iterator = iter(loader)
    try:
        for example in iterator:
            if isinstance(example, InputError):
                raise example
            yield example.array, example.target, example.void
    finally:
        if workers:
            iterator._shutdown_workers()  # type: ignore[attr-defined]  # no public way does it


class _Reporting:
    """A stream whose errors are values: raised in a worker they would come as its traceback."""

    def __init__(self, stream: ExampleStream) -> None:
        self._stream = stream

    def __getitem__(self, number: int) -> Example | InputError:
        try:
            return self._stream[number]
        except InputError as error:
            return error


def _collated(examples: list[Example | InputError]) -> Any:
    """The examples as one of tensors, or the first error among them."""
    errors = (example for example in examples if isinstance(example, InputError))
    return next(errors, None) or default_collate(examples)


def _start_worker(worker: int) -> None:
    cv2.setNumThreads(1)
    # Signals often reach all processes of a terminal or a job. The loop still needs its workers to
    # finish the step; they leave when it lets them go.
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def one_opencv_thread() -> Iterator[None]:
    """OpenCV without threads of its own: forked workers would wait for theirs for ever."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)
