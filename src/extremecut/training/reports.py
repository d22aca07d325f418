"""What a run does between its steps: rows, validations, checkpoints; in the first process only."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from tqdm import tqdm

import extremecut
from extremecut.datasets.sample import ObjectSet
from extremecut.evaluation.sheet import sheet_of
from extremecut.files import atomic_path, write_text
from extremecut.networks.checkpoints import save_checkpoint
from extremecut.predictor import Segmenter
from extremecut.runtime.torch_backend import TorchBackend
from extremecut.training.devices import channels_last
from extremecut.training.interruption import StopRequest
from extremecut.training.learner import Learner
from extremecut.training.logs import RunLog
from extremecut.training.run_folder import CONFIG
from extremecut.training.snapshots import Snapshot, save_snapshot
from extremecut.training.sources import TrainingSet, fingerprint
from extremecut.training.validation import Validation, validate


class Reporter:
    """Rows of the log, validations and checkpoints of a run, when they are due."""

    def __init__(
        self,
        run: Path,
        learner: Learner,
        sets: Sequence[TrainingSet],
        validation: Sequence[ObjectSet],
        log: RunLog | None,
        stop: StopRequest,
        *,
        origin: dict[str, Any],
        progress: bool,
    ) -> None:
        """Begin to report.

        Args:
            log: None in all processes but the first; the others only count along.
            origin: the card of the checkpoint the run began with; its terms go on to hold.
        """
        self._run = run
        self._learner = learner
        self._counters = learner.state.counters
        self._intervals = learner.config.intervals
        self._sets = sets
        self._validation = validation
        self._log = log
        self._stop = stop
        self._origin = origin
        now = time.monotonic()
        self._began = now - self._counters.seconds
        self._saved_at = self._row_at = now
        self._row_step = self._counters.step
        self._saved: tuple[int, int] | None = None
        self._bar = tqdm(
            total=learner.steps,
            initial=self._counters.step,
            unit="step",
            disable=not (progress and log),
            dynamic_ncols=True,
        )

    def begin(self) -> None:
        """Before the first step of a sitting."""
        if self._log is None:
            return
        if self._counters.step == 0:
            # The settings claim the folder: where they lie, there is something to resume from.
            self._save()
            write_text(self._run / CONFIG, self._learner.config.to_json())
        else:
            self._saved = (self._counters.step, self._counters.validated_step)
        if self._validation_due():
            # Not cut short by time: a sitting shorter than a validation would never get beyond it.
            self._validate(lambda: self._stop.requested)

    def after_step(self) -> None:
        """After each step, in every process."""
        step = self._counters.step
        self._bar.update()
        if self._due(self._intervals.log_every):
            means = self._learner.means()
            if self._log is not None:
                self._write_row(self._log, means)
        if self._log is None:
            return
        if self._validation_due():
            self.keep()  # the validation may take long, and be killed
            self._validate(lambda: self._stop.wanted)
        waited = time.monotonic() - self._saved_at
        late = waited >= 60 * self._intervals.checkpoint_minutes
        if late or (self._due(self._intervals.checkpoint_every) and self._saved_step != step):
            self._save()

    def end(self) -> bool:
        """After the last step of a sitting: a checkpoint, and of a finished run the weights.

        Returns:
            Whether the run is finished. A last validation that was cut short is still to come.
        """
        finished = self._counters.step == self._learner.steps
        if self._log is None:
            return finished
        self.keep()
        finished = finished and not self._validation_due()
        if finished:
            self._write_weights("final.safetensors", {})
            if not self._validation:
                self._write_weights("best.safetensors", {})
        return finished

    def keep(self) -> None:
        """A checkpoint of where the run stands, unless there is one; in the first process."""
        here = (self._counters.step, self._counters.validated_step)
        if self._log is not None and self._saved != here:
            self._save()

    def close(self) -> None:
        self._bar.close()

    @property
    def _saved_step(self) -> int | None:
        return None if self._saved is None else self._saved[0]

    def _due(self, every: int) -> bool:
        step = self._counters.step
        return step > 0 and (step % every == 0 or step == self._learner.steps)

    def _validation_due(self) -> bool:
        """Also true when a validation was cut short, before its run is resumed."""
        done = self._counters.validated_step == self._counters.step
        return bool(self._validation) and not done and self._due(self._intervals.validate_every)

    def _write_row(self, log: RunLog, means: dict[str, float]) -> None:
        now = time.monotonic()
        steps = self._counters.step - self._row_step
        examples = steps * self._learner.config.batch_size
        log.steps(
            self._counters.step,
            means
            | {
                "learning_rate": self._learner.learning_rate,
                "examples_per_second": examples / max(now - self._row_at, 1e-9),
                "minutes": (now - self._began) / 60,
            },
        )
        self._row_at, self._row_step = now, self._counters.step
        self._bar.set_postfix(loss=f"{means['loss']:.3f}", best=_percent(self._counters.best_iou))

    def _validate(self, should_stop: Callable[[], bool]) -> None:
        assert self._log is not None
        self._learner.check()  # a lost loss, not what a lost network answers
        config, fabric = self._learner.config, self._learner.fabric
        began = time.monotonic()
        net = channels_last(self._learner.averaged_network())
        backend = TorchBackend.of_network(net, config.spec, device=str(fabric.device))
        with fabric.autocast():
            result = validate(
                Segmenter(backend),
                self._validation,
                objects=config.data.validation_objects,
                pictures=self._intervals.pictures,
                should_stop=should_stop,
            )
        if result is None:
            return
        counters = self._counters
        counters.validated_step = counters.step
        scores = result.scores | {
            "mean": (sum(n for n, _ in result.scores.values()), result.mean_iou)
        }
        self._log.validation(counters.step, scores)
        self._picture(result)
        if counters.best_iou is None or result.mean_iou > counters.best_iou:
            counters.best_iou, counters.best_step = result.mean_iou, counters.step
            self._write_weights(
                "best.safetensors",
                {name: round(mean, 4) for name, (_, mean) in scores.items()},
            )
        self._save()
        self._row_at += time.monotonic() - began  # the speed in the log is that of training

    def _picture(self, result: Validation) -> None:
        if not result.tiles or self._log is None:
            return
        columns = max(self._intervals.pictures, 1)
        sheet = sheet_of(result.tiles, columns=columns, back_rgb=(0, 0, 0))
        folder = self._run / "pictures"
        folder.mkdir(exist_ok=True)
        with atomic_path(folder / f"step_{self._counters.step:07d}.png") as temporary:
            Image.fromarray(sheet).save(temporary)
        self._log.picture(self._counters.step, sheet)

    def _save(self) -> None:
        self._learner.check()
        now = time.monotonic()
        self._counters.seconds = now - self._began
        snapshot = self._learner.snapshot()
        about = {
            "config": self._learner.config.to_json(),
            "data": fingerprint(self._sets),
            "origin": self._origin,
            "extremecut": extremecut.__version__,
            "torch": torch.__version__,
        }
        save_snapshot(self._run, Snapshot(snapshot.tensors, snapshot.state | about))
        self._saved = (self._counters.step, self._counters.validated_step)
        self._saved_at = now

    def _write_weights(self, file: str, scores: dict[str, float]) -> None:
        config = self._learner.config
        start = config.init or config.backbone_weights
        card: dict[str, Any] = {
            "name": self._run.resolve().name,
            "recipe": config.recipe,
            "step": self._counters.step,
            "steps": self._learner.steps,
            "batch_size": config.batch_size,
            "seed": config.seed,
            "started_from": {
                # The name alone: whose folder it lay in is nobody else's business.
                "file": Path(start).name if start else None,
                "card": self._origin,
            },
            "trained_on": [
                {"name": item.objects.name, "objects": len(item.objects)}
                | {"weight": item.weight, "terms": item.terms or "not stated"}
                for item in self._sets
            ],
            "validation_mean_iou": scores,
        }
        if config.teacher:
            teacher = {"file": Path(config.teacher).name, "card": self._learner.teacher_card}
            card["taught_by"] = teacher
        save_checkpoint(self._run / file, self._learner.averaged_network(), config.spec, card=card)


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.2f}"
