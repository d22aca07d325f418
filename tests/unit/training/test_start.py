from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from extremecut.datasets.synthetic import SyntheticObjects
from extremecut.errors import ModelError
from extremecut.geometry.boxes import Margin
from extremecut.inputs import InputSpec
from extremecut.networks.batch_norm import batch_norms
from extremecut.networks.checkpoints import save_checkpoint
from extremecut.networks.dextr_net import DextrNet, NetworkConfig
from extremecut.runtime.export import export_onnx
from extremecut.training import start
from extremecut.training.config import TrainConfig
from extremecut.training.start import initial_network, read_model, starting_from
from extremecut.training.stream import ExampleStream


def stream(config: TrainConfig) -> ExampleStream:
    return ExampleStream(
        [SyntheticObjects(4)],
        [1.0],
        spec=config.spec,
        augmentation=config.augmentation,
        noise=config.noise,
        seed=1,
    )


@pytest.fixture
def checkpoint(tiny_network: NetworkConfig, tmp_path: Path) -> str:
    path = tmp_path / "start.safetensors"
    spec = InputSpec(size_px=48, threshold=0.4)
    save_checkpoint(path, started(tiny_network), spec, card={"name": "start"})
    return str(path)


def started(network: NetworkConfig) -> DextrNet:
    """A network whose batch norms have statistics."""
    torch.manual_seed(5)
    net = DextrNet(network)
    for norm in batch_norms(net):
        assert norm.running_mean is not None
        norm.running_mean.fill_(0.1)
    return net.eval()


def test_a_checkpoint_brings_its_network_spec_and_weights(
    tiny_config: Callable[..., TrainConfig], checkpoint: str
) -> None:
    wanted = NetworkConfig(frozen="early")
    config = starting_from(replace(tiny_config(), network=wanted), checkpoint)
    # What learns is the run's decision, not the model's.
    assert (config.network.backbone, config.network.frozen) == ("tiny", "early")
    config = starting_from(tiny_config(), checkpoint)
    assert config.network.frozen == "nothing"
    assert config.spec == InputSpec(size_px=48, threshold=0.4)
    assert config.augmentation.long_side_px == pytest.approx((0.45 * 48, 1.5 * 48))
    expected = started(config.network)
    torch.manual_seed(6)
    net = initial_network(config, stream(config)).eval()
    first = "backbone.first.0.weight"
    assert torch.equal(net.state_dict()[first], expected.state_dict()[first])
    inputs = torch.from_numpy(stream(config)[0].array)[None]
    with torch.no_grad():
        assert torch.allclose(net(inputs), expected(inputs), atol=1e-4)
    # Batch norm's statistics are restated for the new data; the function stays.
    assert all(bool((norm.running_mean != 0.1).any()) for norm in batch_norms(net))


def test_the_recipe_s_network_takes_what_the_model_has_and_draws_the_rest(
    tiny_config: Callable[..., TrainConfig], checkpoint: str
) -> None:
    wanted = replace(read_model(checkpoint).net.config, head="skip-16")
    config = starting_from(replace(tiny_config(), network=wanted), checkpoint, recipe_network=True)
    assert config.network == wanted
    known = read_model(checkpoint).net.state_dict()
    torch.manual_seed(6)
    net = initial_network(config, stream(config))
    weights = {name for name in net.state_dict() if name.endswith("weight")}
    new = weights - set(known)
    assert new and all(name.startswith("head.skip_16.") for name in new)
    for name in ("backbone.first.0.weight", "head.fuse_8.0.weight"):
        assert torch.equal(net.state_dict()[name], known[name])


def test_examples_reach_as_far_as_a_margin_in_pixels_of_the_photo(
    tiny_config: Callable[..., TrainConfig], tmp_path: Path
) -> None:
    model = str(tmp_path / "dextr.safetensors")
    spec = InputSpec(size_px=32, margin=Margin(50, "image_px"))
    save_checkpoint(model, DextrNet(tiny_config().network), spec, card={})
    assert starting_from(tiny_config(), model).augmentation.context_px == 80
    save_checkpoint(model, DextrNet(tiny_config().network), InputSpec(size_px=32), card={})
    assert starting_from(tiny_config(), model).augmentation.context_px == 8


