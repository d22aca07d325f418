from __future__ import annotations

import json
from dataclasses import replace

import pytest

from extremecut.errors import ConfigError
from extremecut.training.config import Intervals, TrainConfig
from extremecut.training.loss import LossWeights
from extremecut.training.recipes import RECIPES, finetune, small
from extremecut.training.sources import DataConfig, SetChoice
from extremecut.training.start import starting_from


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_survives_json(name: str) -> None:
    data = DataConfig(train=(SetChoice("synthetic:?count=3", 0.5),), validation=("a", "b"))
    config = replace(RECIPES[name](), data=data)
    assert TrainConfig.from_json(config.to_json()) == config


def test_the_spec_of_a_model_to_start_from_survives_json() -> None:
    config = starting_from(finetune(), "small")
    assert config.spec.colour_odds is not None
    assert TrainConfig.from_json(config.to_json()) == config


def test_unknown_fields_and_other_text_are_refused() -> None:
    fields = json.loads(small().to_json())
    with pytest.raises(ConfigError, match="no fields colour"):
        TrainConfig.from_json(json.dumps(fields | {"colour": 1}))
    with pytest.raises(ConfigError, match="no fields speed"):
        TrainConfig.from_json(json.dumps(fields | {"optimiser": {"speed": 1}}))
    for text in ("{", "[]", "3"):
        with pytest.raises(ConfigError, match="not a valid training configuration"):
            TrainConfig.from_json(text)


def test_epochs_count_objects() -> None:
    config = replace(small(), steps=None, epochs=2.5, batch_size=4)
    assert config.total_steps(100) == 63
    assert small().total_steps(100) == 8000


def test_another_size_scales_the_objects_along() -> None:
    config = small().with_size(320)
    assert config.spec.size_px == 320
    assert config.augmentation.long_side_px == pytest.approx((0.45 * 320, 1.5 * 320))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"steps": None}, "either steps or epochs"),
        ({"epochs": 1.0}, "either steps or epochs"),
        ({"steps": 0}, "steps must be"),
        ({"steps": None, "epochs": 0.0}, "epochs must be"),
        ({"batch_size": 1}, "batch_size must be"),
        ({"average_decay": 1.0}, "average_decay"),
        ({"seed": -1}, "seed must be in"),
        ({"seed": 2**64}, "seed must be in"),
        ({"init": "a", "backbone_weights": "b"}, "exclude each other"),
        ({"teacher": "a"}, "belong together"),
        ({"corrections": 1.5}, "corrections must be in 0..1"),
        ({"loss": LossWeights(distillation=1.0)}, "belong together"),
    ],
)
def test_contradictions_are_refused(values: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        replace(small(), **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("values", [{"log_every": 0}, {"checkpoint_minutes": 0.0}])
def test_bad_intervals_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match="must be"):
        Intervals(**values)  # type: ignore[arg-type]
