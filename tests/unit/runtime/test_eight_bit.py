from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from extremecut.runtime.eight_bit import store_weights_in_8_bits

CPU = "CPUExecutionProvider"


def model_with(weight: np.ndarray) -> onnx.ModelProto:
    graph = helper.make_graph(
        [helper.make_node("Conv", ["x", "w", "b"], ["y"])],
        "conv",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, weight.shape[1], 1, 1])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, len(weight), 1, 1])],
        [
            numpy_helper.from_array(weight, "w"),
            numpy_helper.from_array(np.ones(len(weight), np.float32), "b"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    return model


def restored(model: onnx.ModelProto) -> np.ndarray:
    values = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    return values["w.whole"] * values["w.scale"][:, None, None, None]


def test_each_output_channel_has_its_own_scale() -> None:
    weight = np.random.default_rng(0).standard_normal((64, 32, 1, 1)).astype(np.float32)
    weight[1] *= 1000
    weight[2] = 0
    model = store_weights_in_8_bits(model_with(weight))
    onnx.checker.check_model(model, full_check=True)
    error = np.abs(restored(model) - weight).reshape(64, -1).max(axis=1)
    half_step = np.abs(weight).reshape(64, -1).max(axis=1) / 127 / 2
    assert (error <= half_step * 1.001).all()
    assert error[2] == 0


def test_the_file_takes_a_quarter_and_computes_with_the_restored_weights() -> None:
    weight = np.random.default_rng(0).standard_normal((64, 64, 1, 1)).astype(np.float32)
    before = model_with(weight)
    after = store_weights_in_8_bits(before)
    assert len(after.SerializeToString()) < 0.32 * len(before.SerializeToString())
    x = np.random.default_rng(1).standard_normal((1, 64, 1, 1)).astype(np.float32)
    session = onnxruntime.InferenceSession(after.SerializeToString(), providers=[CPU])
    (y,) = session.run(None, {"x": x})
    wanted = restored(after)[:, :, 0, 0] @ x[0, :, 0, 0] + 1
    np.testing.assert_allclose(y[0, :, 0, 0], wanted, atol=1e-4)


def test_small_weights_and_the_given_model_stay_as_they_were() -> None:
    weight = np.ones((2, 3, 1, 1), np.float32)
    before = model_with(weight)
    assert store_weights_in_8_bits(before) == before
    large = model_with(np.ones((64, 64, 1, 1), np.float32))
    content = large.SerializeToString()
    store_weights_in_8_bits(large)
    assert large.SerializeToString() == content
