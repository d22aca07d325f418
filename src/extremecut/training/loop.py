"""The training loop.

A run lives in a folder::

    runs/NAME/config.json          its settings
    runs/NAME/log.csv              losses and speed
    runs/NAME/validation.csv       mean IoU by set
    runs/NAME/tensorboard/         the same, and pictures
    runs/NAME/pictures/            predictions on validation objects
    runs/NAME/last/, previous/     what it resumes from, see `snapshots`
    runs/NAME/best.safetensors     the averaged weights with the highest validation score
    runs/NAME/final.safetensors    the averaged weights after the last step
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from extremecut.errors import ConfigError, DataError, ExtremecutError, ModelError
from extremecut.networks.dextr_net import DextrNet
from extremecut.training.batches import StepNumbers, batches, one_opencv_thread
from extremecut.training.config import TrainConfig
from extremecut.training.devices import agreed, failures_named, make_fabric
from extremecut.training.interruption import StopRequest
from extremecut.training.learner import Learner
from extremecut.training.logs import RunLog
from extremecut.training.packed import check_context
from extremecut.training.reports import Reporter
from extremecut.training.run_folder import claimed
from extremecut.training.snapshots import Snapshot, load_snapshot, load_state
from extremecut.training.sources import TrainingSet, fingerprint, training_sets, validation_sets
from extremecut.training.start import example_stream, initial_network, read_model
from extremecut.training.stream import ExampleStream

Batch = tuple[Tensor, Tensor, Tensor]


@dataclass(frozen=True, slots=True)
class TrainResult:
    """How a run, or one sitting of it, ended."""

    run: Path
    step: int
    """Steps done."""
    steps: int
    """Steps of the whole run."""
    best_iou: float | None
    """The highest mean IoU of a validation; None without one."""
    interrupted: bool
    """By Ctrl-C, SIGTERM or SIGHUP. The checkpoint is written; `resume` goes on from it."""
    finished: bool
    """All steps are done and the last is validated: the final weights are written."""
    is_first: bool = True
    """Whether this is the first process of the run, the one that writes and validates."""


def train(
    config: TrainConfig,
    run: str | os.PathLike[str],
    *,
    max_minutes: float | None = None,
    progress: bool = False,
) -> TrainResult:
    """Train from the start.

    Args:
        run: the run's folder; must not hold a run yet.
        max_minutes: stop after so long, with a checkpoint to resume from.
        progress: show a progress bar on stderr.

    Raises:
        ExtremecutError: what is wrong came to light in the midst of the run. Where it stood is
            saved: `resume` goes on once that is mended.
        ConfigError: contradictory settings, or the folder holds a run.
        DataError: a data set cannot be read.
        ModelError: a weight file cannot be read or does not fit.
    """
    return _run(config, Path(run), fresh=True, max_minutes=max_minutes, progress=progress)


def resume(
    run: str | os.PathLike[str],
    *,
    execution: Mapping[str, Any] | None = None,
    max_minutes: float | None = None,
    progress: bool = False,
) -> TrainResult:
    """Go on with a run from its last checkpoint, as if it had never stopped.

    On a CPU, with the same number of threads, the results are those of an uninterrupted run bit
    for bit.

    Args:
        execution: fields of `ExecutionConfig` that differ from before: devices, workers.

    Raises:
        ModelError: no checkpoint, or a damaged one.
        ConfigError: another process is at work on the run.
        DataError: the data is not what it was.
    """
    config = _stored_config(load_state(Path(run)), Path(run))
    if execution is not None:
        changed = dataclasses.replace(config.execution, **execution)
        config = dataclasses.replace(config, execution=changed)
    return _run(config, Path(run), fresh=False, max_minutes=max_minutes, progress=progress)


def _stored_config(state: Mapping[str, Any], run: Path) -> TrainConfig:
    missing = sorted({"config", "data", "origin", "precision"} - set(state))
    if missing:
        raise ModelError(f"the checkpoint in {run} is damaged: it lacks {', '.join(missing)}")
    try:
        return TrainConfig.from_json(state["config"])
    except ConfigError as error:
        raise ModelError(f"the checkpoint in {run} holds no usable settings: {error}") from None


def _run(
    config: TrainConfig, run: Path, *, fresh: bool, max_minutes: float | None, progress: bool
) -> TrainResult:
    fabric = make_fabric(config.execution)
    with contextlib.ExitStack() as stack:
        stack.enter_context(claimed(fabric, run, fresh=fresh))
        snapshot = None if fresh else load_snapshot(run)
        sets, measured = training_sets(config.data), validation_sets(config.data)
        if fresh and config.data.pack:
            check_context(config.data.pack, config.augmentation)
        _check_data(sets, snapshot)
        steps = config.total_steps(sum(len(item.objects) for item in sets))
        stream = example_stream(config, sets)
        learner = _learner(config, stream, steps, fabric, snapshot)
        counters = learner.state.counters
        given = _batches(config, stream, counters.step, steps, fabric)
        stack.enter_context(one_opencv_thread())
        stop = stack.enter_context(StopRequest(max_minutes))
        log = None
        if fabric.is_global_zero:
            log = stack.enter_context(RunLog(run, after_step=counters.step))
        origin = _origin(config) if snapshot is None else snapshot.state["origin"]
        reporter = Reporter(
            run, learner, sets, measured, log, stop, origin=origin, progress=progress
        )
        stack.callback(reporter.close)
        stack.callback(given.close)
        stack.enter_context(failures_named())
        failure, batch = _between_steps(reporter.begin, given, stop)
        try:
            while not agreed(fabric, stop.wanted, failure) and batch is not None:
                learner.learn(*batch)
                failure, batch = _between_steps(reporter.after_step, given, stop)
        except ExtremecutError:
            with contextlib.suppress(ExtremecutError, OSError):  # the first error counts
                reporter.keep()
            raise
        finished = reporter.end()
    return TrainResult(
        run,
        counters.step,
        steps,
        counters.best_iou,
        interrupted=stop.requested,
        finished=finished,
        is_first=fabric.is_global_zero,
    )


def _between_steps(
    report: Callable[[], None], given: Generator[Batch], stop: StopRequest
) -> tuple[Exception | None, Batch | None]:
    """Report, and take the next minibatch: what one process may fail at while others do not.

    Returns:
        Why it failed; the minibatch, None at the end of the run and where none is wanted.
    """
    try:
        report()
        return None, None if stop.wanted else next(given, None)
    except (ExtremecutError, OSError) as error:
        return error, None


def _check_data(sets: Sequence[TrainingSet], snapshot: Snapshot | None) -> None:
    """Refuse to resume on other data: the examples would not be those of the run.

    Raises:
        DataError: sets, their sizes or weights differ.
    """
    if snapshot is not None and snapshot.state["data"] != fingerprint(sets):
        raise DataError(
            f"the training data changed: the run began with {snapshot.state['data']} (name, "
            f"objects, weight), now there is {fingerprint(sets)}"
        )


def _batches(
    config: TrainConfig, stream: ExampleStream, first_step: int, steps: int, fabric: Any
) -> Generator[Batch]:
    """This process's share of the minibatches from `first_step` on."""
    numbers = StepNumbers(
        first_step, steps, config.batch_size, fabric.global_rank, fabric.world_size
    )
    pin_memory = fabric.device.type == "cuda"
    return batches(stream, numbers, workers=config.execution.workers, pin_memory=pin_memory)


def _learner(
    config: TrainConfig,
    stream: ExampleStream,
    steps: int,
    fabric: Any,
    snapshot: Snapshot | None,
) -> Learner:
    """A learner at the start of its run, or where a snapshot left it."""
    torch.manual_seed(config.seed)
    if snapshot is None:
        return Learner(initial_network(config, stream), config, steps, fabric)
    learner = Learner(DextrNet(config.network), config, steps, fabric)
    learner.restore(snapshot)
    return learner


def _origin(config: TrainConfig) -> dict[str, Any]:
    """The card of the model that a fresh run starts from; empty without one."""
    return read_model(config.init).card if config.init else {}
