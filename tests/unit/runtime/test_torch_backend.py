from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
import torch

from extremecut.errors import ConfigError, ModelError
from extremecut.inputs import InputSpec
from extremecut.networks.checkpoints import Checkpoint, save_checkpoint
from extremecut.networks.dextr_net import DextrNet, NetworkConfig
from extremecut.runtime.torch_backend import TorchBackend

SPEC = InputSpec(size_px=32)


@pytest.fixture(scope="module")
def net() -> DextrNet:
    torch.manual_seed(0)
    return DextrNet(NetworkConfig("mobilenet_v2", "aspp"))


def test_probabilities_are_the_network_s(net: DextrNet) -> None:
    backend = TorchBackend.of_network(net.train(), SPEC)
    assert not net.training, "evaluation mode: batch norm must not see the user's images"
    batch = np.random.default_rng(0).standard_normal((2, 4, 32, 32)).astype(np.float32)
    with torch.no_grad():
        wanted = torch.sigmoid(net(torch.from_numpy(batch)))[:, 0].numpy()
    np.testing.assert_array_equal(backend.probabilities(batch), wanted)
    assert backend.probabilities(batch[:0]).shape == (0, 32, 32)
    assert backend.device == "torch cpu" and backend.info.name == "network"


def test_a_file_s_hash_and_card_are_known(net: DextrNet, tmp_path: Path) -> None:
    path = tmp_path / "mine.st"
    save_checkpoint(path, net, SPEC, card={"made": "today"})
    info = TorchBackend(path).info
    assert info.name == "mine" and info.card == {"made": "today"}
    assert info.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert info.network["head"] == "aspp"


@pytest.mark.parametrize("device", ["abacus", "cuda:99", "meta", "hpu", "privateuseone"])
def test_an_absent_device_is_an_error_that_lists_those_there_are(
    net: DextrNet, device: str
) -> None:
    with pytest.raises(ModelError, match=f"cannot use device '{device}' here; available: cpu"):
        TorchBackend(Checkpoint(net, SPEC), device=device)


@pytest.mark.parametrize(
    ("threads", "wanted"), [(0, "a whole number of at least 1"), (100_000, "at most 1024")]
)
def test_impossible_numbers_of_threads_are_refused(
    net: DextrNet, threads: int, wanted: str
) -> None:
    with pytest.raises(ConfigError, match=f"threads must be {wanted}, got {threads}"):
        TorchBackend(Checkpoint(net, SPEC), threads=threads)
