from __future__ import annotations

import pytest
import torch

from extremecut.errors import ConfigError
from extremecut.networks.batch_norm import batch_norms
from extremecut.networks.dextr_net import DextrNet, NetworkConfig
from extremecut.networks.mobilenet_v2 import FULL_INNER_CHANNELS
from extremecut.networks.slimming import choose_widths, removal_order, slim, with_fewer_inputs

WIDTHS = tuple(width // 4 for width in FULL_INNER_CHANNELS)
"""Slimming full ones takes a minute of two cores."""


def network() -> DextrNet:
    config = NetworkConfig(head="skip-16", output_stride=32, inner_channels=WIDTHS)
    net = DextrNet(config).eval()
    for norm in batch_norms(net):
        norm.running_mean.uniform_(-0.5, 0.5)  # type: ignore[union-attr]
        norm.running_var.uniform_(0.5, 2.0)  # type: ignore[union-attr]
    return net


def test_what_another_input_says_as_well_goes_first_and_at_no_loss() -> None:
    # The third is the sum of the others; none but the fourth, which nobody listens to, is idle.
    values = torch.randn(5000, 2, dtype=torch.float64)
    inputs = torch.column_stack([values, values.sum(1), torch.randn(5000, dtype=torch.float64)])
    covariance = torch.cov(inputs.T)
    weights = torch.tensor([[1.0, 2.0, 3.0, 0.0]], dtype=torch.float64)
    order, lost = removal_order(weights, covariance)
    assert int(order[0]) == 3 and sorted(order.tolist()) == [0, 1, 2, 3]
    assert lost[2] < 1e-3  # one of the three is not needed
    assert lost[3] > 0.01 and lost[4] == pytest.approx(1.0, abs=1e-3)
    kept = order[2:].sort().values
    answer = inputs[:, kept] @ with_fewer_inputs(weights, covariance, kept).T
    torch.testing.assert_close(answer, inputs @ weights.T, rtol=1e-2, atol=1e-2)


def test_the_loss_that_is_foretold_is_that_of_the_new_weights() -> None:
    inputs = torch.randn(4000, 12, dtype=torch.float64) @ torch.randn(12, 12, dtype=torch.float64)
    weights, covariance = torch.randn(5, 12, dtype=torch.float64), torch.cov(inputs.T)
    order, lost = removal_order(weights, covariance)
    kept = order[4:].sort().values
    error = inputs @ weights.T - inputs[:, kept] @ with_fewer_inputs(weights, covariance, kept).T
    share = error.var(0).sum() / (inputs @ weights.T).var(0).sum()
    assert float(share) == pytest.approx(float(lost[4]), rel=0.01)
    assert (lost.diff() >= 0).all()


def test_widths_shrink_where_channels_are_missed_least_for_their_work() -> None:
    flat, steep = torch.linspace(0, 0.01, 33), torch.linspace(0, 1, 33)
    assert choose_widths([flat, steep], [10, 10], 0.75) == (16, 32)
    assert choose_widths([flat, flat], [100, 10], 0.8) == (24, 32)
    assert choose_widths([flat, steep], [10, 10], 1.0) == (32, 32)
    assert choose_widths([flat, steep], [10, 10], 1e-9) == (8, 8)


def test_a_network_without_some_channels_answers_nearly_the_same() -> None:
    net = network()
    inputs = torch.rand(6, 4, 64, 64)
    slimmed = slim(net, [inputs[:3], inputs[3:]], 0.9)
    widths = slimmed.config.inner_channels
    assert all(a <= b for a, b in zip(widths, WIDTHS, strict=True))
    assert sum(widths) < sum(WIDTHS) and not slimmed.training
    assert [block.expand.conv.out_channels for block in slimmed.backbone.blocks] == list(widths)
    with torch.inference_mode():
        wanted, got = net(inputs), slimmed(inputs)
        crude = slim(net, [inputs], 0.2)(inputs)
    error = (got - wanted).square().mean()
    assert error < 0.05 * wanted.var() and error < (crude - wanted).square().mean()


def test_all_of_it_kept_is_the_network_itself() -> None:
    net = network()
    inputs = torch.rand(4, 4, 64, 64)
    slimmed = slim(net, [inputs], 1.0)
    assert slimmed.config.inner_channels == WIDTHS
    with torch.inference_mode():
        torch.testing.assert_close(slimmed(inputs), net(inputs), rtol=1e-3, atol=1e-4)


def test_other_networks_and_other_shares_are_refused() -> None:
    with pytest.raises(ConfigError, match="only mobilenet_v2"):
        slim(DextrNet(NetworkConfig(backbone="resnet18")), [], 0.5)
    for share in (0.0, -1.0, 1.5, float("nan")):
        with pytest.raises(ConfigError, match="share to keep"):
            slim(network(), [], share)
