"""What the command refuses before it serves; tests/e2e/test_annotate_command.py has it serve."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from PIL import Image

pytest.importorskip("fastapi", reason="the annotator needs the annotate extra")

from extremecut.cli.main import main


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "photos").mkdir()
    Image.new("RGB", (9, 9)).save(tmp_path / "photos" / "a.png")
    return tmp_path / "photos"


def refusal(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """The one line that the command ends with."""
    assert main(["annotate", *map(str, arguments), "--no-browser"]) == 1
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "error:" in line]
    return line


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        (["--host", "0.0.0.0"], "--insecure"),
        (["--tls-cert", "a.pem"], "belong together"),
        (["--tls-cert", "a.pem", "--tls-key", "b.pem"], "a.pem"),
        (["--author", " "], "--author"),
        (["--project", "mysql://x"], "postgresql"),
        (["--password-file", "missing"], "missing"),
        (["--host", "192.0.2.1", "--insecure"], "not an address of this machine"),
    ],
)
def test_options_that_cannot_be_are_refused_in_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], options: list[str], wanted: str
) -> None:
    assert wanted in refusal(capsys, folder, "--port", 0, *options)


def test_a_short_password_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "password").write_text("1234\n")
    options = ["--port", 0, "--password-file", folder / "password"]
    assert "12 characters" in refusal(capsys, folder, *options)


def test_a_port_that_is_taken_is_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"port {port}" in refusal(capsys, folder, "--port", port)


def test_a_folder_that_is_not_there_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "nowhere" in refusal(capsys, tmp_path / "nowhere", "--port", 0)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to_is_told_plainly(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.chmod(0o500)
    told = refusal(capsys, folder, "--port", 0)
    folder.chmod(0o700)
    assert "--project" in told


def test_ports_end_at_65535(folder: Path) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["annotate", str(folder), "--port", "70000"])
