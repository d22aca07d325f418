from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from extremecut.errors import ModelError
from extremecut.runtime import model_store
from extremecut.runtime.download import DownloadError, OnProgress, part_path
from extremecut.runtime.model_store import (
    DOWNLOADABLE,
    EMBEDDED_MODEL,
    address,
    cache_folder,
    cached_path,
    download,
    locate,
    remembered,
)

NAME = "dextr_coco"
MODEL = b"PK\x03\x04 a model"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EXTREMECUT_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("EXTREMECUT_MIRROR", raising=False)
    return tmp_path / "cache"


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes | str]:
    """Stands in for the network: "content" is what comes, "error" what goes wrong."""
    state: dict[str, bytes | str] = {"content": MODEL}

    def fetch(url: str, target: Path, *, on_progress: OnProgress | None = None) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        state["url"] = url
        if "error" in state:
            part_path(target).write_bytes(b"half")
            raise DownloadError(str(state["error"]))
        target.write_bytes(bytes(state["content"]))

    monkeypatch.setattr(model_store, "fetch", fetch)
    return state


def test_the_cache_folder_follows_the_variable_and_the_platform(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cache_folder() == cache
    monkeypatch.delenv("EXTREMECUT_CACHE")
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert cache_folder() == Path("/home/me/.cache/extremecut")
    monkeypatch.setenv("XDG_CACHE_HOME", "/var/me")
    assert cache_folder() == Path("/var/me/extremecut")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert cache_folder() == Path("/home/me/Library/Caches/extremecut")
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", "/local")
    assert cache_folder() == Path("/local/extremecut/Cache")


def test_without_a_home_the_variable_is_asked_for(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def homeless(path: str) -> str:
        return path  # what Python does where there is neither HOME nor such a user

    monkeypatch.delenv("EXTREMECUT_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os.path, "expanduser", homeless)
    with pytest.raises(ModelError, match="set HOME, or EXTREMECUT_CACHE to a folder"):
        cache_folder()


def test_the_released_models_are_known_by_name_and_address() -> None:
    assert set(DOWNLOADABLE) == {"dextr_pascal-sbd", "dextr_pascal", "dextr_coco"}
    for name, model in DOWNLOADABLE.items():
        assert model.url.startswith("https://data.vision.ee.ethz.ch/kmaninis/share/DEXTR/")
        assert model.file_name == f"{name}.pth" and model.licence == "MIT"


def test_a_mirror_replaces_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTREMECUT_MIRROR", "http://here/models/")
    assert address(DOWNLOADABLE[NAME]) == "http://here/models/dextr_coco.pth"


def test_the_first_download_s_hash_is_remembered(
    cache: Path, network: dict[str, bytes | str]
) -> None:
    assert remembered(NAME) is None
    path = download(NAME)
    assert path == cache / "dextr_coco.pth" == cached_path(NAME) and path.read_bytes() == MODEL
    assert network["url"] == DOWNLOADABLE[NAME].url
    entry = remembered(NAME)
    assert entry is not None and entry["size_bytes"] == len(MODEL)
    assert json.loads((cache / "downloads.json").read_text())[NAME] == entry


def test_what_is_there_is_checked_and_not_fetched_again(network: dict[str, bytes | str]) -> None:
    download(NAME)
    network["error"] = "must not be asked"
    assert download(NAME).read_bytes() == MODEL


def test_another_file_than_the_first_time_is_refused(network: dict[str, bytes | str]) -> None:
    path = download(NAME)
    path.unlink()
    network["content"] = MODEL + b"!"
    with pytest.raises(ModelError, match="not the file that was downloaded first"):
        download(NAME)


def test_a_file_put_there_by_hand_is_taken(cache: Path, network: dict[str, bytes | str]) -> None:
    cache.mkdir()
    cached_path(NAME).write_bytes(MODEL)
    network["error"] = "no network"
    assert download(NAME) == cached_path(NAME) and remembered(NAME) is not None


def test_without_a_network_the_message_says_what_to_do_by_hand(
    network: dict[str, bytes | str],
) -> None:
    network["error"] = "the connection failed"
    with pytest.raises(ModelError) as caught:
        download(NAME)
    message = str(caught.value)
    assert "the connection failed (what came is kept; the same command resumes)" in message
    assert f"fetch {DOWNLOADABLE[NAME].url} and put it at {cached_path(NAME)}" in message


def test_a_login_page_is_not_kept(network: dict[str, bytes | str]) -> None:
    network["content"] = b"<html>Please log in</html>"
    with pytest.raises(ModelError, match="login page"):
        download(NAME)
    assert not cached_path(NAME).exists() and remembered(NAME) is None


def test_a_wrong_file_put_there_by_hand_is_left_alone(cache: Path) -> None:
    cache.mkdir()
    cached_path(NAME).write_bytes(b"my notes")
    with pytest.raises(ModelError, match="not a PyTorch file"):
        download(NAME)
    assert cached_path(NAME).read_bytes() == b"my notes"


def test_unknown_names_are_answered_with_the_known_ones() -> None:
    with pytest.raises(ModelError, match=r"no model 'dextr' .* dextr_pascal-sbd, .*'small' comes"):
        download("dextr")


def test_damaged_records_are_named(cache: Path, network: dict[str, bytes | str]) -> None:
    cache.mkdir()
    (cache / "downloads.json").write_text("{")
    with pytest.raises(ModelError, match=r"downloads\.json cannot be read"):
        download(NAME)


def test_models_are_located_by_file_or_name(
    tmp_path: Path, network: dict[str, bytes | str]
) -> None:
    (tmp_path / "mine").write_bytes(b"")
    assert locate(tmp_path / "mine") == tmp_path / "mine"
    assert locate("small") == EMBEDDED_MODEL
    with pytest.raises(ModelError, match="not here yet; type: extremecut models download"):
        locate(NAME)
    download(NAME)
    assert locate(NAME) == cached_path(NAME)
    with pytest.raises(ModelError, match=r"no such model: nothing\.onnx"):
        locate("nothing.onnx")


def test_a_folder_hides_no_model_of_its_name(
    tmp_path: Path, network: dict[str, bytes | str], monkeypatch: pytest.MonkeyPatch
) -> None:
    download(NAME)
    monkeypatch.chdir(tmp_path)
    for name in ("small", NAME, "other"):
        Path(name).mkdir()
    assert locate("small") == EMBEDDED_MODEL
    assert locate(NAME) == cached_path(NAME)
    assert locate("other") == Path("other")  # opening it says that it is a folder
