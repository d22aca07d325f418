from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import torch

from extremecut.errors import ConfigError, ModelError
from extremecut.inputs import InputSpec
from extremecut.networks.batch_norm import batch_norms, fold, measure_statistics
from extremecut.networks.checkpoints import load_checkpoint, save_checkpoint
from extremecut.networks.dextr_net import DextrNet, NetworkConfig
from extremecut.networks.mixing import Ingredient, mix
from extremecut.runtime.export import export_onnx
from extremecut.training.from_onnx import network_from_onnx

CONFIG = NetworkConfig(head="skip-16", output_stride=32)


def saved(
    path: Path, seed: int, config: NetworkConfig = CONFIG, spec: InputSpec | None = None
) -> str:
    torch.manual_seed(seed)
    card = {"name": path.stem, "metrics": {"coco": 0.8}, "sha256": "0"}
    save_checkpoint(path, DextrNet(config), spec or InputSpec(size_px=64), card=card)
    return str(path)


def folded(name: str) -> DextrNet:
    net = load_checkpoint(name).net
    fold(net, torch.zeros(1, 4, 64, 64))
    return net


def test_weights_are_the_weighted_mean(tmp_path: Path) -> None:
    names = [saved(tmp_path / f"{seed}.safetensors", seed) for seed in (1, 2)]
    mixed = mix([Ingredient(names[0], 1.0), Ingredient(names[1], 3.0)])
    first, second = (folded(name).state_dict() for name in names)
    for name, tensor in mixed.net.state_dict().items():
        if tensor.is_floating_point():
            torch.testing.assert_close(tensor, 0.25 * first[name] + 0.75 * second[name])
    assert not mixed.net.training
    assert mixed.spec == InputSpec(size_px=64) and mixed.confidence is None


def test_the_card_says_what_was_mixed_and_drops_what_no_longer_holds(tmp_path: Path) -> None:
    names = [saved(tmp_path / f"{name}.safetensors", 1) for name in ("one", "two")]
    card = mix([Ingredient(names[0], 3.0), Ingredient(names[1])]).card
    assert card == {
        "name": "one",
        "mixed_from": [
            {"model": "one.safetensors", "share": 0.75},
            {"model": "two.safetensors", "share": 0.25},
        ],
    }


@pytest.mark.parametrize("trained_on", [False, True])
def test_a_model_that_was_exported_mixes_with_one_that_was_not(
    tmp_path: Path, trained_on: bool
) -> None:
    name = saved(tmp_path / "a.safetensors", 1)
    trained = load_checkpoint(name)
    with torch.no_grad():
        for norm in batch_norms(trained.net):
            norm.running_mean.uniform_(-0.5, 0.5)  # type: ignore[union-attr]
            norm.running_var.uniform_(0.5, 2.0)  # type: ignore[union-attr]
            norm.weight.uniform_(0.5, 1.5)
    save_checkpoint(name, trained.net, trained.spec, card={})
    exported = tmp_path / "a.onnx"
    export_onnx(trained.net, exported, trained.spec, card={})
    again = str(tmp_path / "again.safetensors")
    begun = network_from_onnx(exported).net
    if trained_on:  # as a run does that begins from an exported file
        measure_statistics(begun, [torch.rand(4, 4, 64, 64)])
    save_checkpoint(again, begun, trained.spec, card={})
    mixed = mix([Ingredient(name), Ingredient(again)])
    x = torch.rand(1, 4, 64, 64)
    with torch.inference_mode():
        torch.testing.assert_close(mixed.net(x), trained.net(x), rtol=1e-3, atol=1e-4)


def test_models_that_were_frozen_or_cropped_otherwise_mix(tmp_path: Path) -> None:
    frozen = dataclasses.replace(CONFIG, frozen="early")
    names = [
        saved(tmp_path / "a.safetensors", 1),
        saved(tmp_path / "b.safetensors", 1, frozen, InputSpec(size_px=96, threshold=0.6)),
    ]
    assert mix([Ingredient(name) for name in names]).spec.size_px == 64


def test_what_does_not_belong_together_is_refused(tmp_path: Path) -> None:
    name = saved(tmp_path / "a.safetensors", 1)
    other = saved(tmp_path / "b.safetensors", 1, dataclasses.replace(CONFIG, output_stride=16))
    with pytest.raises(ConfigError, match="output_stride"):
        mix([Ingredient(name), Ingredient(other)])
    wide = saved(tmp_path / "c.safetensors", 1, spec=InputSpec(size_px=64, guidance_width_px=20))
    with pytest.raises(ConfigError, match="guidance_width_px"):
        mix([Ingredient(name), Ingredient(wide)])
    with pytest.raises(ConfigError, match="at least two"):
        mix([Ingredient(name)])
    with pytest.raises(ConfigError, match="too large to be added"):
        mix([Ingredient(name, 1e308), Ingredient(name, 1e308)])
    with pytest.raises(ModelError, match="cannot read"):
        mix([Ingredient(name), Ingredient(str(tmp_path / "missing.safetensors"))])


def test_ingredients_are_read_from_text() -> None:
    assert Ingredient.parse("a/b.safetensors") == Ingredient("a/b.safetensors", 1.0)
    assert Ingredient.parse("a.safetensors*0.25") == Ingredient("a.safetensors", 0.25)
    for wrong in ("a.safetensors*much", "a.safetensors*0", "a.safetensors*-1", "a*inf"):
        with pytest.raises(ConfigError):
            Ingredient.parse(wrong)
