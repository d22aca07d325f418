"""Models whose answers can be worked out by hand, for tests of everything around the network."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from extremecut.confidence import ConfidenceModel
from extremecut.geometry.boxes import Margin
from extremecut.inputs import InputSpec
from extremecut.runtime.backend import ModelInfo, to_metadata

HOLD = """
import sys
from pathlib import Path
from extremecut.file_lock import locked

with locked(Path(sys.argv[1])) as alone:
    print(alone, flush=True)
    sys.stdin.read()
"""

# The points' box covers the middle half of the crop: 48 of 96 pixels.
DISC_SPEC = InputSpec(size_px=96, margin=Margin(0.5, "box"))


def disc(size_px: int) -> np.ndarray:
    """0.9 in the disc that touches the four sides of the points' box, 0.1 outside."""
    centres = np.arange(size_px) + 0.5 - size_px / 2
    inside = np.hypot(centres[:, None], centres[None, :]) < size_px / 4
    return np.where(inside, 0.9, 0.1).astype(np.float32)


class FunctionBackend:
    """A backend whose network is a function of the batch."""

    device = "nothing"

    def __init__(
        self,
        function: Callable[[np.ndarray], np.ndarray],
        spec: InputSpec = DISC_SPEC,
        confidence: ConfidenceModel | None = None,
    ) -> None:
        self.function = function
        self.spec = spec
        self.info = ModelInfo("by hand", confidence=confidence)
        self.batches: list[tuple[int, ...]] = []

    def probabilities(self, batch: np.ndarray) -> np.ndarray:
        self.batches.append(batch.shape)
        return self.function(batch)


@pytest.fixture
def backend_of() -> type[FunctionBackend]:
    """Makes a backend of a function from (B, 4, S, S) to (B, S, S)."""
    return FunctionBackend


@pytest.fixture
def disc_backend() -> FunctionBackend:
    """Finds the ellipse inscribed in the points' box, whatever the image."""
    return FunctionBackend(lambda batch: np.repeat(disc(batch.shape[-1])[None], len(batch), axis=0))


@pytest.fixture(scope="session")
def disc_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a model file, for the command line."""
    onnx = pytest.importorskip("onnx", reason="writing a model file needs the train extra")
    helper = onnx.helper
    side = DISC_SPEC.size_px
    nodes = [
        helper.make_node("Slice", ["input", "start", "end", "axis"], ["guidance"]),
        helper.make_node("Mul", ["guidance", "zero"], ["nothing"]),
        helper.make_node("Add", ["nothing", "disc"], ["probability"]),
    ]
    constants: dict[str, Any] = {
        "start": np.array([3]),
        "end": np.array([4]),
        "axis": np.array([1]),
        "zero": np.zeros(1, np.float32),
        "disc": disc(side)[None, None],
    }
    graph = helper.make_graph(
        nodes,
        "disc",
        [helper.make_tensor_value_info("input", 1, ["batch", 4, side, side])],
        [helper.make_tensor_value_info("probability", 1, ["batch", 1, side, side])],
        [onnx.numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    confidence = ConfidenceModel((2.0, 0.0, 0.0, 0.0, 0.0, 0.0), "nothing")
    metadata = to_metadata(DISC_SPEC, card={"name": "disc"}, network={}, confidence=confidence)
    helper.set_model_props(model, metadata)
    path = tmp_path_factory.mktemp("models") / "disc.onnx"
    path.write_bytes(model.SerializeToString())
    return path


@pytest.fixture
def hold_lock() -> Iterator[Callable[[Path], subprocess.Popen[str]]]:
    """Starts another process that has a lock until it is killed, at the latest after the test."""
    if sys.platform == "win32":
        pytest.skip("nothing is locked on Windows")
    started: list[subprocess.Popen[str]] = []

    def hold(lock: Path) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(lock)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None and process.stdout.readline() == "True\n"
        return process

    yield hold
    for process in started:
        process.kill()
        process.communicate()
