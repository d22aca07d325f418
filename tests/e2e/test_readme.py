"""What the README tells a reader to type is what works."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from extremecut import Segmenter

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
BLOCK = re.compile(
    r"(?:<!-- (?P<marker>[\w-]+) -->\n)?```(?P<language>\w+)\n(?P<code>.*?)```", re.S
)
SCRIPTS = Path(sys.executable).parent


def blocks(language: str) -> list[tuple[str | None, str]]:
    return [
        (match["marker"], match["code"])
        for match in BLOCK.finditer(README)
        if match["language"] == language
    ]


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    return tmp_path


def run(command: str | list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        shell=isinstance(command, str),
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_shell_examples_run_in_order(workplace: Path) -> None:
    commands = [
        line for marker, code in blocks("sh") if marker is None for line in code.splitlines()
    ]
    assert len(commands) >= 5
    for command in commands:
        done = run(command, workplace)
        assert done.returncode == 0, f"{command}\n{done.stderr}"
    for output in ("mask.png", "cup.json", "points.json"):
        assert (workplace / output).stat().st_size > 0


def test_the_first_command_segments_the_example_photo(workplace: Path) -> None:
    (code,) = [code for marker, code in blocks("sh") if marker == "try-it"]
    assert code.strip().count("\n") == 0
    segment = code.split("&&")[-1].strip().removeprefix(".venv/bin/")
    done = run(segment, workplace)
    assert done.returncode == 0, done.stderr
    assert (workplace / "mask.png").stat().st_size > 0
    assert (workplace / "overlay.png").stat().st_size > 0


def test_continuous_integration_runs_the_marked_commands() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    for marker in ("try-it", "run-the-tests"):
        assert f"<!-- {marker} -->" in README
        assert f"readme_command {marker}" in script


def test_the_python_examples_run(workplace: Path) -> None:
    for _, code in blocks("python"):
        done = run([sys.executable, "-c", code], workplace)
        assert done.returncode == 0, done.stderr


def test_every_command_is_in_the_table() -> None:
    from extremecut.cli.main import COMMANDS

    listed = set(re.findall(r"^\| `(\w+)` \|", README, re.M))
    assert listed == set(COMMANDS)


def test_local_links_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_a_source_archive_holds_what_the_tests_read() -> None:
    targets = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    assert not targets["targets"].get("sdist", {}).get("exclude")


def test_the_answer_in_the_server_guide_is_what_the_embedded_model_says() -> None:
    guide = (ROOT / "docs" / "annotator-server.md").read_text()
    (answer,) = re.findall(r"```json\n(.*?)```", guide, re.S)
    told = json.loads(answer)
    found = Segmenter().predict(ROOT / "examples" / "coffee.jpg", told["points"])
    assert list(found.box_xyxy) == told["box_xyxy"]
    # Processors round differently, a pixel here and there.
    assert found.mask.sum() == pytest.approx(told["area_px"], rel=1e-3)
    assert found.confidence == pytest.approx(told["confidence"], abs=5e-4)
