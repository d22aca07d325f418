from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from extremecut.networks.heads import (
    ASPPHead,
    PSPHead,
    PyramidPooling,
    SkipDecoder,
    adaptive_average_pool,
    conv_bn_relu,
    pooling_matrix,
    separable_bn_relu,
)

CHANNELS = (8, 12, 14, 16)


def features(size_4: int = 16) -> tuple[torch.Tensor, ...]:
    return tuple(
        torch.rand(2, channels, size_4 // factor, size_4 // factor)
        for channels, factor in zip(CHANNELS, (1, 2, 4, 8), strict=True)
    )


def test_pooling_matrix_by_hand() -> None:
    wanted = torch.tensor([[0.5, 0.5, 0.0], [0.0, 0.5, 0.5]])
    torch.testing.assert_close(pooling_matrix(3, 2, like=wanted), wanted)


@pytest.mark.parametrize("bins", [1, 2, 3, 6])
@pytest.mark.parametrize("size_hw", [(8, 8), (7, 13), (6, 5)])
def test_matrix_pooling_is_adaptive_average_pooling(bins: int, size_hw: tuple[int, int]) -> None:
    x = torch.rand(2, 3, *size_hw, dtype=torch.float64)
    torch.testing.assert_close(adaptive_average_pool(x, bins), F.adaptive_avg_pool2d(x, bins))


def test_pyramid_puts_the_features_first_then_one_branch_a_bin() -> None:
    pyramid = PyramidPooling(6, 4, align_corners=True).eval()
    x = torch.rand(1, 6, 9, 9)
    with torch.no_grad():
        y = pyramid(x)
        first_branch = pyramid.branches[0](x.mean((2, 3), keepdim=True))
    assert y.shape == (1, 6 + 4 * 4, 9, 9) and pyramid.out_channels == 22
    torch.testing.assert_close(y[:, :6], x)
    torch.testing.assert_close(y[:, 6:10], first_branch.expand(1, 4, 9, 9))


def test_separable_convolutions_are_full_ones_of_rank_one() -> None:
    channels, width = 6, 4
    apart = separable_bn_relu(channels, width).eval()
    alone, across = apart[0].weight, apart[1].weight  # (6, 1, 3, 3) and (4, 6, 1, 1)
    full = conv_bn_relu(channels, width, 3).eval()
    full[0].weight = torch.nn.Parameter(across * alone.transpose(0, 1))
    x = torch.rand(2, channels, 7, 5)
    with torch.no_grad():
        torch.testing.assert_close(apart(x), full(x))


def test_psp_head_gives_one_logit_at_the_last_resolution() -> None:
    with torch.no_grad():
        assert PSPHead(CHANNELS, width=8).eval()(features()).shape == (2, 1, 2, 2)


def test_aspp_head_sums_its_four_rates() -> None:
    head = ASPPHead(CHANNELS).eval()
    assert [branch.dilation[0] for branch in head.branches] == [6, 12, 18, 24]
    deepest = torch.zeros(1, 16, 3, 3)
    with torch.no_grad():
        bias = sum(float(branch.bias) for branch in head.branches)
        y = head((deepest, deepest, deepest, deepest))
    torch.testing.assert_close(y, torch.full((1, 1, 3, 3), bias))


def test_skip_decoder_gives_logits_at_stride_4() -> None:
    with torch.no_grad():
        assert SkipDecoder(CHANNELS).eval()(features()).shape == (2, 1, 16, 16)


def test_only_the_decoder_that_asks_for_it_looks_at_stride_16() -> None:
    stride_4, stride_8, stride_16, deepest = features()
    torch.manual_seed(0)
    for head, looks in ((SkipDecoder(CHANNELS), False), (_with_stride_16(), True)):
        with torch.no_grad():
            before = head.eval()((stride_4, stride_8, stride_16, deepest))
            after = head((stride_4, stride_8, 1 - stride_16, deepest))
        assert (not torch.equal(before, after)) == looks


def _with_stride_16() -> SkipDecoder:
    return SkipDecoder(CHANNELS, with_stride_16=True)
