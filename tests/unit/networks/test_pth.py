from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

import pytest
import torch

from extremecut.errors import ModelError
from extremecut.networks.pth import looks_like_pth, read_pth


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("prefix", ["", "module."])
def test_both_serialisations_are_read_with_or_without_prefix(
    tmp_path: Path, zipped: bool, prefix: str
) -> None:
    path = tmp_path / "a.pth"
    content = OrderedDict({f"{prefix}a.weight": torch.arange(6.0).reshape(2, 3).double()})
    torch.save(content, path, _use_new_zipfile_serialization=zipped)
    assert looks_like_pth(path)
    tensors = read_pth(path)
    assert list(tensors) == ["a.weight"] and tensors["a.weight"].dtype == torch.float32
    assert torch.equal(tensors["a.weight"], torch.arange(6.0).reshape(2, 3))


def test_a_state_dictionary_in_a_dictionary_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a.pth"
    torch.save({"epoch": 3, "state_dict": {"a": torch.ones(1)}}, path)
    assert list(read_pth(path)) == ["a"]


class Trap:
    """What a malicious file holds: opening it with plain pickle would call `touch`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


@pytest.mark.parametrize("zipped", [True, False])
def test_a_file_that_would_run_code_is_refused_and_nothing_runs(
    tmp_path: Path, zipped: bool
) -> None:
    path, proof = tmp_path / "a.pth", tmp_path / "touched"
    torch.save({"a": Trap(proof)}, path, _use_new_zipfile_serialization=zipped)
    with pytest.raises(ModelError, match=r"more than plain tensors.* is not opened"):
        read_pth(path)
    assert not proof.exists()


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_a_cut_file_is_refused(tmp_path: Path, zipped: bool, share: float) -> None:
    path = tmp_path / "a.pth"
    torch.save({"a": torch.rand(1000)}, path, _use_new_zipfile_serialization=zipped)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ModelError, match=r"damaged|not a PyTorch file"):
        read_pth(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([torch.ones(1)], "holds a list; wanted tensors under names"),
        ({}, "holds a dict; wanted tensors under names"),
        ({"a": 3}, "'a' is a int, not a tensor"),
        ({1: torch.ones(1)}, "the name 1 is no text"),
    ],
)
def test_other_content_is_named(tmp_path: Path, content: object, message: str) -> None:
    torch.save(content, tmp_path / "a.pth")
    with pytest.raises(ModelError, match=message):
        read_pth(tmp_path / "a.pth")


def test_other_files_and_missing_ones(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("<html>")
    with pytest.raises(ModelError, match="not a PyTorch file"):
        read_pth(tmp_path / "a")
    with pytest.raises(ModelError, match="cannot read"):
        read_pth(tmp_path / "b")
