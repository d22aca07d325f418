from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper

from extremecut.confidence import FEATURES, ConfidenceModel
from extremecut.inputs import InputSpec
from extremecut.runtime.backend import to_metadata

SIDE = 8
SPEC = InputSpec(size_px=SIDE)

MakeModel = Callable[..., Path]


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def make_model(tmp_path: Path) -> MakeModel:
    """Writes a model whose answer is the sigmoid of its own guidance channel."""

    def make(
        name: str = "guidance.onnx",
        *,
        metadata: dict[str, str] | None = None,
        side: int = SIDE,
        output: str = "probability",
        batch: str | int = "batch",
        half: bool = False,
    ) -> Path:
        kind = TensorProto.FLOAT16 if half else TensorProto.FLOAT
        weight = np.zeros((1, 4, 1, 1), np.float16 if half else np.float32)
        weight[0, 3] = 1.0
        graph = helper.make_graph(
            [
                helper.make_node("Conv", ["input", "weight"], ["logit"]),
                helper.make_node("Sigmoid", ["logit"], [output]),
            ],
            "guidance",
            [helper.make_tensor_value_info("input", kind, [batch, 4, side, side])],
            [helper.make_tensor_value_info(output, kind, [batch, 1, side, side])],
            [onnx.numpy_helper.from_array(weight, "weight")],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
        model.ir_version = 8
        if metadata is None:
            confidence = ConfidenceModel((0.0,) * len(FEATURES), "nothing")
            metadata = to_metadata(
                SPEC, card={"name": "guide"}, network={"head": "none"}, confidence=confidence
            )
        helper.set_model_props(model, metadata)
        path = tmp_path / name
        path.write_bytes(model.SerializeToString())
        return path

    return make
