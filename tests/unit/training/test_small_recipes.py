from __future__ import annotations

from dataclasses import replace

from extremecut.inputs import InputSpec
from extremecut.networks.dextr_net import NetworkConfig
from extremecut.training.recipes import recipe
from extremecut.training.small_recipes import small


def test_the_small_recipe_is_the_one_in_the_documentation() -> None:
    config = small()
    assert config.network == NetworkConfig("mobilenet_v2", "skip-16", 32)
    assert config.spec == InputSpec()
    assert config.augmentation.long_side_px == (0.45 * 256, 1.5 * 256)
    assert (config.optimiser.kind, config.optimiser.learning_rate) == ("adamw", 1e-3)
    assert (config.optimiser.body_factor, config.optimiser.weight_decay) == (0.25, 0.01)
    assert config.optimiser.clip_norm == 5.0
    assert (config.schedule.kind, config.schedule.warmup_steps) == ("cosine", 300)
    assert (config.loss.balanced, config.loss.plain, config.loss.jaccard) == (1.0, 0.5, 1.0)
    assert (config.batch_size, config.average_decay) == (16, 0.999)
    assert config.execution.precision == "auto"


def test_the_parts_of_the_short_road_differ_in_size_rate_and_what_learns() -> None:
    start, middle, finish = (recipe(f"small-{part}") for part in ("start", "middle", "finish"))
    assert [part.spec.size_px for part in (start, middle, finish)] == [192, 256, 288]
    assert (start.optimiser.learning_rate, finish.optimiser.learning_rate) == (1e-3, 7e-4)
    frozen = [part.network.frozen for part in (start, middle, finish)]
    assert frozen == ["nothing", "early", "early"]
    for part in (start, middle, finish):
        assert replace(part.network, frozen="nothing") == small().network
        assert (part.loss, part.noise) == (small().loss, small().noise)


def test_the_separable_recipe_learns_nothing_but_a_decoder_from_nothing_but_a_model() -> None:
    config = recipe("small-separable")
    assert (config.network.frozen, config.network.head) == ("backbone", "skip-16-separable")
    assert config.teacher == "small"
    loss = config.loss
    assert (loss.balanced, loss.plain, loss.jaccard, loss.distillation) == (0.0, 0.0, 0.0, 1.0)
    assert config.spec.size_px == 288
