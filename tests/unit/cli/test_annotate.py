"""What the command refuses before it serves; tests/e2e/test_annotate_command.py has it serve."""

from __future__ import annotations

import argparse
import os
import socket
from pathlib import Path

import pytest
from PIL import Image

pytest.importorskip("fastapi", reason="the annotator needs the annotate extra")

from extremecut.cli.annotate import _given_secret, _host_alone
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


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        ("pässwörter-sind-lang".encode("latin-1"), "UTF-8"),
        (b"first line is long\nsecond", "one line"),
        (b"scrypt$3$8$3$AAAAAAAA$AAAAAAAA", "damaged"),
    ],
)
@pytest.mark.parametrize("option", ["--token-file", "--password-file"])
def test_a_file_nobody_could_log_in_with_is_named_before_photos_are_looked_through(
    folder: Path, capsys: pytest.CaptureFixture[str], option: str, data: bytes, wanted: str
) -> None:
    path = folder.parent / "secret"
    path.write_bytes(data)
    told = refusal(capsys, folder, "--port", 0, option, path)
    assert str(path) in told and wanted in told
    assert not (folder / ".extremecut").exists()


def test_a_certificate_or_place_for_a_token_that_is_none_is_told_before_photos_are_looked_through(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pem = folder / "cert.pem"
    pem.write_text("nothing")
    for options, wanted in (
        (["--tls-cert", pem, "--tls-key", pem], "certificate"),
        (["--insecure", "--token-file", folder / "missing" / "token"], "create this folder first"),
    ):
        options = ["--port", 0, "--host", "0.0.0.0", *options]
        assert main(["annotate", *map(str, [folder, *options]), "--no-browser"]) == 1
        told = capsys.readouterr()
        assert wanted in told.err and told.out == ""


def test_the_mark_that_some_editors_put_first_is_no_part_of_a_password(tmp_path: Path) -> None:
    (tmp_path / "password").write_bytes(b"\xef\xbb\xbfcorrect horse battery\r\n")
    given = argparse.Namespace(password_file=tmp_path / "password", token_file=None)
    secret = _given_secret(given)
    assert secret is not None and secret.matches("correct horse battery")


def test_a_model_that_is_none_is_told_before_photos_are_looked_through(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "nothing.onnx" in refusal(capsys, folder, "--port", 0, "--model", "nothing.onnx")
    assert not (folder / ".extremecut").exists()


@pytest.mark.parametrize("name", ["photos.lab:8765", "https://photos.lab", "", "*", "[::1]"])
def test_a_host_that_no_browser_would_name_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["annotate", str(folder), "--allow-host", name])
    assert "a name or address alone" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["Photos.Lab.example", "192.0.2.7", "2001:db8::1", "my_host"])
def test_a_host_is_a_name_or_an_address(name: str) -> None:
    assert _host_alone(name) == name.lower()


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
