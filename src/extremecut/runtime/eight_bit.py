"""Weights of an ONNX file stored in 8 bits: a quarter of the size, the same arithmetic.

Only the storage changes. Each convolution's weights become whole numbers in -127..127 with one
scale an output channel, and a `DequantizeLinear` node turns them back into floats, once, when
the model is opened; the convolutions themselves still run in float32.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import numpy_helper

SMALLEST_WEIGHTS = 1024
"""Smaller tensors stay as they are: there is nothing to gain."""


def store_weights_in_8_bits(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy of a model with its convolutions' weights in 8 bits.

    Args:
        model: opset 13 or later.
    """
    result = onnx.ModelProto()
    result.CopyFrom(model)
    graph = result.graph
    weights = {node.input[1] for node in graph.node if node.op_type == "Conv"}
    kept = []
    nodes = []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.name not in weights or values.size < SMALLEST_WEIGHTS:
            kept.append(tensor)
            continue
        whole, scale = _quantise(values)
        kept.append(numpy_helper.from_array(whole, f"{tensor.name}.whole"))
        kept.append(numpy_helper.from_array(scale, f"{tensor.name}.scale"))
        nodes.append(
            onnx.helper.make_node(
                "DequantizeLinear",
                [f"{tensor.name}.whole", f"{tensor.name}.scale"],
                [tensor.name],
                name=f"{tensor.name}.restore",
                axis=0,
            )
        )
    del graph.initializer[:]
    graph.initializer.extend(kept)
    nodes.extend(graph.node)
    del graph.node[:]
    graph.node.extend(nodes)
    return result


def _quantise(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(O, ...) float32 -> int8 of the same shape and (O,) float32 scales."""
    flat = weight.reshape(len(weight), -1)
    scale = np.abs(flat).max(axis=1) / 127.0
    scale = np.where(scale > 0, scale, 1.0).astype(np.float32)
    whole = np.rint(flat / scale[:, None]).astype(np.int8)
    return whole.reshape(weight.shape), scale
