"""What a model file is: card, input spec, terms and hash, for people and programs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extremecut.errors import ModelError
from extremecut.files import sha256_of
from extremecut.runtime.model_file import EMBEDDED_MODEL, open_model
from extremecut.runtime.model_store import (
    DOWNLOADABLE,
    EMBEDDED_LICENCE,
    cached_path,
    locate,
    remembered,
)


def describe(name_or_path: str | os.PathLike[str]) -> dict[str, Any]:
    """Everything `extremecut models show` prints, ready for JSON.

    A `NAME.card.json` beside the file completes the card inside it (measurements made of the
    finished file can only stand outside).

    Raises:
        ModelError: no such model, or a damaged one.
    """
    released = _released(name_or_path)
    if released is not None:
        return released
    path = locate(name_or_path)
    backend = open_model(path)
    info = backend.info
    card = dict(info.card)
    beside = path.with_suffix(".card.json")
    if beside.exists():
        card |= read_card(beside)
        if card.get("sha256") not in (None, info.sha256):
            raise ModelError(
                f"{beside} describes another file: it says SHA-256 {card['sha256']}, {path} has "
                f"{info.sha256}"
            )
    own_terms = path.resolve() == EMBEDDED_MODEL.resolve() and EMBEDDED_LICENCE.exists()
    return {
        "name": info.name,
        "file": str(path),
        "size_bytes": path.stat().st_size,
        "sha256": info.sha256,
        "runs on": backend.device,
        "licence": _licence(card),
        "confidence": info.confidence is not None,
        "spec": json.loads(backend.spec.to_json()),
        "network": info.network,
        "card": {k: v for k, v in card.items() if k not in ("name", "licence", "sha256")},
        "licence_text": EMBEDDED_LICENCE.read_text(encoding="utf-8") if own_terms else None,
    }


def _licence(card: dict[str, Any]) -> str:
    """A model's terms; of one without terms of its own, those of the models it learned from."""
    if "licence" in card:
        return str(card["licence"])
    found = dict.fromkeys(_licences_before(card))
    return f"of the model it learned from: {'; '.join(found)}" if found else "not stated"


def _licences_before(card: dict[str, Any]) -> Iterator[str]:
    for key in ("started_from", "taught_by"):
        entry = card.get(key)
        before = entry.get("card") if isinstance(entry, dict) else None
        if isinstance(before, dict):
            if "licence" in before:
                yield str(before["licence"])
            else:
                yield from _licences_before(before)


def read_card(path: Path) -> dict[str, Any]:
    """A card's JSON object.

    Raises:
        ModelError: not JSON, or not an object.
    """
    try:
        card = json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=_refuse)
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"cannot read the card {path}: {error}") from None
    if not isinstance(card, dict):
        raise ModelError(f"the card {path} must hold a JSON object, got {type(card).__name__}")
    return card


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number of JSON")  # though Python reads and writes it


def _released(name_or_path: str | os.PathLike[str]) -> dict[str, Any] | None:
    """A released model given by name; its file is not opened, only hashed."""
    model = DOWNLOADABLE.get(os.fspath(name_or_path))
    if model is None or Path(name_or_path).is_file():
        return None
    path = cached_path(model.name)
    here = path.exists()
    known = remembered(model.name)
    return {
        "name": model.name,
        "file": str(path) if here else None,
        "size_bytes": path.stat().st_size if here else None,
        "sha256": sha256_of(path) if here else None,
        "first sha256": known.get("sha256") if known else None,
        "licence": model.licence,
        "url": model.url,
        "card": {
            "about": model.about,
            "next": f"extremecut models {'import' if here else 'download'} {model.name}",
        },
        "licence_text": None,
    }
