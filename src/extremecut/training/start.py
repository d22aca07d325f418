"""The weights a run begins with."""

from __future__ import annotations

import dataclasses
import math
import os
from collections.abc import Iterator, Mapping, Sequence

import torch
from torch import Tensor, nn

from extremecut.geometry.boxes import Margin
from extremecut.networks.batch_norm import batch_norms, is_folded, measure_statistics
from extremecut.networks.checkpoints import Checkpoint, load_checkpoint, load_into
from extremecut.networks.dextr_net import DextrNet
from extremecut.networks.pretrained import load_imagenet
from extremecut.runtime.model_file import model_kind
from extremecut.runtime.model_store import locate
from extremecut.training.augment import Augmentation
from extremecut.training.config import TrainConfig
from extremecut.training.sources import TrainingSet
from extremecut.training.stream import ExampleStream

STATISTICS_BATCHES, STATISTICS_BATCH_SIZE = 8, 8
"""Examples that batch norm's statistics are measured on."""

MARGIN_REACH = 1.6
"""Context for a margin in pixels, over the margin; the recipe paper has 80 px for 50."""


def read_model(model: str | os.PathLike[str]) -> Checkpoint:
    """A network to start from or to learn from.

    Args:
        model: a checkpoint, an exported ONNX file, or a model's name: "small" is the embedded
            one.

    Raises:
        ModelError: no such model, or its file is damaged or of another kind.
    """
    path = locate(model)
    if model_kind(path) == "onnx":
        from extremecut.training.from_onnx import network_from_onnx

        return network_from_onnx(path)
    return load_checkpoint(path)


def starting_from(config: TrainConfig, model: str, *, recipe_network: bool = False) -> TrainConfig:
    """The run with a model's network, spec and weights as its start.

    The sizes of training objects follow the model's crop size, their context its margin.

    Args:
        recipe_network: keep the configuration's network; layers of its head that the model lacks
            or has in another form start at random.

    Raises:
        ModelError: as `read_model`.
    """
    loaded = read_model(model)
    # What learns is the run's decision, not the model's.
    network = dataclasses.replace(loaded.net.config, frozen=config.network.frozen)
    config = config.with_size(loaded.spec.size_px)
    return dataclasses.replace(
        config,
        init=model,
        backbone_weights=None,
        network=config.network if recipe_network else network,
        spec=loaded.spec,
        augmentation=_reaching(config.augmentation, loaded.spec.margin),
    )


def _reaching(augmentation: Augmentation, margin: Margin) -> Augmentation:
    """With enough context to fill the margin.

    One in pixels of the photo reaches far beyond a small object, where else all would be black;
    noise on the points and turning make it reach farther.
    """
    if margin.unit != "image_px":
        return augmentation
    needed = math.ceil(MARGIN_REACH * margin.amount)
    return dataclasses.replace(augmentation, context_px=max(augmentation.context_px, needed))


def initial_network(config: TrainConfig, stream: ExampleStream) -> DextrNet:
    """The network of a fresh run; what no file holds is drawn from PyTorch's global generator.

    Args:
        stream: its first examples show batch norm what to expect.

    Raises:
        ModelError: a file cannot be read or is of another network.
    """
    net = DextrNet(config.network)
    if config.init:
        start = read_model(config.init).net
        tensors = start.state_dict()
        if start.config != config.network:
            tensors = _with_new_layers(net, tensors)
        load_into(net, tensors, where=config.init)
        # On data of another kind the statistics of a batch are not those the model knows: restated
        # for the new data, training starts at the model's function and not somewhere beside it.
        _measure(net, stream)
    elif config.backbone_weights:
        load_imagenet(net, config.backbone_weights)
        if any(is_folded(norm) for norm in batch_norms(net.backbone)):
            _measure(net.backbone, stream)
    return net


def _with_new_layers(net: DextrNet, known: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A model's tensors, and in place of what it lacks or has in another form, the head's own."""
    own, theirs = _by_layer(net.head.state_dict(prefix="head.")), _by_layer(known)
    new = {
        layer: tensors
        for layer, tensors in own.items()
        if _shapes(tensors) != _shapes(theirs.get(layer, {}))
    }
    return {name: tensor for part in (theirs | new).values() for name, tensor in part.items()}


def _by_layer(tensors: Mapping[str, Tensor]) -> dict[str, dict[str, Tensor]]:
    """By the first two parts of their names: `head.skip_8` of `head.skip_8.0.weight`."""
    layers: dict[str, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        layers.setdefault(".".join(name.split(".")[:2]), {})[name] = tensor
    return layers


def _shapes(tensors: Mapping[str, Tensor]) -> dict[str, torch.Size]:
    return {name: tensor.shape for name, tensor in tensors.items()}


@torch.no_grad()
def _measure(module: nn.Module, stream: ExampleStream) -> None:
    measure_statistics(module, first_inputs(stream))


def example_stream(config: TrainConfig, sets: Sequence[TrainingSet]) -> ExampleStream:
    """The examples of a run."""
    return ExampleStream(
        [item.objects for item in sets],
        [item.weight for item in sets],
        spec=config.spec,
        augmentation=config.augmentation,
        noise=config.noise,
        seed=config.seed,
    )


def first_inputs(stream: ExampleStream) -> Iterator[Tensor]:
    """What a run's network sees first, some dozens of examples: (B, 4, S, S) float32 each."""
    for batch in range(STATISTICS_BATCHES):
        first = batch * STATISTICS_BATCH_SIZE
        arrays = [stream[first + index].array for index in range(STATISTICS_BATCH_SIZE)]
        yield torch.stack([torch.from_numpy(array) for array in arrays])
