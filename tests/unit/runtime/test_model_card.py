from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from extremecut.errors import ModelError
from extremecut.files import sha256_of
from extremecut.inputs import InputSpec
from extremecut.runtime import model_card
from extremecut.runtime.backend import to_metadata
from extremecut.runtime.model_card import describe

MakeModel = Callable[..., Path]
CARD = {"name": "guide", "licence": "CC0-1.0", "training_data": "none"}


@pytest.fixture
def model(make_model: MakeModel) -> Path:
    return make_model(metadata=to_metadata(InputSpec(size_px=8), card=CARD, network={}))


def test_card_spec_terms_and_hash_of_a_file(model: Path) -> None:
    found = describe(model)
    assert found["name"] == "guide" and found["licence"] == "CC0-1.0"
    assert found["sha256"] == sha256_of(model) and found["size_bytes"] == model.stat().st_size
    assert found["spec"]["size_px"] == 8 and found["card"] == {"training_data": "none"}
    assert found["confidence"] is False and found["licence_text"] is None
    assert json.loads(json.dumps(found)) == found


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        ({}, "not stated"),
        ({"started_from": {"file": "net.pth", "card": {}}}, "not stated"),
        ({"started_from": {"file": None}}, "not stated"),
        ({"started_from": "a file"}, "not stated"),
        (
            {"started_from": {"card": {"started_from": {"card": {"licence": "not for sale"}}}}},
            "of the model it learned from: not for sale",
        ),
        (
            {
                "started_from": {"card": {"taught_by": {"card": {"licence": "a"}}}},
                "taught_by": {"card": {"licence": "b"}},
            },
            "of the model it learned from: a; b",
        ),
        ({"licence": "mine", "started_from": {"card": {"licence": "not for sale"}}}, "mine"),
    ],
)
def test_terms_of_the_model_before_go_on_to_hold(
    make_model: MakeModel, card: dict[str, object], licence: str
) -> None:
    path = make_model(metadata=to_metadata(InputSpec(size_px=8), card=card, network={}))
    assert describe(path)["licence"] == licence


def test_a_card_beside_the_file_completes_the_one_inside(model: Path) -> None:
    beside = model.with_suffix(".card.json")
    beside.write_text(json.dumps({"sha256": sha256_of(model), "metrics": {"grabcut": 0.9}}))
    assert describe(model)["card"] == {"training_data": "none", "metrics": {"grabcut": 0.9}}


def test_a_card_of_another_file_is_noticed(model: Path) -> None:
    model.with_suffix(".card.json").write_text(json.dumps({"sha256": "00"}))
    with pytest.raises(ModelError, match="describes another file: it says SHA-256 00"):
        describe(model)


def test_a_card_is_utf8_whatever_the_locale(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beside = model.with_suffix(".card.json")
    beside.write_text('{"author": "Zoë"}', encoding="utf-8-sig")
    monkeypatch.setattr("io.text_encoding", lambda encoding, level=2: encoding or "latin-1")
    assert describe(model)["card"]["author"] == "Zoë"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "cannot read the card"),
        ("[" * 100_000, "cannot read the card"),
        ('{"metrics": NaN}', "cannot read the card .*NaN is no number"),
        ("[]", "must hold a JSON object"),
    ],
)
def test_a_damaged_card_is_named(model: Path, text: str, message: str) -> None:
    model.with_suffix(".card.json").write_text(text)
    with pytest.raises(ModelError, match=message):
        describe(model)


def test_the_embedded_model_comes_with_its_terms(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "terms.md").write_text("not for sale")
    monkeypatch.setattr(model_card, "EMBEDDED_MODEL", model)
    monkeypatch.setattr(model_card, "EMBEDDED_LICENCE", tmp_path / "terms.md")
    assert describe(model)["licence_text"] == "not for sale"


def test_a_released_model_is_described_before_and_after_its_download(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXTREMECUT_CACHE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    Path("dextr_coco").mkdir()  # a folder is not meant
    found = describe("dextr_coco")
    assert found["file"] is None and found["licence"] == "MIT"
    assert found["card"]["next"] == "extremecut models download dextr_coco"
    (tmp_path / "dextr_coco.pth").write_bytes(b"PK\x03\x04")
    found = describe("dextr_coco")
    assert found["sha256"] == sha256_of(tmp_path / "dextr_coco.pth")
    assert found["card"]["next"] == "extremecut models import dextr_coco"
