from __future__ import annotations

import pytest
import torch

from extremecut.errors import ModelError
from extremecut.networks.dextr_net import DextrNet, NetworkConfig
from extremecut.training.average import WeightAverage
from extremecut.training.optimiser import OptimiserConfig, make_optimiser
from extremecut.training.snapshots import Snapshot
from extremecut.training.state import SUMS, TrainingState


def learned_state(network: NetworkConfig, *, kind: str = "adamw", steps: int = 2) -> TrainingState:
    """A state after some steps on random inputs, in the layout that training uses."""
    torch.manual_seed(0)
    net = DextrNet(network).to(memory_format=torch.channels_last).train()  # type: ignore[call-overload]
    state = TrainingState(
        net, make_optimiser(net, OptimiserConfig(kind=kind)), WeightAverage(net, 0.9)
    )
    for step in range(1, steps + 1):
        state.optimiser.zero_grad()
        net(torch.randn(2, 4, 32, 32)).square().mean().backward()
        state.optimiser.step()
        state.average.update(net, step)
        state.counters.step = step
        state.sums += step
    return state


def layout(tensor: torch.Tensor) -> list[int]:
    """Strides along the axes where they matter."""
    sizes_and_strides = zip(tensor.shape, tensor.stride(), strict=True)
    return [stride for size, stride in sizes_and_strides if size > 1]


@pytest.mark.parametrize("kind", ["adamw", "sgd"])
def test_everything_comes_back_bit_for_bit(tiny_network: NetworkConfig, kind: str) -> None:
    state = learned_state(tiny_network, kind=kind)
    snapshot = state.snapshot({"note": "x"})
    tensors = {name: tensor.clone().contiguous() for name, tensor in snapshot.tensors.items()}
    assert snapshot.state["note"] == "x" and snapshot.state["counters"]["step"] == 2

    fresh = learned_state(tiny_network, kind=kind, steps=0)
    fresh.restore(Snapshot(tensors, snapshot.state))
    again = fresh.snapshot({"note": "x"})
    assert again.state == snapshot.state
    assert again.tensors.keys() == snapshot.tensors.keys()
    for name, tensor in again.tensors.items():
        assert torch.equal(tensor, snapshot.tensors[name]), name
        assert layout(tensor) == layout(snapshot.tensors[name]), name


def test_the_optimiser_goes_on_as_if_nothing_had_happened(tiny_network: NetworkConfig) -> None:
    state = learned_state(tiny_network)
    fresh = learned_state(tiny_network, steps=0)
    fresh.restore(state.snapshot({}))
    inputs = torch.randn(2, 4, 32, 32)
    for one in (state, fresh):
        one.optimiser.zero_grad()
        one.net(inputs).square().mean().backward()
        one.optimiser.step()
    for left, right in zip(state.net.parameters(), fresh.net.parameters(), strict=True):
        assert torch.equal(left, right)


def test_sums_and_generators_are_part_of_it(tiny_network: NetworkConfig) -> None:
    state = learned_state(tiny_network)
    snapshot = state.snapshot({})
    expected = torch.rand(3)
    fresh = learned_state(tiny_network, steps=0)
    fresh.restore(snapshot)
    assert torch.equal(torch.rand(3), expected)
    assert fresh.sums.tolist() == [3.0] * len(SUMS)


def test_a_snapshot_of_another_network_is_refused(tiny_network: NetworkConfig) -> None:
    state = learned_state(tiny_network, steps=0)
    snapshot = state.snapshot({})
    del snapshot.tensors["model/head.logit.weight"]
    with pytest.raises(ModelError, match="does not fit the run"):
        state.restore(snapshot)
