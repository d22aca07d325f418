"""A trained model with less work to do: its network slimmed on what it would be trained on."""

from __future__ import annotations

import os

from extremecut.networks.checkpoints import Checkpoint
from extremecut.networks.slimming import slim
from extremecut.training.recipes import recipe
from extremecut.training.sources import DataConfig, training_sets
from extremecut.training.start import example_stream, first_inputs, read_model, starting_from


def slim_model(model: str | os.PathLike[str], data: DataConfig, keep: float) -> Checkpoint:
    """See `networks.slimming.slim`; the inputs are the first examples of a run of `finetune`.

    The card gains `slimmed`; measures and confidence do not hold any more and are left out.

    Args:
        model: see `read_model`.
        data: its training sets.
        keep: share of the multiplications in the backbone's blocks to keep, in (0, 1].

    Raises:
        ModelError: as `read_model`.
        DataError: a set cannot be read or is empty.
        ConfigError: no data, another backbone than MobileNetV2, another share.
    """
    loaded = read_model(model)
    sets = training_sets(data)
    config = starting_from(recipe("finetune"), os.fspath(model))
    stream = example_stream(config, sets)
    net = slim(loaded.net, first_inputs(stream), keep)
    card = {key: value for key, value in loaded.card.items() if key not in ("metrics", "sha256")}
    card["slimmed"] = {"keep": keep, "inner_channels": list(net.config.inner_channels)}
    return Checkpoint(net, loaded.spec, card)
