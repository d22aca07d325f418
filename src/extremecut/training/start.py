"""The weights a run begins with."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from extremecut.networks.batch_norm import batch_norms, measure_statistics
from extremecut.networks.checkpoints import load_checkpoint, load_into
from extremecut.networks.dextr_net import DextrNet
from extremecut.networks.pretrained import load_imagenet
from extremecut.training.config import TrainConfig
from extremecut.training.stream import ExampleStream

STATISTICS_BATCHES, STATISTICS_BATCH_SIZE = 8, 8
"""Examples that batch norm's statistics are measured on where a weight file has none."""


def starting_from(config: TrainConfig, checkpoint: str) -> TrainConfig:
    """The run with a checkpoint's network, spec and weights as its start.

    The sizes of training objects follow the checkpoint's crop size.

    Raises:
        ModelError: the checkpoint cannot be read.
    """
    loaded = load_checkpoint(checkpoint)
    return dataclasses.replace(
        config.with_size(loaded.spec.size_px),
        init=checkpoint,
        backbone_weights=None,
        network=loaded.net.config,
        spec=loaded.spec,
    )


def initial_network(config: TrainConfig, stream: ExampleStream) -> DextrNet:
    """The network of a fresh run; what no file holds is drawn from PyTorch's global generator.

    Args:
        stream: its first examples show batch norm what to expect, where the weight file has
            batch norm folded away.

    Raises:
        ModelError: a file cannot be read or is of another network.
    """
    net = DextrNet(config.network)
    if config.init:
        tensors = load_checkpoint(config.init).net.state_dict()
        load_into(net, tensors, where=config.init)
    elif config.backbone_weights:
        load_imagenet(net, config.backbone_weights)
        if any(_is_folded(norm) for norm in batch_norms(net.backbone)):
            with torch.no_grad():
                measure_statistics(net.backbone, _first_inputs(stream))
    return net


def _is_folded(norm: nn.BatchNorm2d) -> bool:
    assert norm.running_mean is not None and norm.running_var is not None
    return not norm.running_mean.any() and bool((norm.running_var == 1).all())


def _first_inputs(stream: ExampleStream) -> Iterator[Tensor]:
    for batch in range(STATISTICS_BATCHES):
        first = batch * STATISTICS_BATCH_SIZE
        arrays = [stream[first + index].array for index in range(STATISTICS_BATCH_SIZE)]
        yield torch.stack([torch.from_numpy(array) for array in arrays])
