from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from extremecut.errors import ExtremecutError
from extremecut.networks.checkpoints import save_checkpoint
from extremecut.networks.dextr_net import DextrNet
from extremecut.training.config import TrainConfig
from extremecut.training.devices import ExecutionConfig, make_fabric
from extremecut.training.learner import Learner
from extremecut.training.loss import LossWeights

MakeConfig = Callable[..., TrainConfig]


@pytest.fixture
def fabric() -> Any:
    return make_fabric(ExecutionConfig(accelerator="cpu", precision="32-true"))


def learner(config: TrainConfig, fabric: Any) -> Learner:
    torch.manual_seed(0)
    return Learner(DextrNet(config.network), config, steps=100, fabric=fabric)


def batch() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(2)
    inputs = torch.randn(4, 4, 32, 32, generator=generator)
    target = torch.zeros(4, 1, 32, 32)
    target[:, :, 4:20, 6:26] = 1
    return inputs, target, torch.zeros(4, 1, 32, 32, dtype=torch.bool)


def test_learning_lowers_the_loss(tiny_config: MakeConfig, fabric: Any) -> None:
    config = tiny_config()
    optimiser = replace(config.optimiser, learning_rate=0.01, body_factor=1.0)
    model = learner(replace(config, optimiser=optimiser), fabric)
    losses = []
    for _ in range(12):
        model.learn(*batch())
        losses.append(model.means()["loss"])
    assert losses[-1] < 0.9 * losses[0]
    assert model.state.counters.step == 12


def test_means_cover_the_steps_since_the_last_ones(tiny_config: MakeConfig, fabric: Any) -> None:
    one, two = (learner(tiny_config(), fabric) for _ in range(2))
    separate = []
    for _ in range(2):
        one.learn(*batch())
        separate.append(one.means())
        two.learn(*batch())
    joint = two.means()
    assert set(joint) == {"loss", "balanced", "plain", "jaccard", "gradient_norm"}
    for name, value in joint.items():
        assert value == pytest.approx((separate[0][name] + separate[1][name]) / 2, rel=1e-5)
    # The weights of the small recipe.
    total = joint["balanced"] + 0.5 * joint["plain"] + joint["jaccard"]
    assert joint["loss"] == pytest.approx(total, rel=1e-5)


def test_clipping_bounds_the_step_of_sgd(tiny_config: MakeConfig, fabric: Any) -> None:
    config = tiny_config()
    optimiser = replace(
        config.optimiser, kind="sgd", momentum=0.0, weight_decay=0.0, body_factor=1.0,
        learning_rate=1.0, clip_norm=0.01,
    )  # fmt: skip
    schedule = replace(config.schedule, kind="constant", warmup_steps=0)
    model = learner(replace(config, optimiser=optimiser, schedule=schedule), fabric)
    before = [parameter.detach().clone() for parameter in model.state.net.parameters()]
    model.learn(*batch())
    after = [parameter.detach() for parameter in model.state.net.parameters()]
    moved = sum(float((a - b).square().sum()) for a, b in zip(after, before, strict=True)) ** 0.5
    assert moved == pytest.approx(0.01, rel=1e-3)
    assert model.means()["gradient_norm"] > 0.01


def test_a_lost_loss_is_an_error_before_anything_is_saved(
    tiny_config: MakeConfig, fabric: Any
) -> None:
    model = learner(tiny_config(), fabric)
    inputs, target, void = batch()
    model.learn(inputs * float("nan"), target, void)
    with pytest.raises(ExtremecutError, match="not finite at step 1"):
        model.check()
    with pytest.raises(ExtremecutError, match="lower the learning rate"):
        model.means()


def test_the_averaged_network_evaluates_and_does_not_learn(
    tiny_config: MakeConfig, fabric: Any
) -> None:
    model = learner(tiny_config(average_decay=0.9), fabric)
    model.learn(*batch())
    net = model.averaged_network()
    assert not net.training and not any(p.requires_grad for p in net.parameters())
    for name, tensor in net.state_dict().items():
        assert torch.equal(tensor, model.state.average.tensors[name]), name


def test_distillation_pulls_towards_the_teacher(
    tiny_config: MakeConfig, fabric: Any, tmp_path: Path
) -> None:
    torch.manual_seed(9)
    config = tiny_config()
    path = tmp_path / "teacher.safetensors"
    save_checkpoint(path, DextrNet(config.network), config.spec, card={})
    loss = LossWeights(balanced=0.0, plain=0.0, jaccard=0.0, distillation=1.0)
    model = learner(replace(config, loss=loss, teacher=str(path)), fabric)
    values = []
    for _ in range(15):
        model.learn(*batch())
        values.append(model.means()["distillation"])
    assert values[-1] < values[0]


def test_mixed_precision_learns_too(tiny_config: MakeConfig) -> None:
    fabric = make_fabric(ExecutionConfig(accelerator="cpu", precision="bf16-mixed"))
    model = learner(tiny_config(), fabric)
    model.learn(*batch())
    assert torch.isfinite(torch.tensor(model.means()["loss"]))
    assert all(p.dtype == torch.float32 for p in model.state.net.parameters())


def test_a_run_that_began_without_scaled_losses_goes_on_with_them(
    tiny_config: MakeConfig, fabric: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = learner(tiny_config(), fabric)
    snapshot = model.snapshot()
    scaler = torch.amp.GradScaler("cpu", init_scale=8.0)  # what 16-mixed has
    monkeypatch.setattr(fabric.strategy, "_precision", scaler)
    model.restore(snapshot)
    assert scaler.get_scale() == 8.0
    snapshot.state["precision"] = scaler.state_dict() | {"scale": 4.0}
    model.restore(snapshot)
    assert scaler.get_scale() == 4.0


def test_corrections_change_what_some_examples_show_and_no_statistics(
    tiny_config: MakeConfig, fabric: Any
) -> None:
    seen: list[torch.Tensor] = []

    def remember(net: torch.nn.Module, given: tuple[torch.Tensor]) -> None:
        if net.training:
            seen.append(given[0].clone())

    def take_all(
        net: torch.nn.Module, given: tuple[torch.Tensor], answer: torch.Tensor
    ) -> torch.Tensor:
        """Outside training, everything is the object."""
        return answer if net.training else torch.ones_like(answer)

    for share in (0.0, 0.5):
        model = learner(replace(tiny_config(), corrections=share), fabric)
        model.state.net.register_forward_pre_hook(remember)
        model.state.net.register_forward_hook(take_all)
        model.learn(*batch())
        assert model.state.net.training
        counts = [
            int(value)
            for name, value in model.state.net.state_dict().items()
            if name.endswith("num_batches_tracked")
        ]
        assert counts and set(counts) == {1}
    plain, corrected = seen
    changed = [not torch.equal(plain[index], corrected[index]) for index in range(4)]
    assert changed == [True, False, True, False]
    assert torch.equal(plain[:, :3], corrected[:, :3])
