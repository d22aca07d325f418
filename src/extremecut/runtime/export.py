"""Checkpoint to ONNX, and the proof that both compute the same."""

from __future__ import annotations

import hashlib
import os
import tempfile
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from extremecut.confidence import ConfidenceModel
from extremecut.errors import ModelError
from extremecut.files import write_bytes
from extremecut.inputs import InputSpec, prepare
from extremecut.networks.dextr_net import DextrNet
from extremecut.runtime.backend import to_metadata
from extremecut.runtime.eight_bit import store_weights_in_8_bits
from extremecut.runtime.onnx_backend import OnnxBackend

OPSET = 17
TOLERANCE = 1e-4
"""Largest difference between a probability by PyTorch and by ONNX Runtime."""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export was measured to be."""

    sha256: str
    """Of the file, in hexadecimal."""
    size_bytes: int
    difference: float
    """Largest absolute difference of a probability between PyTorch and the file."""
    eight_bit: bool
    """Whether weights are stored in 8 bits; the difference then includes their rounding."""


class _WithProbability(nn.Module):
    def __init__(self, net: DextrNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: Tensor) -> Tensor:
        return torch.sigmoid(self.net(x))


def export_onnx(
    net: DextrNet,
    path: str | os.PathLike[str],
    spec: InputSpec,
    *,
    card: Mapping[str, Any],
    confidence: ConfidenceModel | None = None,
    eight_bit: bool = False,
) -> ExportReport:
    """Write an ONNX file, atomically, after checking it against the network.

    Both run on random and on lifelike inputs, in batches of 1 and 3.

    Args:
        net: in any mode, on any device; left as it was.
        eight_bit: store the convolutions' weights as 8-bit whole numbers with one scale an output
            channel, for a quarter of the size. The rounding's effect is reported, not limited.

    Raises:
        ModelError: ONNX's checker refuses the file, or the two disagree by more than `TOLERANCE`.
    """
    model = onnx.load_from_string(_trace(net, spec.size_px))
    _state_output_shape(model, spec.size_px)
    metadata = to_metadata(spec, card=card, network=net.config.to_dict(), confidence=confidence)
    onnx.helper.set_model_props(model, metadata)
    difference = _verify(model, net, spec)
    if difference > TOLERANCE:
        raise ModelError(
            f"PyTorch and ONNX Runtime disagree by {difference:.2g} (at most {TOLERANCE:g} is "
            f"allowed) on the network {net.config}; nothing was written"
        )
    if eight_bit:
        model = store_weights_in_8_bits(model)
        difference = _verify(model, net, spec)
    content = model.SerializeToString()
    write_bytes(path, content)
    sha256 = hashlib.sha256(content).hexdigest()
    return ExportReport(sha256, len(content), difference, eight_bit)


def _trace(net: DextrNet, size_px: int) -> bytes:
    """The graph: `input` (batch, 4, S, S) to `probability` (batch, 1, S, S)."""
    was_training = net.training
    example = torch.zeros(1, 4, size_px, size_px, device=next(net.parameters()).device)
    try:
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            path = Path(folder) / "traced.onnx"
            # The tracing exporter is deprecated in favour of one with further dependencies.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                _WithProbability(net).eval(),
                (example,),
                path,
                input_names=["input"],
                output_names=["probability"],
                dynamic_axes={"input": {0: "batch"}, "probability": {0: "batch"}},
                opset_version=OPSET,
                dynamo=False,
            )
            return path.read_bytes()
    finally:
        net.train(was_training)


def _state_output_shape(model: onnx.ModelProto, size_px: int) -> None:
    """The exporter gives up on sizes behind an enlargement; they are known."""
    dimensions = model.graph.output[0].type.tensor_type.shape.dim
    for dimension, size in zip(dimensions[1:], (1, size_px, size_px), strict=True):
        dimension.dim_value = size


def _verify(model: onnx.ModelProto, net: DextrNet, spec: InputSpec) -> float:
    """Check the file's form and return the largest difference of a probability."""
    try:
        onnx.checker.check_model(model, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise ModelError(f"the exported graph is not valid ONNX: {error}") from None
    backend = OnnxBackend(model.SerializeToString())
    was_training = net.training
    net.eval()
    device = next(net.parameters()).device
    difference = 0.0
    try:
        for batch in (_random_inputs(spec), _lifelike_inputs(spec), _random_inputs(spec)[:1]):
            with torch.inference_mode():
                logits = net(torch.from_numpy(batch).to(device))[:, 0]
                wanted = torch.sigmoid(logits).float().cpu().numpy()
            found = backend.probabilities(batch)
            difference = max(difference, float(np.abs(found - wanted).max()))
    finally:
        net.train(was_training)
    return difference


def _random_inputs(spec: InputSpec) -> NDArray[np.float32]:
    """(3, 4, S, S): noise of the inputs' range."""
    rng = np.random.default_rng(0)
    shape = (3, 4, spec.size_px, spec.size_px)
    noise = rng.standard_normal(shape).astype(np.float32)
    noise[:, :3] *= (127.5 - np.mean(spec.mean_rgb)) / np.mean(spec.std_rgb) + 1.0
    noise[:, 3] *= spec.guidance_range
    return noise


def _lifelike_inputs(spec: InputSpec) -> NDArray[np.float32]:
    """(3, 4, S, S): textured discs on a shaded background, prepared as any photo is."""
    rng = np.random.default_rng(1)
    ys, xs = np.mgrid[0:240, 0:320]
    batch = []
    for radius in (20, 60, 100):
        shade = np.stack([xs * 0.7, ys * 0.9, 255 - xs * 0.5], axis=2)
        disc = (xs - 160) ** 2 + (ys - 120) ** 2 <= radius**2
        shade[disc] = (200, 90, 40)
        image = np.clip(shade + rng.normal(0, 12, shade.shape), 0, 255).astype(np.uint8)
        points = np.array([[160 - radius, 120], [160, 120 - radius]])
        points = np.concatenate([points, (320, 240) - points]).astype(np.float64)
        batch.append(prepare(image, points, spec).array)
    return np.stack(batch)
