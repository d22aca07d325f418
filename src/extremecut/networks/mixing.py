"""One model out of several: a weighted mean of the weights of stages of the same training.

Stages that began from one another lie in one valley of the loss; the mean of their weights errs
less than any of them, at the cost of one (Wortsman et al., "Model soups", ICML 2022).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from extremecut.errors import ConfigError
from extremecut.networks.batch_norm import fold
from extremecut.networks.checkpoints import Checkpoint, load_checkpoint
from extremecut.networks.dextr_net import DextrNet

MAY_DIFFER = (
    "size_px", "threshold", "clip_to_box", "second_look", "colour_odds", "guided_filter",
)  # fmt: skip
"""Fields of the input spec that models to mix need not share: they change no weight's meaning."""


@dataclass(frozen=True, slots=True)
class Ingredient:
    """A model and its share of the mixture."""

    model: str
    """A checkpoint."""
    weight: float = 1.0
    """Shares are weights over the sum of all."""

    def __post_init__(self) -> None:
        if not 0 < self.weight < float("inf"):
            raise ConfigError(f"the weight of {self.model} must be positive, got {self.weight}")

    @classmethod
    def parse(cls, text: str) -> Ingredient:
        """Read "MODEL" or "MODEL*WEIGHT".

        Example:
            >>> Ingredient.parse("runs/a/best.safetensors*0.25").weight
            0.25
        """
        model, star, ending = text.rpartition("*")
        if not star:
            return cls(text)
        try:
            return cls(model, float(ending))
        except ValueError:
            raise ConfigError(f"wanted MODEL or MODEL*WEIGHT, got {text!r}") from None


def mix(ingredients: Sequence[Ingredient]) -> Checkpoint:
    """The weighted mean of all weights.

    Batch norm is folded into the weights first. A stage that began from an exported file has its
    factors there, whatever statistics it measured since, and only folded are stages alike weight
    by weight.

    Input spec and card are the first model's; its confidence and its measures do not hold for the
    mixture and are left out. The card gains `mixed_from`.

    Raises:
        ConfigError: fewer than two models, other networks, or other inputs (`MAY_DIFFER` aside).
        ModelError: as `load_checkpoint`.
    """
    if len(ingredients) < 2:
        raise ConfigError(f"a mixture needs at least two models, got {len(ingredients)}")
    total = sum(item.weight for item in ingredients)
    if total == float("inf"):
        raise ConfigError("the weights of a mixture are too large to be added: give their shares")
    models = [load_checkpoint(item.model) for item in ingredients]
    first = models[0]
    for item, loaded in zip(ingredients, models, strict=True):
        _check(loaded, first, item.model, ingredients[0].model)
        fold(loaded.net, torch.zeros(1, 4, first.spec.size_px, first.spec.size_px))
    tensors: dict[str, Tensor] = {}
    for item, loaded in zip(ingredients, models, strict=True):
        for name, tensor in loaded.net.state_dict().items():
            if not tensor.is_floating_point():
                tensors.setdefault(name, tensor)
            elif name in tensors:
                tensors[name] += tensor * (item.weight / total)
            else:
                tensors[name] = tensor * (item.weight / total)
    net = DextrNet(first.net.config)
    net.load_state_dict(tensors)
    return Checkpoint(net.eval(), first.spec, _card(first.card, ingredients, total))


def _check(loaded: Checkpoint, first: Checkpoint, name: str, first_name: str) -> None:
    """Raise a ConfigError unless the two can be mixed."""

    def meaning(checkpoint: Checkpoint) -> tuple[dict[str, Any], dict[str, Any]]:
        # What learned was the runs' decision; the function is the same.
        network = dataclasses.replace(checkpoint.net.config, frozen="nothing")
        spec = dataclasses.asdict(checkpoint.spec)
        return network.to_dict(), {key: spec[key] for key in spec if key not in MAY_DIFFER}

    differing = [
        key
        for mine, theirs in zip(meaning(loaded), meaning(first), strict=True)
        for key in mine
        if mine[key] != theirs[key]
    ]
    if differing:
        raise ConfigError(
            f"{name} cannot be mixed with {first_name}: they differ in {', '.join(differing)}"
        )


def _card(first: dict[str, Any], ingredients: Sequence[Ingredient], total: float) -> dict[str, Any]:
    card = {key: value for key, value in first.items() if key not in ("metrics", "sha256")}
    card["mixed_from"] = [
        {"model": Path(item.model).name, "share": round(item.weight / total, 4)}
        for item in ingredients
    ]
    return card
