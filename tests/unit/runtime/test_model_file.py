from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from extremecut.errors import ConfigError, MissingExtraError, ModelError
from extremecut.inputs import InputSpec
from extremecut.networks.checkpoints import save_checkpoint
from extremecut.networks.dextr_net import DextrNet, NetworkConfig
from extremecut.runtime.model_file import is_embedded, model_kind, open_model

MakeModel = Callable[..., Path]


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    path = tmp_path / "checkpoint.onnx"  # the suffix lies
    save_checkpoint(path, DextrNet(NetworkConfig("mobilenet_v2", "aspp")), InputSpec(), card={})
    return path


def test_kinds_are_told_by_content_not_by_suffix(checkpoint: Path, make_model: MakeModel) -> None:
    onnx_file = make_model("model.safetensors")
    assert model_kind(onnx_file) == "onnx" and model_kind(checkpoint) == "safetensors"
    assert open_model(onnx_file, threads=1).device.startswith("onnxruntime")
    assert open_model(checkpoint).device == "torch cpu"


def test_a_device_is_a_name(checkpoint: Path, make_model: MakeModel) -> None:
    nothing: Any = None
    for path in (checkpoint, make_model("model.onnx")):
        with pytest.raises(ConfigError, match='such as "cpu" or "cuda", got None'):
            open_model(path, device=nothing)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a model: it has only 0 bytes"),
        (b"abc", "not a model: it has only 3 bytes"),
        (b"<!DOCTYPE html><html></html>", "a web page"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "an image"),
        (b"PK\x03\x04" + bytes(20), "PyTorch file.*extremecut models import"),
        (b"\x80\x02}q\x00" + bytes(20), "PyTorch file"),
        (b"just some text, long enough", "is not a model; wanted an ONNX file or a checkpoint"),
    ],
)
def test_foreign_files_are_named_for_what_they_probably_are(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=message):
        open_model(path)


def test_a_file_hides_the_embedded_model_s_name_and_a_folder_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("small").mkdir()
    assert is_embedded("small") and not is_embedded("./small")
    Path("small").rmdir()
    Path("small").touch()
    assert not is_embedded("small")


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(ModelError, match="cannot read the model"):
            open_model(path)


def test_a_pickle_is_never_opened(tmp_path: Path) -> None:
    torch.save({"a": torch.zeros(1)}, tmp_path / "a.pth")
    with pytest.raises(ModelError, match="can run code when opened and is therefore not"):
        open_model(tmp_path / "a.pth")


def test_half_a_file_of_either_kind_is_refused(checkpoint: Path, make_model: MakeModel) -> None:
    for path in (checkpoint, make_model("model.onnx")):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        with pytest.raises(ModelError, match=str(path)):
            open_model(path)


def test_a_checkpoint_without_torch_says_what_to_install(
    checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delitem(sys.modules, "extremecut.runtime.torch_backend", raising=False)
    with pytest.raises(MissingExtraError, match=r"pip install 'extremecut\[train\]'"):
        open_model(checkpoint)
