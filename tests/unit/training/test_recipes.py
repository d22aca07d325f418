from __future__ import annotations

import pytest

from extremecut.cli.train import RECIPES as OFFERED
from extremecut.errors import ConfigError
from extremecut.inputs import InputSpec
from extremecut.training.recipes import RECIPES, large, paper, recipe
from extremecut.training.small_recipes import small


def test_the_command_offers_every_recipe_and_each_knows_its_name() -> None:
    assert tuple(RECIPES) == OFFERED
    for name in RECIPES:
        assert recipe(name).recipe == name


def test_an_unknown_recipe_is_refused_with_the_choices() -> None:
    with pytest.raises(ConfigError, match="tiny-test"):
        recipe("huge")


def test_the_paper_recipe_states_the_papers_rates_for_a_mean_over_pixels() -> None:
    config = paper()
    assert config.spec == InputSpec.dextr_2018()
    assert config.network.backbone == "resnet101" and config.network.output_stride == 8
    # 1e-8 for the body, ten times that for the head, times 512 x 512 pixels.
    rate = config.optimiser.learning_rate
    assert rate == pytest.approx(2.62144e-2)
    assert rate * config.optimiser.body_factor == pytest.approx(2.62144e-3)
    assert (config.epochs, config.batch_size) == (100, 5)


def test_small_and_large_see_the_same_guidance() -> None:
    small_spec, large_spec = small().spec, large().spec
    assert large_spec.size_px == 2 * small_spec.size_px
    assert large_spec.guidance_width_px == 2 * small_spec.guidance_width_px
    assert large_spec.margin == small_spec.margin
