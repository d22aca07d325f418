from __future__ import annotations

from pathlib import Path

import pytest

from extremecut.datasets.synthetic import SyntheticObjects
from extremecut.errors import ConfigError, DataError
from extremecut.training.sources import (
    DataConfig,
    SetChoice,
    distinct_names,
    fingerprint,
    spread_subset,
    training_sets,
    validation_sets,
)

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"


def test_a_weight_follows_the_last_star() -> None:
    assert SetChoice.parse("masks:a,b*0.4") == SetChoice("masks:a,b", 0.4)
    assert SetChoice.parse("masks:a,b") == SetChoice("masks:a,b", 1.0)
    assert SetChoice.parse("masks:a*b,c") == SetChoice("masks:a*b,c", 1.0)
    assert SetChoice.parse("masks:a*b,c*2") == SetChoice("masks:a*b,c", 2.0)


@pytest.mark.parametrize("text", ["masks:a,b*0", "masks:a,b*-1", "masks:a,b*nan", "masks:a,b*inf"])
def test_weights_must_be_positive(text: str) -> None:
    with pytest.raises(ConfigError, match="must be > 0"):
        SetChoice.parse(text)


def test_descriptions_are_opened_with_their_weights() -> None:
    config = DataConfig(
        train=(SetChoice("synthetic:?count=4", 0.7), SetChoice("synthetic:?count=2&name=two")),
        validation=("synthetic:?count=3",),
    )
    sets = training_sets(config)
    assert fingerprint(sets) == [["synthetic", 4, 0.7], ["two", 2, 1.0]]
    assert [len(objects) for objects in validation_sets(config)] == [3]


def test_nothing_to_train_on_is_an_error_but_nothing_to_validate_on_is_not() -> None:
    with pytest.raises(ConfigError, match="no training data"):
        training_sets(DataConfig())
    assert validation_sets(DataConfig()) == []


def test_empty_sets_are_refused() -> None:
    with pytest.raises(DataError, match="holds no objects"):
        training_sets(DataConfig(train=(SetChoice("synthetic:?count=0"),)))
    with pytest.raises(DataError, match="holds no objects"):
        validation_sets(DataConfig(validation=("synthetic:?count=0",)))


def test_two_sources_contradict_each_other() -> None:
    with pytest.raises(ConfigError, match="suite and pack"):
        DataConfig(suite="a", pack="b")
    with pytest.raises(ConfigError, match="leave_out"):
        DataConfig(train=(SetChoice("synthetic:"),), leave_out=("a",))
    with pytest.raises(ConfigError, match="validation_objects"):
        DataConfig(validation_objects=0)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")
def test_the_suite_knows_its_sets_shares_and_terms() -> None:
    others = ("coco", "ecssd", "davis", "ccp-parts", "ccp-whole")
    (item,) = training_sets(DataConfig(suite=str(SHARED), leave_out=others))
    assert (item.objects.name, item.weight) == ("pennfudan", 0.09)
    assert "Penn-Fudan" in item.terms
    (measured,) = validation_sets(DataConfig(suite=str(SHARED), leave_out=others))
    assert measured.name == "pennfudan"
    with pytest.raises(ConfigError, match="no training set is called nuclei"):
        training_sets(DataConfig(suite=str(SHARED), leave_out=("nuclei",)))


def test_sets_of_one_name_are_told_apart() -> None:
    sets = [SyntheticObjects(1), SyntheticObjects(1, name="x"), SyntheticObjects(1)]
    assert distinct_names(sets) == ["synthetic", "x", "synthetic-2"]


def test_a_subset_is_ascending_without_repeats_and_always_the_same() -> None:
    subset = spread_subset(100, 7)
    assert len(subset) == 7 and sorted(set(subset)) == list(subset)
    assert (subset == spread_subset(100, 7)).all()
    assert list(spread_subset(3, 7)) == [0, 1, 2]


def test_numbered_names_meet_no_other_name_nor_that_of_the_mean() -> None:
    given = ("a", "a-2", "a", "mean")
    names = distinct_names([SyntheticObjects(1, name=name) for name in given])
    assert names == ["a", "a-2", "a-3", "mean-2"]
