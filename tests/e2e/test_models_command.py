"""`extremecut models` as a person types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from extremecut import Segmenter
from extremecut.cli.main import main
from extremecut.inputs import InputSpec
from extremecut.networks.checkpoints import save_checkpoint
from extremecut.networks.dextr_net import DextrNet, NetworkConfig

KEYS = Path(__file__).resolve().parents[1] / "parity" / "official_psp_keys.json"


@pytest.fixture(autouse=True)
def quiet_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.set_num_threads(1)
    monkeypatch.setenv("EXTREMECUT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """A file with the released one's names and shapes; one number stands behind each tensor."""
    shapes = json.loads(KEYS.read_text())
    tensors = {
        name: torch.full((1,), 0.01).expand(shape) if shape else torch.tensor(1)
        for name, shape in shapes.items()
    }
    folder = tmp_path / "mirror"
    folder.mkdir()
    torch.save(tensors, folder / "dextr_pascal-sbd.pth")
    return folder / "dextr_pascal-sbd.pth"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def mirror(released: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    handler = partial(Quiet, directory=str(released.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        monkeypatch.setenv("EXTREMECUT_MIRROR", url)
        yield url
        server.shutdown()
        thread.join()


def test_download_then_import_by_name(
    mirror: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "download", "dextr_pascal-sbd", "--json"]) == 0
    entry = json.loads(capsys.readouterr().out)
    assert Path(entry["file"]).exists() and len(entry["sha256"]) == 64
    assert main(["models", "list", "--json"]) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)["models"]}
    assert rows["dextr_pascal-sbd"]["file"] == entry["file"] and rows["dextr_coco"]["file"] is None

    output = tmp_path / "dextr.safetensors"
    assert main(["models", "import", "dextr_pascal-sbd", "-o", str(output), "--half"]) == 0
    assert "48,800,385 parameters; " in capsys.readouterr().out
    assert main(["models", "show", str(output)]) == 0
    shown = capsys.readouterr().out
    assert "MIT" in shown and "CVPR 2018" in shown and '"threshold": 0.8' in shown


def test_no_network_leaves_the_address_the_place_and_exit_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EXTREMECUT_MIRROR", "http://127.0.0.1:9")
    assert main(["models", "download", "dextr_coco"]) == 1
    captured = capsys.readouterr()
    assert captured.out == "" and "Traceback" not in captured.err
    assert "fetch http://127.0.0.1:9/dextr_coco.pth and put it at" in captured.err
    assert str(tmp_path / "cache" / "dextr_coco.pth") in captured.err


@pytest.mark.parametrize("content", [b"", b"not a model", b"PK\x03\x04 cut"])
def test_a_wrong_file_is_not_imported(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.pth").write_bytes(content)
    assert main(["models", "import", str(tmp_path / "a.pth"), "-o", str(tmp_path / "out")]) == 1
    assert "a.pth" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["a.pth"]


def test_export_gives_a_file_that_segments_like_the_checkpoint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.manual_seed(0)
    net = DextrNet(NetworkConfig("mobilenet_v2", "aspp"))
    checkpoint, output = tmp_path / "mine.safetensors", tmp_path / "mine.onnx"
    save_checkpoint(checkpoint, net, InputSpec(size_px=64), card={"name": "mine"})
    card = tmp_path / "card.json"
    card.write_text('{"licence": "CC0-1.0"}')
    arguments = ["models", "export", str(checkpoint), "-o", str(output), "--card", str(card)]
    assert main([*arguments, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["largest_difference"] < 1e-4 and report["size_bytes"] == output.stat().st_size

    assert main(["models", "show", str(output), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["sha256"] == report["sha256"] and shown["licence"] == "CC0-1.0"
    image = np.random.default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    points = [[10, 30], [40, 5], [70, 32], [42, 55]]
    found, wanted = (
        Segmenter(path, threads=1).predict(Image.fromarray(image), points).probability
        for path in (output, checkpoint)
    )
    np.testing.assert_allclose(found, wanted, atol=1e-4)


def test_a_damaged_checkpoint_is_not_exported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checkpoint = tmp_path / "mine.safetensors"
    save_checkpoint(checkpoint, DextrNet(NetworkConfig()), InputSpec(size_px=64), card={})
    checkpoint.write_bytes(checkpoint.read_bytes()[:100_000])
    assert main(["models", "export", str(checkpoint), "-o", str(tmp_path / "a.onnx")]) == 1
    assert "cut or not a safetensors file" in capsys.readouterr().err
    assert not (tmp_path / "a.onnx").exists()


@pytest.mark.parametrize("action", ["list", "show", "import", "export", "download"])
def test_every_action_s_help_has_an_example(
    action: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["models", action, "--help"])
    assert caught.value.code == 0
    assert f"example:\n  extremecut models {action}" in capsys.readouterr().out


def test_listing_needs_neither_torch_nor_onnxruntime() -> None:
    program = (
        "import sys; from extremecut.cli.main import main; main(['models', 'list']); "
        "heavy = {'torch', 'onnxruntime', 'onnx', 'safetensors'} & set(sys.modules); "
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=os.environ.copy()
    )
    assert done.returncode == 0, done.stderr
    assert "small" in done.stdout and "dextr_coco" in done.stdout


def test_checkpoints_are_mixed_into_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torch.manual_seed(3)
    for name in ("a", "b"):
        net = DextrNet(NetworkConfig(head="skip-16", output_stride=32))
        save_checkpoint(tmp_path / f"{name}.safetensors", net, InputSpec(size_px=64), card={})
    out = tmp_path / "mixed.safetensors"
    models = [f"{tmp_path}/a.safetensors*0.3", f"{tmp_path}/b.safetensors*0.7"]
    assert main(["models", "mix", *models, "-o", str(out), "--half", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["mixed_from"][1]["share"] == 0.7
    image = np.zeros((40, 60, 3), np.uint8)
    points = [[5, 20], [30, 5], [50, 20], [30, 35]]
    assert Segmenter(out).predict(image, points).mask.shape == (40, 60)
    missing = tmp_path / "nothing.safetensors"
    assert main(["models", "mix", models[0], "missing", "-o", str(missing)]) != 0
    assert not missing.exists() and "missing" in capsys.readouterr().err


def test_a_model_is_slimmed_on_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torch.manual_seed(3)
    wide = tmp_path / "wide.safetensors"
    save_checkpoint(wide, DextrNet(NetworkConfig(output_stride=32)), InputSpec(size_px=64), card={})
    out = tmp_path / "slim.safetensors"
    command = ["models", "slim", str(wide), "--keep", "0.8", "-o", str(out)]
    assert main(command) != 0
    assert "no training data" in capsys.readouterr().err and not out.exists()
    assert main([*command, "--data", "synthetic:?count=8&seed=1", "--half", "--json"]) == 0
    widths = json.loads(capsys.readouterr().out)["inner_channels"]
    assert len(widths) == 17 and out.stat().st_size < 0.55 * wide.stat().st_size
    image = np.zeros((40, 60, 3), np.uint8)
    points = [[5, 20], [30, 5], [50, 20], [30, 35]]
    segmenter = Segmenter(out)
    assert segmenter.predict(image, points).mask.shape == (40, 60)
    assert segmenter.backend.info.card["slimmed"] == {"keep": 0.8, "inner_channels": widths}
    for wrong in ("0", "1.5", "nan"):
        again = [*command[:4], wrong, "--data", "synthetic:?count=8", "-o", str(tmp_path / "x")]
        assert main(again) != 0
        assert "share to keep" in capsys.readouterr().err and not (tmp_path / "x").exists()
