"""One step of learning: a minibatch in, slightly better weights out."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import torch
from torch import Tensor

from extremecut.errors import ExtremecutError
from extremecut.networks.dextr_net import DextrNet
from extremecut.training.average import WeightAverage
from extremecut.training.config import TrainConfig
from extremecut.training.corrections import add_corrections, chosen
from extremecut.training.devices import channels_last, share_buffers, sum_over_processes
from extremecut.training.loss import loss_terms
from extremecut.training.optimiser import make_optimiser, schedule_factor, set_learning_rate
from extremecut.training.snapshots import Snapshot
from extremecut.training.start import read_model
from extremecut.training.state import SUMS, TrainingState
from extremecut.training.teacher import Teacher


class Learner:
    """The network and all that makes it learn, on the devices of a Fabric."""

    def __init__(self, net: DextrNet, config: TrainConfig, steps: int, fabric: Any) -> None:
        """Move a network to its device and give it an optimiser.

        Args:
            net: with its initial weights.
            steps: of the whole run; the schedule ends there.
        """
        self.config = config
        self.steps = steps
        self.fabric = fabric
        net = channels_last(net).train()
        optimiser = make_optimiser(net, config.optimiser)
        self._module, self._optimiser = fabric.setup(net, optimiser)
        self.state = TrainingState(net, optimiser, WeightAverage(net, config.average_decay))
        self._sum_over_processes = sum_over_processes(fabric)
        self.teacher_card: dict[str, Any] = {}
        """The teacher's; empty without one."""
        self._teacher = None
        if config.teacher:
            loaded = read_model(config.teacher)
            self.teacher_card = loaded.card
            teacher = Teacher(loaded, config.spec)
            self._teacher = channels_last(teacher).to(fabric.device).eval()

    @property
    def learning_rate(self) -> float:
        """The head's at the next step."""
        factor = schedule_factor(
            self.config.schedule, step=self.state.counters.step, steps=self.steps
        )
        return self.config.optimiser.learning_rate * factor

    def learn(self, inputs: Tensor, target: Tensor, void: Tensor) -> None:
        """One step.

        Args:
            inputs: (B, 4, S, S) float32.
            target: (B, 1, S, S) float32, the share of each pixel that the mask covers.
            void: (B, 1, S, S) bool.
        """
        state, optimiser, device = self.state, self.config.optimiser, self.fabric.device
        inputs = inputs.to(device, memory_format=torch.channels_last, non_blocking=True)
        target, void = (part.to(device, non_blocking=True) for part in (target, void))
        set_learning_rate(state.optimiser, self.learning_rate)
        self._correct(inputs, target, void)
        logits = self._module(inputs)
        terms = loss_terms(
            logits,
            target,
            void,
            self.config.loss,
            teacher=self._taught(inputs),
            sum_over_processes=self._sum_over_processes,
        )
        loss = torch.stack([getattr(self.config.loss, name) * terms[name] for name in terms]).sum()
        self._optimiser.zero_grad(set_to_none=True)
        self.fabric.backward(loss)
        norm = torch.zeros((), device=device)
        if optimiser.clip_norm:
            norm = self.fabric.clip_gradients(
                self._module,
                self._optimiser,
                max_norm=optimiser.clip_norm,
                error_if_nonfinite=False,
            )
        self._optimiser.step()
        state.counters.step += 1
        state.average.update(state.net, state.counters.step)
        values = terms | {"loss": loss, "gradient_norm": norm}
        zero = torch.zeros((), device=device)
        mine = torch.stack([values.get(name, zero).detach().float() for name in SUMS])
        # Of the joint minibatch, and so the same in all processes: a checkpoint holds one's sums.
        state.sums += self._sum_over_processes(mine) / self.fabric.world_size
        state.counters.row_steps += 1

    @torch.no_grad()
    def _correct(self, inputs: Tensor, target: Tensor, void: Tensor) -> None:
        """Give some examples further points, where the network is wrong about them now."""
        config, net, step = self.config, self.state.net, self.state.counters.step
        first = self.fabric.global_rank * len(inputs)
        some = chosen(config.corrections, range(first, first + len(inputs)))
        if config.corrections:
            share_buffers(self.fabric, net)
        if not some:
            return
        net.eval()
        rngs = [np.random.default_rng([config.seed, step, number]) for number in some]
        rows = [number - first for number in some]
        corrected = inputs[rows]
        for _ in range(1 + step % 2):
            with self.fabric.autocast():
                logits = net(corrected)
            add_corrections(corrected, logits, target[rows], void[rows], config.spec, rngs)
        inputs[rows] = corrected
        net.train()

    @torch.no_grad()
    def _taught(self, inputs: Tensor) -> Tensor | None:
        if self._teacher is None:
            return None
        with self.fabric.autocast():
            return self._teacher(inputs)

    def means(self) -> dict[str, float]:
        """Means of the loss, its terms and the gradient's norm since the last call.

        Raises:
            ExtremecutError: the loss is not finite any more.
        """
        state = self.state
        means = state.sums / max(state.counters.row_steps, 1)
        values = dict(zip(SUMS, means.tolist(), strict=True))
        self.check()
        state.sums.zero_()
        state.counters.row_steps = 0
        wanted = {name for name in SUMS if getattr(self.config.loss, name, 1.0)}
        if not self.config.optimiser.clip_norm:
            wanted -= {"gradient_norm"}
        return {name: value for name, value in values.items() if name in wanted}

    def check(self) -> None:
        """Refuse to go on, or to save, after the loss was lost.

        Raises:
            ExtremecutError: a loss was NaN or infinite.
        """
        if not torch.isfinite(self.state.sums[SUMS.index("loss")]):
            raise ExtremecutError(
                f"the loss is not finite at step {self.state.counters.step}: lower the learning "
                "rate, or take more precision. The last checkpoint is from before"
            )

    def averaged_network(self) -> DextrNet:
        """The network with the averaged weights, in evaluation mode, not learning."""
        # A copy, not a new one: drawing initial weights would move PyTorch's generator.
        net = copy.deepcopy(self.state.net)
        net.load_state_dict(self.state.average.tensors)
        return net.eval().requires_grad_(False)

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a snapshot."""
        self.state.restore(snapshot)
        if scale := snapshot.state["precision"]:  # none where the run was not 16-mixed until now
            self.fabric.strategy.precision.load_state_dict(scale)

    def snapshot(self) -> Snapshot:
        """What `restore` takes, without what the run adds."""
        # Of the precision only 16-mixed has a state: the scale of its losses.
        return self.state.snapshot({"precision": self.fabric.strategy.precision.state_dict()})