def test_layers_that_the_model_has_in_another_form_are_drawn(
    tiny_config: Callable[..., TrainConfig], checkpoint: str
) -> None:
    known = read_model(checkpoint).net
    wanted = replace(known.config, head="skip-16-separable")
    config = starting_from(replace(tiny_config(), network=wanted), checkpoint, recipe_network=True)
    torch.manual_seed(6)
    net = initial_network(config, stream(config))
    assert net.head.fuse_8[0][0].weight.shape == (144, 1, 3, 3)
    for name in ("head.context.0.weight", "head.logit.weight"):
        assert torch.equal(net.state_dict()[name], known.state_dict()[name])


def test_a_model_of_another_backbone_is_no_start_for_the_recipe_s_network(
    tiny_config: Callable[..., TrainConfig], checkpoint: str
) -> None:
    wanted = NetworkConfig("mobilenet_v2", "skip")
    config = starting_from(replace(tiny_config(), network=wanted), checkpoint, recipe_network=True)
    with pytest.raises(ModelError, match="does not fit the network"):
        initial_network(config, stream(config))


def test_an_exported_file_is_as_good_a_start(
    tiny_config: Callable[..., TrainConfig], checkpoint: str, tmp_path: Path
) -> None:
    loaded = read_model(checkpoint)
    path = tmp_path / "start.bin"  # told by content
    export_onnx(loaded.net, path, loaded.spec, card={"name": "start"})
    config = starting_from(tiny_config(), str(path))
    assert config.spec == loaded.spec and config.init == str(path)
    net = initial_network(config, stream(config)).eval()
    inputs = torch.from_numpy(stream(config)[0].array)[None]
    with torch.no_grad():
        assert torch.allclose(net(inputs), loaded.net(inputs), atol=1e-4)
    # Its batch norms know what to expect again.
    assert all(bool((norm.running_mean != 0).any()) for norm in batch_norms(net.backbone))


def test_an_unknown_model_is_named() -> None:
    with pytest.raises(ModelError, match="no such model"):
        read_model("nothing.safetensors")


def test_a_checkpoint_of_another_network_is_refused(
    tiny_config: Callable[..., TrainConfig], checkpoint: str
) -> None:
    config = tiny_config(init=checkpoint, network=NetworkConfig("tiny", head="aspp"))
    with pytest.raises(ModelError, match="does not fit the network"):
        initial_network(config, stream(config))


def test_without_files_weights_come_from_the_generator(
    tiny_config: Callable[..., TrainConfig],
) -> None:
    config = tiny_config()
    nets = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        nets.append(initial_network(config, stream(config)).head.logit.weight)  # type: ignore[union-attr]
    assert torch.equal(nets[0], nets[1]) and not torch.equal(nets[0], nets[2])


def test_folded_batch_norm_gets_statistics_of_the_first_examples(
    tiny_config: Callable[..., TrainConfig], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tiny_config()
    config = replace(config, backbone_weights=str(tmp_path / "folded.safetensors"))
    save_file({"x": torch.zeros(1)}, tmp_path / "folded.safetensors")

    def load_folded(net: DextrNet, path: str) -> None:
        """Leaves mean 0 and variance 1, as a file with folded batch norm does."""

    monkeypatch.setattr(start, "load_imagenet", load_folded)
    torch.manual_seed(1)
    plain = DextrNet(config.network).eval()
    torch.manual_seed(1)
    net = initial_network(config, stream(config)).eval()
    assert all(bool((norm.running_mean != 0).any()) for norm in batch_norms(net.backbone))
    inputs = torch.from_numpy(stream(config)[0].array)[None]
    with torch.no_grad():
        for before, after in zip(plain.backbone(inputs), net.backbone(inputs), strict=True):
            assert torch.allclose(before, after, atol=1e-4)
