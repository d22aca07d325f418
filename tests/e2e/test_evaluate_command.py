"""`extremecut evaluate` on tiny folders, with a network that answers every crop with an ellipse."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from extremecut.cli import evaluate
from extremecut.cli.main import main
from extremecut.confidence import FEATURES, ConfidenceModel
from extremecut.datasets.description import KINDS
from extremecut.datasets.synthetic import SyntheticObjects, ellipse_mask
from extremecut.geometry.boxes import Margin
from extremecut.inputs import InputSpec
from extremecut.runtime.backend import to_metadata

SPEC = InputSpec(size_px=32, margin=Margin(0.25, "box"))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An ONNX file whose answer is the ellipse that touches the points' box in the crop."""
    center = (SPEC.size_px - 1) / 2
    radius = SPEC.size_px / 3
    size_hw = (SPEC.size_px, SPEC.size_px)
    inside = ellipse_mask(size_hw, center_xy=(center, center), radii_xy=(radius, radius))
    answer = np.where(inside, 0.9, 0.1).astype(np.float32)[None, None]
    numbers = {"channel": [3], "end": [4], "axis": [1]}
    constants = [
        numpy_helper.from_array(np.array(value, np.int64), key) for key, value in numbers.items()
    ]
    constants += [
        numpy_helper.from_array(answer, "answer"),
        numpy_helper.from_array(np.zeros(1, np.float32), "nothing"),
    ]
    nodes = [
        helper.make_node("Slice", ["input", "channel", "end", "axis"], ["guidance"]),
        helper.make_node("Mul", ["guidance", "nothing"], ["zeros"]),
        helper.make_node("Add", ["zeros", "answer"], ["probability"]),
    ]
    shape = ["batch", 4, *size_hw]
    graph = helper.make_graph(
        nodes,
        "ellipse",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("probability", TensorProto.FLOAT, ["batch", 1, *size_hw])],
        constants,
    )
    built = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    weights = (1.0,) + (0.0,) * (len(FEATURES) - 1)
    confidence = ConfidenceModel(weights, fitted_on="nothing")
    metadata = to_metadata(SPEC, card={"name": "ellipse net"}, network={}, confidence=confidence)
    helper.set_model_props(built, metadata)
    path = tmp_path_factory.mktemp("model") / "ellipse.onnx"
    onnx.save(built, path)
    return path


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six drawn objects as a folder of images and masks."""
    root = tmp_path_factory.mktemp("photos")
    (root / "images").mkdir()
    (root / "masks").mkdir()
    for index in range(6):
        sample = SyntheticObjects(6)[index]
        Image.fromarray(sample.image).save(root / "images" / f"{index}.png")
        Image.fromarray(sample.mask).save(root / "masks" / f"{index}.png")
    for path in (root / "masks").iterdir():  # as most tools write them: 0 and 255
        with Image.open(path) as picture:
            grey = picture.convert("L")
        grey.save(path)
    return root


def parsed(*words: str | Path) -> Namespace:
    parser = ArgumentParser()
    evaluate.configure(parser)
    argv = [str(word) for word in words]
    return parser.parse_args(argv, Namespace(argv=["evaluate", *argv]))


def test_tables_are_printed(model: Path, photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.run(parsed("--data", photos, "--model", model, "--noise", "0")) == 0

    text = capsys.readouterr().out
    assert "- model: ellipse net, sha256 " in text
    assert f"| masks | 6 | `masks:{photos}/images,{photos}/masks?strict=1` |" in text
    assert "| masks | exact | ellipse net | 6 |" in text
    assert "noise" not in text.split("| data | points |")[1]


def test_json_holds_model_baselines_noise_and_sweep(
    model: Path, photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--data", f"masks:{photos}/images,{photos}/masks?first=4&name=mine", "--data",
             "synthetic:?count=3", "--baselines", "ellipse,grabcut-box", "--baseline-limit", "1",
             "--sweep", "--noise", "2"]  # fmt: skip

    evaluate.run(parsed(*words, "--model", model, "--json"))

    content = json.loads(capsys.readouterr().out)
    lines = [(s["data"], s["method"], s["noise_px"], s["count"]) for s in content["summaries"]]
    assert lines == [
        ("mine", "ellipse net", 0.0, 4),
        ("mine", "ellipse net", 2.0, 4),
        ("mine", "ellipse net", 0.0, 1),
        ("mine", "ellipse through the points", 0.0, 1),
        ("mine", "GrabCut from the box", 0.0, 1),
        ("synthetic", "ellipse net", 0.0, 3),
        ("synthetic", "ellipse net", 2.0, 3),
        ("synthetic", "ellipse net", 0.0, 1),
        ("synthetic", "ellipse through the points", 0.0, 1),
        ("synthetic", "GrabCut from the box", 0.0, 1),
    ]
    # The network answers with 0.9 and 0.1: the threshold makes no difference between the two.
    middle = content["sweep"]["mine"][1:-1]
    assert middle == pytest.approx([content["summaries"][0]["mean_iou"]] * len(middle), abs=0.05)
    assert content["summaries"][0]["reliability"]["count"] == 4
    assert content["provenance"]["device"].startswith("onnxruntime")


def test_a_report_is_written(
    model: Path, photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "report"

    evaluate.run(
        parsed("--data", photos, "--model", model, "-o", out, "--worst", "3", "--limit", "4")
    )

    assert sorted(path.name for path in out.iterdir()) == [
        "objects.csv", "reliability.png", "report.json", "report.md", "worst.png",
    ]  # fmt: skip
    assert (out / "report.md").read_text() == capsys.readouterr().out
    assert len((out / "objects.csv").read_text().splitlines()) == 1 + 2 * 4
    with Image.open(out / "worst.png") as picture:
        assert picture.size == (3 * 256, 256 + 34)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "nothing to evaluate on"),
        (["--suite", "test"], "--suite and --root belong together"),
        (["--data", "synthetic:?count=0"], "synthetic:.count=0 has no objects"),
        (["--data", "synthetic:?count=2", "--data", "synthetic:?count=1"], "add name=... to one"),
        (["--data", "nowhere"], "nowhere is neither a folder"),
        (["--suite", "test", "--root", "nowhere"], "nowhere"),
    ],
)
def test_what_cannot_be_evaluated_is_said(model: Path, words: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        evaluate.run(parsed(*words, "--model", model))


@pytest.mark.parametrize(
        "words",
    [
        ["--baselines", "magic"], ["--noise", "-1"], ["--noise", "1e308"], ["--limit", "x"],
        ["--suite", "train"],
    ],
)  # fmt: skip
def test_wrong_words_end_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        parsed(*words)

    assert stopped.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_the_command_fails_with_one_line_and_leaves_nothing(model: Path, tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "masks").mkdir()
    Image.new("RGB", (9, 9)).save(tmp_path / "images" / "a.jpg")
    (tmp_path / "masks" / "a.png").write_bytes(b"\x89PNG cut")
    command = [sys.executable, "-m", "extremecut", "evaluate", "--data", str(tmp_path)]
    out = tmp_path / "out"

    done = subprocess.run(
        [*command, "--model", str(model), "-o", str(out / "of" / "today")],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert "masks/a.png cannot be read" in done.stderr
    assert not out.exists()


def test_a_run_that_fails_takes_the_folders_away_that_it_made(model: Path, tmp_path: Path) -> None:
    for folder, size in (("images", (9, 8)), ("masks", (9, 9))):
        (tmp_path / folder).mkdir()
        Image.new("L", size, 255).save(tmp_path / folder / "a.png")
    (tmp_path / "old").mkdir()
    words = ["evaluate", "--data", str(tmp_path), "--model", str(model)]

    for out in ("old", "old/x", "new/x/y"):
        assert main([*words, "-o", str(tmp_path / out)]) == 1

    assert sorted(path.name for path in tmp_path.iterdir()) == ["images", "masks", "old"]
    assert list((tmp_path / "old").iterdir()) == []


def test_a_folder_that_takes_no_files_is_found_out_before_the_run(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    def begin(*_: object, **__: object) -> None:
        raise AssertionError("the run began")

    monkeypatch.setattr(Path, "touch", refuse)
    monkeypatch.setattr("extremecut.evaluation.evaluate.evaluate_all", begin)
    with pytest.raises(PermissionError, match="no file can be made here"):
        evaluate.run(
            parsed("--data", "synthetic:?count=2", "--model", model, "-o", tmp_path / "new")
        )
    assert list(tmp_path.iterdir()) == []


def test_the_report_names_the_command_that_was_run(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["evaluate", "--data", "synthetic:?count=2", "--model", str(model), "--noise", "0"]

    assert main(words) == 0

    command = f"extremecut evaluate --data 'synthetic:?count=2' --model {model} --noise 0"
    assert f"- command: `{command}`" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform != "linux", reason="file names are text here")
def test_a_narrow_terminal_and_names_that_are_no_text_end_no_run(
    model: Path, photos: Path, tmp_path: Path
) -> None:
    data = tmp_path / os.fsdecode(b"caf\xe9")
    for folder in ("images", "masks"):
        (data / folder).mkdir(parents=True)
        shutil.copy(photos / folder / "0.png", data / folder / os.fsdecode(b"caf\xe9.png"))
    command = [sys.executable, "-m", "extremecut", "evaluate", "--model", str(model), "--data"]
    shown = {"cp1252": (b"caf\\udce9", b"\\u2192"), "utf-8": (b"caf\xe9", "→".encode())}
    for encoding, (name, arrow) in shown.items():
        done = subprocess.run(
            [*command, os.fsencode(data)],
            env={**os.environ, "PYTHONIOENCODING": encoding},
            capture_output=True, timeout=120, check=False,
        )  # fmt: skip

        assert (done.returncode, done.stderr) == (0, b"")
        assert name in done.stdout and arrow in done.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_the_help_names_every_option_of_a_data_description(kind: str) -> None:
    assert [name for name in KINDS[kind].options if name not in evaluate.DESCRIPTION] == []
