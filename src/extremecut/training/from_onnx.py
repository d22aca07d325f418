"""A network that learns again, from an ONNX file that `extremecut models export` wrote.

The exporter folds batch norm into the convolutions. Here it is unfolded into one of mean 0 and
variance 1, which computes the same; before training, `networks.batch_norm.measure_statistics`
gives it true statistics.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from extremecut.errors import MissingExtraError, ModelError
from extremecut.networks.batch_norm import only_add
from extremecut.networks.checkpoints import Checkpoint
from extremecut.networks.dextr_net import DextrNet, NetworkConfig
from extremecut.runtime.backend import from_metadata

try:
    import onnx
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
    from onnx import numpy_helper
except ImportError:
    raise MissingExtraError(
        "Training from an ONNX file, the embedded model's too,", "train"
    ) from None

Layer = nn.Conv2d | nn.BatchNorm2d


def network_from_onnx(path: str | os.PathLike[str]) -> Checkpoint:
    """The network, spec and card of an exported file, weights stored in 8 bits included.

    Raises:
        ModelError: the file is damaged, of another kind, or its graph is not the network's.
    """
    try:
        model = onnx.load(path)
    except DecodeError as error:
        raise ModelError(f"{path} is damaged or not an ONNX file: {error}") from None
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    spec, info = from_metadata(metadata, where=str(path), file_stem=Path(path).stem, sha256=None)
    net = DextrNet(NetworkConfig.from_dict(info.network)).eval()
    nodes = iter(
        node for node in model.graph.node if node.op_type in ("Conv", "BatchNormalization")
    )
    constants = _Constants(model.graph)
    try:
        bias: Tensor | None = None  # of a convolution that has none: batch norm's, folded in
        for layer in _layers_as_they_run(net, spec.size_px):
            if bias is not None and isinstance(layer, nn.BatchNorm2d):
                only_add(layer, bias)
                bias = None
                continue
            bias = _fill(layer, next(nodes), constants)
        if next(nodes, None) is not None:
            raise ValueError("the file has more layers")
    except (StopIteration, KeyError, IndexError, ValueError, RuntimeError) as error:
        raise ModelError(
            f"{path} does not hold the network it names, {net.config}: {error}"
        ) from None
    return Checkpoint(net, spec, info.card)


class _Constants:
    """The constant tensors of a graph by name, those stored in 8 bits restored."""

    def __init__(self, graph: onnx.GraphProto) -> None:
        self._stored = {tensor.name: tensor for tensor in graph.initializer}
        # Equal tensors are stored once.
        self._same = {
            node.output[0]: node.input[0] for node in graph.node if node.op_type == "Identity"
        }
        self._restored = {
            node.output[0]: (node.input[0], node.input[1])
            for node in graph.node
            if node.op_type == "DequantizeLinear"
        }

    def __getitem__(self, name: str) -> Tensor:
        name = self._same.get(name, name)
        if name in self._restored:
            whole, scale = (self._array(part) for part in self._restored[name])
            values = whole.astype(np.float32)
            return torch.from_numpy(values * scale.reshape(-1, *[1] * (values.ndim - 1)))
        return torch.from_numpy(self._array(name).astype(np.float32))

    def _array(self, name: str) -> np.ndarray:
        return numpy_helper.to_array(self._stored[name])


def _layers_as_they_run(net: DextrNet, size_px: int) -> Iterator[Layer]:
    """Convolutions and batch norms in the order of the graph, which is that of execution."""
    layers: list[Layer] = []

    def note(layer: nn.Module, inputs: object, output: object) -> None:
        layers.append(layer)  # type: ignore[arg-type]

    handles = [
        module.register_forward_hook(note)
        for module in net.modules()
        if isinstance(module, nn.Conv2d | nn.BatchNorm2d)
    ]
    try:
        with torch.inference_mode():
            net(torch.zeros(1, 4, size_px, size_px))
    finally:
        for handle in handles:
            handle.remove()
    return iter(layers)


@torch.no_grad()
def _fill(layer: Layer, node: onnx.NodeProto, constants: _Constants) -> Tensor | None:
    """Copy a node's constants into its layer.

    Returns:
        The bias of a convolution whose layer has none.
    """
    values = [constants[name] for name in node.input[1:]]
    if isinstance(layer, nn.BatchNorm2d):
        targets = [layer.weight, layer.bias, layer.running_mean, layer.running_var]
    else:
        targets = [layer.weight, layer.bias] if layer.bias is not None else [layer.weight]
    expected = "BatchNormalization" if isinstance(layer, nn.BatchNorm2d) else "Conv"
    if node.op_type != expected or len(values) < len(targets):
        raise ValueError(f"{node.name} is not a {type(layer).__name__}")
    for target, value in zip(targets, values, strict=False):
        assert target is not None
        if target.shape != value.shape:
            raise ValueError(f"{node.name} has {tuple(value.shape)}, not {tuple(target.shape)}")
        target.copy_(value)
    return values[len(targets)] if len(values) > len(targets) else None
